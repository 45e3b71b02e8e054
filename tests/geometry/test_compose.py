"""One warp instead of two gives the same picture; the other order does not; an inverse brings points back."""

import pytest
import torch

from vtonlib.errors import VtonError
from vtonlib.geometry.affine import affine_grid, apply_affine, invert_affine
from vtonlib.geometry.compose import OUTSIDE, compose_affine, compose_grids, invert_grid
from vtonlib.geometry.folding import folded_share
from vtonlib.geometry.sampling import identity_grid, to_pixels, warp
from vtonlib.geometry.thin_plate import LatticeTps

SIZE = (128, 96)
THETA = torch.tensor([[[0.75, 0.15, 0.05], [-0.1, 0.7, -0.05]]])
TPS = LatticeTps((5, 5), SIZE)


def spline(deviation=0.05, batch=1, seed=0):
    return TPS(torch.randn(batch, 25, 2, generator=torch.Generator().manual_seed(seed)) * deviation)


def smooth_picture():
    grid = identity_grid(SIZE)
    return torch.stack([torch.sin(3 * grid[..., 0] + 1), torch.cos(2 * grid[..., 1] + grid[..., 0])])[None]


def inside(grid):
    return (grid.abs() <= 0.95).all(-1)


def test_affine_then_spline_equals_warping_twice():
    picture, then = smooth_picture(), spline()
    twice = warp(warp(picture, affine_grid(THETA, SIZE)), then)
    seen = inside(then)[0]
    for grid in (compose_affine(THETA, then), compose_affine(THETA, then, crop=True),
                 compose_grids(affine_grid(THETA, SIZE), then)):  # fmt: skip
        error = (warp(picture, grid) - twice)[0, :, seen].abs().max()
        assert error < 2e-3
    wrong = compose_grids(then, affine_grid(THETA, SIZE))
    assert (warp(picture, wrong) - twice)[0, :, seen].abs().max() > 0.1


def test_two_grids_equal_warping_twice():
    picture, first, then = smooth_picture(), spline(seed=1), spline(seed=2)
    seen = inside(then) & inside(compose_grids(first, then))
    twice = warp(warp(picture, first), then)
    assert (warp(picture, compose_grids(first, then)) - twice)[0, :, seen[0]].abs().max() < 2e-3


def test_composing_affine_maps_by_grids_is_exact():
    grid = affine_grid(THETA, SIZE) * 0.9
    torch.testing.assert_close(
        compose_grids(affine_grid(THETA, SIZE), grid), apply_affine(THETA, grid), atol=1e-5, rtol=0
    )


def test_what_left_the_frame_in_between_may_be_cropped():
    then = identity_grid(SIZE)[None] * 1.2
    kept, cropped = compose_affine(THETA, then), compose_affine(THETA, then, crop=True)
    assert kept.abs().max() < 2
    assert cropped[0, 0, 0].tolist() == [OUTSIDE, OUTSIDE]
    assert torch.equal(cropped[0, 64, 48], kept[0, 64, 48])
    ones = torch.ones(1, 1, *SIZE)
    assert warp(ones, cropped)[0, 0, 0, 0] == 0
    assert warp(ones, compose_affine(THETA, identity_grid(SIZE)[None], crop=True)).sum() > 0.9 * 128 * 96


def pixels_missed(grid, inverse):
    """How far g(h(y)) is from y, in pixels, where h(y) lies in the frame."""
    back = compose_grids(grid, inverse)
    missed = to_pixels(back, SIZE) - to_pixels(identity_grid(SIZE), SIZE)
    return missed.norm(dim=-1)[(inverse.abs() <= 1).all(-1)]


@pytest.mark.parametrize(("deviation", "within"), [(0.05, 1e-3), (0.1, 1e-3), (0.15, 0.1)])
def test_an_inverse_is_as_accurate_as_its_docstring_says(deviation, within):
    grids = spline(deviation, batch=12)
    grids = grids[folded_share(grids) == 0]
    assert len(grids)
    assert pixels_missed(grids, invert_grid(grids)).max() < within


def test_the_inverse_of_an_affine_warp_is_its_inverse():
    grid = affine_grid(THETA * 0.5, SIZE)
    torch.testing.assert_close(invert_grid(grid), affine_grid(invert_affine(THETA * 0.5), SIZE), rtol=0, atol=1e-5)
    assert invert_grid(grid, (30, 20)).shape == (1, 30, 20, 2)


def test_a_turn_by_a_right_angle_is_undone():
    turn = torch.tensor([[[0.0, -1.0, 0.0], [1.0, 0.0, 0.0]]])
    grid = apply_affine(turn, spline(0.05))
    assert pixels_missed(grid, invert_grid(grid)).max() < 1e-3


def test_a_folded_warp_still_gives_a_finite_grid():
    assert invert_grid(spline(0.5, batch=2)).isfinite().all()


def test_grids_that_do_not_fit_are_refused():
    with pytest.raises(VtonError, match="first is"):
        compose_grids(torch.zeros(2, 4, 4, 2), torch.zeros(1, 4, 4, 2))
    with pytest.raises(VtonError, match="grid: is"):
        invert_grid(torch.zeros(4, 4, 2))
    with pytest.raises(VtonError, match="flattens the plane"):
        invert_grid(torch.zeros(1, 4, 4, 2))
