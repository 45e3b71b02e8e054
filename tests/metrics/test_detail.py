"""Detail inside a garment: stripes that are kept, blurred, shifted or missing."""

from functools import partial

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter
from torch.nn import functional as F

from vtonlib.errors import VtonError
from vtonlib.metrics.detail import _energies, _fine_parts, detail_amount, detail_match

ROWS, COLUMNS = 64, 48


@pytest.fixture(scope="module")
def stripes():
    """Period of four pixels across."""
    wave = torch.sin(torch.arange(COLUMNS) * torch.pi / 2 + 0.4)
    return 0.5 * wave.expand(1, 3, ROWS, COLUMNS).contiguous()


@pytest.fixture(scope="module")
def garment():
    mask = torch.zeros(1, 1, ROWS, COLUMNS)
    mask[:, :, 16:48, 12:36] = 1
    return mask


def test_the_truth_keeps_all(stripes, garment):
    assert detail_amount(stripes, stripes, garment).value == pytest.approx(1)
    assert detail_match(stripes, stripes, garment).value == pytest.approx(1)


def test_half_the_contrast_is_half_the_detail_in_the_same_place(stripes, garment):
    assert detail_amount(0.5 * stripes, stripes, garment).value == pytest.approx(0.5)
    assert detail_match(0.5 * stripes, stripes, garment).value == pytest.approx(1)


def test_a_shift_by_half_a_period_keeps_the_amount_and_turns_the_match_round(stripes, garment):
    shifted = stripes.roll(2, dims=3)
    assert detail_amount(shifted, stripes, garment).value == pytest.approx(1, abs=0.05)
    assert detail_match(shifted, stripes, garment).value == pytest.approx(-1, abs=0.05)


def test_a_flat_garment_has_none(stripes, garment):
    flat = torch.zeros_like(stripes)
    assert detail_amount(flat, stripes, garment).value == pytest.approx(0, abs=1e-6)
    assert detail_match(flat, stripes, garment).value == pytest.approx(0, abs=1e-6)


def test_blurring_takes_detail_away(stripes, garment):
    blurred = F.avg_pool2d(stripes, 5, stride=1, padding=2, count_include_pad=False)
    assert detail_amount(blurred, stripes, garment).value < 0.5


def test_what_lies_outside_the_garment_does_not_count(stripes, garment):
    elsewhere = torch.where(garment.bool(), stripes, torch.rand_like(stripes))
    assert detail_amount(elsewhere, stripes, garment).value == pytest.approx(1)
    assert detail_match(elsewhere, stripes, garment).value == pytest.approx(1)


def test_garments_without_detail_are_left_out(stripes, garment):
    both = torch.cat([stripes, torch.zeros_like(stripes)])
    score = detail_amount(both, both, garment.expand(2, -1, -1, -1))
    assert score.value == pytest.approx(1)
    assert "over 1 pictures" in score.settings
    with pytest.raises(VtonError, match="no garment has any"):
        detail_amount(both[1:], both[1:], garment)
    with pytest.raises(VtonError, match="no picture has a value"):
        detail_match(both[1:], both[1:], garment)


def test_the_outline_of_a_garment_of_another_colour_is_no_detail(stripes, garment):
    truth = torch.where(garment.bool(), stripes + 0.4, -0.6)
    flat = torch.where(garment.bool(), -0.4, 0.9).expand_as(truth)
    assert detail_amount(flat, truth, garment).value == pytest.approx(0, abs=1e-6)
    assert detail_match(flat, truth, garment).value == pytest.approx(0, abs=1e-4)


def test_the_fine_part_is_that_of_scipy(stripes, garment):
    truth = torch.where(garment.bool(), stripes, 0.7).double()
    mask = garment[0, 0].double().numpy()
    blur = partial(gaussian_filter, sigma=2, truncate=3, mode="constant")
    fine = [mask * (plane - blur(mask * plane) / np.maximum(blur(mask), 1e-12)) for plane in truth[0].numpy()]
    energy = np.sqrt(np.square(fine).sum() / 3 / mask.sum())
    ours, _ = _fine_parts(truth, truth, garment)
    assert _energies(ours, garment).item() == pytest.approx(energy)


def test_a_plain_garment_hardly_counts(stripes, garment):
    plain = 0.03 * stripes
    truth, result = torch.cat([stripes, plain]), torch.cat([stripes, 10 * plain])
    assert detail_amount(result, truth, garment.expand(2, -1, -1, -1)).value == pytest.approx(1.3 / 1.03, rel=1e-4)
