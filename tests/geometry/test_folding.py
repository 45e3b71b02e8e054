"""Determinants and folds by hand."""

import pytest
import torch

from vtonlib.errors import VtonError
from vtonlib.geometry.affine import affine_grid
from vtonlib.geometry.folding import folded_pixels, folded_share, jacobian_determinant
from vtonlib.geometry.sampling import identity_grid
from vtonlib.geometry.thin_plate import LatticeTps

SIZE = (6, 8)


def test_the_determinant_of_an_affine_warp_is_that_of_its_matrix():
    theta = torch.tensor([[[0.5, 0.2, 0.1], [0.1, 0.8, 0.0]], [[-1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]])
    determinants = jacobian_determinant(affine_grid(theta, SIZE))
    torch.testing.assert_close(determinants[0], torch.full(SIZE, 0.5 * 0.8 - 0.2 * 0.1))
    torch.testing.assert_close(determinants[1], torch.full(SIZE, -1.0))
    assert folded_share(affine_grid(theta, SIZE)).tolist() == [0, 1]
    assert jacobian_determinant(identity_grid((50, 3))[None]).mean().item() == pytest.approx(1)


def folded_strip():
    """Columns 0 1 2 3 4 5 6 7 look at 0 1 2 3 2 3 4 5: between the fourth and the fifth, x runs backwards."""
    grid = identity_grid(SIZE)[None].clone()
    grid[..., 0] = torch.tensor([0.0, 1, 2, 3, 2, 3, 4, 5]) / 7 * 2 - 1
    return grid


def test_a_fold_touches_the_pixels_on_both_of_its_sides():
    grid = folded_strip()
    assert folded_pixels(grid)[0, 0].any(0).tolist() == [False, False, False, True, True, False, False, False]
    assert folded_share(grid).item() == pytest.approx(2 / 8)
    mask = torch.zeros(1, 1, *SIZE)
    mask[..., 2:5] = 1  # columns 2, 3 and 4: two of three are folded
    assert folded_share(grid, mask).item() == pytest.approx(2 / 3)
    assert folded_share(grid, 1 - mask).item() == 0
    assert folded_share(grid, mask * 0).isnan().all()


def test_a_fold_of_one_pixel_escapes_central_differences_but_not_the_triangles():
    grid = identity_grid(SIZE)[None].clone()
    grid[0, 3, 4, 0] += 1.5 * 2 / 7  # jumps over its right neighbour
    assert (jacobian_determinant(grid)[0, 3, 4] > 0).item()
    assert folded_share(grid).item() > 0


def test_a_collapsed_warp_counts_as_folded():
    assert folded_share(torch.zeros(1, *SIZE, 2)).item() == 1


def test_exchanged_nodes_fold_the_cloth_between_them():
    tps = LatticeTps((3, 3), (33, 33))
    offsets = torch.zeros(2, 9, 2)
    offsets[1, 4, 0] = 1.4  # the middle beyond the right edge
    assert folded_share(tps(offsets))[0] == 0
    assert folded_share(tps(offsets))[1] > 0.1


def test_grids_that_do_not_fit_are_refused():
    with pytest.raises(VtonError, match="two pixels or more"):
        jacobian_determinant(torch.zeros(1, 1, 5, 2))
    with pytest.raises(VtonError, match="mask is"):
        folded_share(torch.zeros(1, 4, 5, 2), torch.zeros(1, 4, 5))
