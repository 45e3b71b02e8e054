"""The identity, known shifts, and what the other convention of the corners does to a picture."""

import pytest
import torch
from torch.nn import functional as F

from vtonlib.errors import VtonError
from vtonlib.geometry.sampling import identity_grid, to_normalised, to_pixels, warp

SIZE = (7, 5)
PICTURE = torch.rand(2, 3, *SIZE, generator=torch.Generator().manual_seed(0)) * 2 - 1


def test_the_identity_has_its_corners_on_the_outermost_pixels():
    grid = identity_grid(SIZE)
    assert grid.shape == (7, 5, 2)
    assert grid[0, 0].tolist() == [-1, -1]
    assert grid[0, -1].tolist() == [1, -1]
    assert grid[-1, 0].tolist() == [-1, 1]
    theta = torch.eye(2, 3)[None]
    torch.testing.assert_close(grid[None], F.affine_grid(theta, [1, 1, *SIZE], align_corners=True))


@pytest.mark.parametrize("padding", ["zeros", "border"])
@pytest.mark.parametrize("mode", ["bilinear", "nearest"])
def test_the_identity_changes_nothing(padding, mode):
    same = warp(PICTURE, identity_grid(SIZE)[None], padding, mode)
    torch.testing.assert_close(same, PICTURE, rtol=0, atol=1e-5)


def test_a_warp_maps_output_points_to_input_points():
    """A grid that looks one pixel to the right moves the picture one pixel to the left."""
    right = identity_grid(SIZE) + torch.tensor([2 / (SIZE[1] - 1), 0])
    moved = warp(PICTURE, right[None])
    torch.testing.assert_close(moved[..., :-1], PICTURE[..., 1:], rtol=0, atol=1e-5)
    assert moved[..., -1].abs().max() < 1e-5
    repeated = warp(PICTURE, right[None], padding="border")
    torch.testing.assert_close(repeated[..., -1], PICTURE[..., -1], rtol=0, atol=1e-5)


def test_the_other_convention_of_the_corners_moves_pixels_by_up_to_half():
    """Reading the same grid with align_corners=False magnifies by W / (W - 1).

    The shift grows from nothing in the middle to half a pixel at the edge, a quarter of a pixel on average.
    """
    size = (64, 48)
    columns = torch.arange(48.0).expand(1, 1, *size)
    read = F.grid_sample(columns, identity_grid(size)[None], padding_mode="border", align_corners=False)
    shift = read - columns
    expected = (torch.arange(48.0) - 23.5) / 47
    torch.testing.assert_close(shift[0, 0, 10, 1:-1], expected[1:-1], rtol=0, atol=1e-4)
    assert shift[..., 1:-1].abs().mean().item() == pytest.approx(0.25, abs=0.01)
    assert (warp(columns, identity_grid(size)[None]) - columns).abs().max() < 1e-4
    ones = F.grid_sample(torch.ones(1, 1, *size), identity_grid(size)[None], align_corners=False)
    assert ones[0, 0, 0, 0].item() == pytest.approx(0.25, abs=1e-4)
    assert ones[0, 0, 0, 20].item() == pytest.approx(0.5, abs=1e-4)


def test_labels_are_looked_up_not_mixed():
    labels = torch.tensor([[0.0, 9.0], [4.0, 13.0]])[None, None]
    enlarged = warp(labels, identity_grid((5, 5))[None], mode="nearest")
    assert set(enlarged.unique().tolist()) == {0, 4, 9, 13}


def test_one_grid_serves_a_batch():
    grid = identity_grid((3, 4))[None] * 0.8
    both = warp(PICTURE, grid)
    assert both.shape == (2, 3, 3, 4)
    torch.testing.assert_close(both[1:], warp(PICTURE[1:], grid))


def test_half_precision_pictures_are_sampled_where_the_grid_says():
    grid = identity_grid(SIZE)[None] * 0.9
    sampled = warp(PICTURE.bfloat16(), grid)
    assert sampled.dtype == torch.bfloat16
    torch.testing.assert_close(sampled.float(), warp(PICTURE.bfloat16().float(), grid), rtol=0.01, atol=0.01)


def test_pixels_and_normalised_places_are_inverse():
    assert to_pixels(torch.tensor([[-1.0, -1.0], [1.0, 1.0], [0.0, 0.5]]), SIZE).tolist() == [[0, 0], [4, 6], [2, 4.5]]
    points = torch.rand(2, 9, 2, generator=torch.Generator().manual_seed(1)) * 3 - 1
    torch.testing.assert_close(to_normalised(to_pixels(points, SIZE), SIZE), points)


@pytest.mark.parametrize(
    ("picture", "grid", "named"),
    [(PICTURE, identity_grid(SIZE), "give .B, C, H, W."), (PICTURE, torch.zeros(3, 7, 5, 2), "give .B, C, H, W."),
     (PICTURE[0], torch.zeros(1, 7, 5, 2), "give .B, C, H, W."),
     (PICTURE.long(), identity_grid(SIZE)[None], r"torch.int64; call .float\(\)")],
)  # fmt: skip
def test_what_cannot_be_warped_is_refused(picture, grid, named):
    with pytest.raises(VtonError, match=named):
        warp(picture, grid)


def test_a_side_of_one_pixel_has_no_grid():
    with pytest.raises(VtonError, match="two pixels or more"):
        identity_grid((1, 5))
