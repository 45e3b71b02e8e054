"""Shapes that were moved, turned and bent are brought back; every stage can be looked at; it is fast enough."""

import numpy as np
import pytest
import torch

from vtonlib.errors import VtonError
from vtonlib.geometry.affine import affine_grid, box_affine, mask_box
from vtonlib.geometry.folding import folded_share
from vtonlib.geometry.sampling import identity_grid, to_pixels, warp
from vtonlib.geometry.shape_context.fit import REGULARISATION, fit_shape_context
from vtonlib.geometry.thin_plate import LatticeTps
from vtonlib.metrics.iou import mask_iou

SIZE = (128, 96)


def shirt():
    """A body with two sleeves, (H, W)."""
    y, x = np.mgrid[: SIZE[0], : SIZE[1]]
    from_middle = np.abs(x - 47.5)
    body = (from_middle < 20 + 0.06 * (y - 60)) & (y > 30) & (y < 108)
    sleeves = (np.abs(y - 36 - 0.8 * (from_middle - 18)) < 9) & (from_middle < 42)
    neck = np.hypot(x - 47.5, y - 28) < 8
    return ((body | sleeves) & ~neck).astype(np.float32)


def batched(mask):
    return torch.as_tensor(mask)[None, None]


def moved(theta):
    """The shirt after an affine warp, (H, W)."""
    return (warp(batched(shirt()), affine_grid(torch.tensor([theta]), SIZE))[0, 0] > 0.5).float().numpy()


def iou(fit, garment, worn):
    return mask_iou(warp(batched(garment), fit.grid()), batched(worn)).value


def test_a_shape_finds_itself():
    fit = fit_shape_context(shirt(), shirt())
    assert fit.rounds[0].partners.tolist() == list(range(100))
    assert fit.rounds[0].mean_cost == pytest.approx(0, abs=1e-12)
    torch.testing.assert_close(fit.grid()[0], identity_grid(SIZE), rtol=0, atol=1e-6)


TURN = np.radians(8)


@pytest.mark.parametrize(
    "theta",
    [[[1.0, 0.0, 0.1], [0.0, 1.0, -0.1]], [[1.25, 0.0, 0.0], [0.0, 1.25, 0.0]],
     [[np.cos(TURN), -np.sin(TURN) * 127 / 95, 0.0], [np.sin(TURN) * 95 / 127, np.cos(TURN), 0.0]]],
    ids=["shifted", "smaller", "turned"],
)  # fmt: skip
def test_a_shape_that_moved_finds_its_own_points(theta):
    worn = moved(theta)
    fit = fit_shape_context(shirt(), worn)
    true = to_pixels(affine_grid(torch.tensor([theta]), SIZE).float(), SIZE)
    missed = (to_pixels(fit.grid(), SIZE) - true).norm(dim=-1)[0][torch.as_tensor(worn) > 0.5]
    assert missed.mean() < 1.5
    assert iou(fit, shirt(), worn) > 0.95


def test_a_smooth_bend_is_recovered_better_than_by_boxes():
    offsets = torch.randn(1, 25, 2, generator=torch.Generator().manual_seed(4)) * 0.06
    grid = LatticeTps((5, 5), SIZE)(offsets) * 1.15
    worn = (warp(batched(shirt()), grid) > 0.5).float()
    fit = fit_shape_context(shirt(), worn[0, 0])
    boxes = affine_grid(box_affine(mask_box(worn), mask_box(batched(shirt()))), SIZE)
    by_boxes = mask_iou(warp(batched(shirt()), boxes), worn).value
    weaker = fit_shape_context(shirt(), worn[0, 0], regularisation=(1000, 1, 0.1, 0.1, 0.1, 0.1))
    assert by_boxes < 0.8 < 0.92 < iou(fit, shirt(), worn[0, 0].numpy())
    assert iou(weaker, shirt(), worn[0, 0].numpy()) > 0.95
    inside = worn[0, 0] > 0.5
    missed = (to_pixels(fit.grid(), SIZE) - to_pixels(grid, SIZE)).norm(dim=-1)[0][inside].mean()
    missed_by_boxes = (to_pixels(boxes, SIZE) - to_pixels(grid, SIZE)).norm(dim=-1)[0][inside].mean()
    assert missed < 0.7 * missed_by_boxes
    assert folded_share(fit.grid(), worn).item() == 0


def test_every_stage_can_be_looked_at():
    worn = moved([[1.2, 0.1, 0.0], [0.0, 1.1, 0.1]])
    fit = fit_shape_context(shirt(), worn)
    assert len(fit.rounds) == len(REGULARISATION) == 6
    first, last = fit.rounds[0], fit.rounds[-1]
    assert first.moved is fit.worn
    assert first.worn_contexts.shape == first.garment_contexts.shape == (100, 60)
    assert first.cost.shape == (100, 100)
    assert first.bending_energy < last.bending_energy  # the first round is nearly affine
    assert last.mean_cost < first.mean_cost
    for each in fit.rounds:
        partners = each.partners[each.partners >= 0]
        assert len(set(partners)) == len(partners) >= 75
        assert len(each.spline.nodes) == len(partners)
    after_first = first.spline(torch.from_numpy(fit.worn.points)).numpy()
    assert np.allclose(fit.rounds[1].moved.points, after_first)


def test_tangents_travel_with_the_points():
    """A shift leaves the tangents alone; the first round, nearly affine, shows it."""
    fit = fit_shape_context(shirt(), moved([[1.0, 0.0, 0.2], [0.0, 1.0, 0.0]]))
    turned = fit.rounds[1].moved.tangents - fit.worn.tangents
    assert np.abs(np.angle(np.exp(1j * turned))).max() < 0.05


def test_pictures_may_differ_in_size_and_the_warp_may_be_sampled_finer():
    small = shirt()[::2, ::2]
    fit = fit_shape_context(shirt(), small)
    assert fit.grid().shape == (1, 64, 48, 2)
    assert iou(fit, shirt(), small) > 0.95
    fine = fit.grid((127, 95))
    torch.testing.assert_close(fine[:, ::2, ::2], fit.grid(), rtol=0, atol=1e-6)


def test_a_garment_that_an_arm_cuts_in_two_is_matched_with_both_parts():
    worn = moved([[1.1, 0.0, 0.0], [0.0, 1.1, 0.0]])
    cut = worn.copy()
    cut[62:70] = 0
    both, largest = fit_shape_context(shirt(), cut), fit_shape_context(shirt(), cut, largest_only=True)
    assert iou(both, shirt(), worn) > 0.9
    assert iou(largest, shirt(), worn) < 0.8


def test_masks_and_settings_that_cannot_be_matched_are_refused():
    with pytest.raises(VtonError, match="garment mask: its largest part has 0 pixels"):
        fit_shape_context(np.zeros(SIZE), shirt())
    with pytest.raises(VtonError, match="worn mask: its largest part has 0 pixels"):
        fit_shape_context(shirt(), np.zeros(SIZE))
    with pytest.raises(VtonError, match="one number for each round"):
        fit_shape_context(shirt(), shirt(), regularisation=())
    with pytest.raises(VtonError, match="give 8 or more"):
        fit_shape_context(shirt(), shirt(), points=5)
