"""Warps by outlines that are kept: the same from the cache, and garments that are hardly seen stay as they are."""

import pytest
import torch

from vtonlib.data import outline_warps as module
from vtonlib.data.outline_warps import fit_outlines, outline_warps, well_seen
from vtonlib.data.worn import worn_garments
from vtonlib.geometry.sampling import identity_grid, warp
from vtonlib.metrics.iou import mask_iou

NAMES = ["000000", "000092"]


@pytest.fixture(scope="module")
def worn():
    return worn_garments("test", 128, names=NAMES)


def test_the_cache_gives_what_was_computed(worn, tmp_path, monkeypatch):
    first = outline_warps(worn, [0, 1], cache=tmp_path)
    monkeypatch.setattr(module, "fit_outlines", lambda *_: pytest.fail("was computed again"))
    assert torch.equal(outline_warps(worn, [0, 1], cache=tmp_path), first)
    assert first.dtype == torch.float16


def test_other_examples_are_other_files(worn, tmp_path):
    first, second = (outline_warps(worn, [row], cache=tmp_path) for row in (0, 1))
    assert not torch.equal(first, second)
    assert len(list(tmp_path.glob("outlines/*.npy"))) == 2


def test_a_damaged_file_is_made_again(worn, tmp_path):
    first = outline_warps(worn, [0], cache=tmp_path)
    next(tmp_path.glob("outlines/*.npy")).write_bytes(b"not an array")
    assert torch.equal(outline_warps(worn, [0], cache=tmp_path), first)


def test_garments_land_where_they_are_worn(worn, tmp_path):
    rows = torch.arange(4)
    masks = worn.garments["mask"][worn.examples["garment"][rows]][:, None].float()
    target = worn.examples["worn"][rows][:, None].float()
    warped = warp(masks, outline_warps(worn, rows.tolist(), cache=tmp_path).float())
    assert mask_iou(warped, target).value > 0.75 > mask_iou(masks, target).value


def test_what_is_hardly_seen_stays_as_it_is():
    garment, region = torch.zeros(1, 40, 30), torch.zeros(1, 40, 30)
    garment[0, 5:35, 5:25] = 1
    region[0, 10:12, 10:14] = 1  # 8 of 1200 pixels
    assert well_seen(region).tolist() == [False]
    assert torch.equal(fit_outlines(garment, region)[0], identity_grid((40, 30)))
