"""The questions of chapter 04, on cases whose answers are known."""

import numpy as np
import pytest
import torch
from scipy.linalg import lstsq

from vtonlib.data.label_sets import FASHIONGAN_7
from vtonlib.errors import VtonError
from vtonlib.studies.constraints import RIDGE, disagreement, kept_iou, probe, told_from_real

HAIR, FACE = (FASHIONGAN_7.number(name) for name in ("hair", "face"))


def test_a_probe_reads_what_is_there_and_not_what_is_not():
    values = torch.arange(400) % 3
    there = torch.nn.functional.one_hot(values, 3).float() + 0.3 * torch.randn(400, 3)
    assert probe(there[:300], values[:300], there[300:], values[300:]) > 0.9
    noise = torch.randn(400, 3)
    assert probe(noise[:300], values[:300], noise[300:], values[300:]) < 0.55


def test_the_probe_is_ridge_regression():
    rng = np.random.default_rng(0)
    seen, new = rng.normal(size=(60, 5)), rng.normal(size=(40, 5))
    values = (seen[:, 0] + 0.5 * rng.normal(size=60) > 0).astype(int)
    truth = (new[:, 0] > 0).astype(int)
    mean, deviation = seen.mean(0), seen.std(0, ddof=1)
    a, b = (seen - mean) / deviation, (new - mean) / deviation
    targets = np.eye(2)[values]
    # Ridge is least squares with one more row of sqrt(weight) for each coefficient.
    rows = np.vstack([a, np.sqrt(RIDGE) * np.eye(5)])
    coefficients, *_ = lstsq(rows, np.vstack([targets - targets.mean(0), np.zeros((5, 2))]))
    expected = ((b @ coefficients + targets.mean(0)).argmax(1) == truth).mean()
    got = probe(*(torch.from_numpy(x) for x in (seen, values, new, truth)))
    assert got == pytest.approx(expected)


def test_kept_parts_by_hand():
    old, new = torch.zeros(1, 2, 4, dtype=torch.int64), torch.zeros(1, 2, 4, dtype=torch.int64)
    old[0, 0], new[0, 0, :2] = HAIR, HAIR
    old[0, 1, :2], new[0, 1, :2] = FACE, FACE
    assert kept_iou(old, new).value == (0.5 + 1) / 2
    assert kept_iou(old, new, ("face",)).value == 1


def test_disagreement_counts_the_pixels_of_people_only():
    a = torch.zeros(1, 2, 4, dtype=torch.int64)
    a[0, 0] = 3
    b = a.clone()
    b[0, 0, 0] = 6
    assert disagreement([a, a.clone()]) == 0
    assert disagreement([a, b]) == 1 / 4
    assert disagreement([a, b, a.clone()]) == pytest.approx((1 / 4 + 0 + 1 / 4) / 3)


def squares(count: int) -> torch.Tensor:
    """Maps of a square somewhere."""
    maps = torch.zeros(count, 32, 32, dtype=torch.int64)
    for row, corner in enumerate(torch.randint(0, 16, (count, 2), generator=torch.Generator().manual_seed(0)).tolist()):
        maps[row, corner[0] : corner[0] + 16, corner[1] : corner[1] + 16] = 3
    return maps


def test_ragged_maps_are_told_from_clean_ones():
    clean = squares(40)
    flipped = torch.rand(clean.shape, generator=torch.Generator().manual_seed(1)) < 0.1
    assert told_from_real(clean, torch.where(flipped, 6, clean)).value > 0.95


def test_the_same_maps_cannot_be_told_apart():
    maps = torch.randint(0, 7, (24, 32, 32), generator=torch.Generator().manual_seed(1))
    assert told_from_real(maps, maps.clone()).value == 0.5


def test_what_does_not_fit_is_refused():
    maps = torch.zeros(4, 8, 8, dtype=torch.int64)
    with pytest.raises(VtonError, match="equal shapes"):
        kept_iou(maps, maps[:2])
    with pytest.raises(VtonError, match="1 drawings"):
        disagreement([maps])
    with pytest.raises(VtonError, match="four or more"):
        told_from_real(maps[:2], maps[:2])
    with pytest.raises(VtonError, match="examples"):
        probe(maps.float(), maps[:, 0, 0], maps[:, :2].float(), maps[:, 0, 0])
