"""Penalties against loops and known figures; affine warps cost nothing."""

import pytest
import torch

from vtonlib.errors import VtonError
from vtonlib.geometry.affine import affine_grid
from vtonlib.geometry.bending import grid_interval_loss, offset_smoothness
from vtonlib.geometry.thin_plate import LatticeTps, lattice_nodes


def test_grid_intervals_against_a_loop():
    grid = torch.randn(2, 5, 4, 2, generator=torch.Generator().manual_seed(0))
    total = 0.0
    for picture in grid:
        for row in range(1, 4):
            for column in range(1, 3):
                x, y = picture[row, :, 0], picture[:, column, 1]
                total += abs(abs(x[column - 1] - x[column]) - abs(x[column + 1] - x[column]))
                total += abs(abs(y[row - 1] - y[row]) - abs(y[row + 1] - y[row]))
    assert grid_interval_loss(grid).item() == pytest.approx(total.item() / (2 * 5 * 4), rel=1e-5)


def test_grid_intervals_have_the_size_of_the_papers_code():
    """40 times the loss for uniform offsets of 5 x 5 nodes at 256 x 192, as measured on the authors' code."""
    tps = LatticeTps()
    generator = torch.Generator().manual_seed(0)
    offsets = torch.rand(8, 25, 2, generator=generator) * 2 - 1
    assert 40 * grid_interval_loss(tps(offsets * 0.1)).item() == pytest.approx(0.0027, rel=0.3)
    assert 40 * grid_interval_loss(tps(offsets * 0.5)).item() == pytest.approx(0.016, rel=0.3)


def test_affine_warps_are_free():
    theta = torch.tensor([[[0.7, 0.2, 0.1], [-0.3, 0.9, 0.2]]])
    assert grid_interval_loss(affine_grid(theta, (64, 48))).item() < 1e-5
    nodes = lattice_nodes((4, 5)).float()
    offsets = (nodes @ theta[0, :, :2].T + theta[0, :, 2] - nodes)[None]
    assert offset_smoothness(offsets, (4, 5)).item() < 1e-12


def test_smoothness_by_hand():
    offsets = torch.zeros(1, 9, 2)
    offsets[0, 4, 0] = 1  # the middle: one of 3 rows and one of 3 columns has a second difference of -2, in x only
    assert offset_smoothness(offsets, (3, 3)).item() == pytest.approx(4 / 6 + 4 / 6)
    offsets = torch.zeros(1, 12, 2)
    offsets[0, 1, 1] = 1  # second node of the first column of 4 rows: -2 and 1 down it, 1 across, of 6 and of 4 triples
    assert offset_smoothness(offsets, (4, 3)).item() == pytest.approx((4 + 1) / 12 + 1 / 8)


def test_they_can_be_minimised():
    tps = LatticeTps((5, 5), (32, 24))
    offsets = (torch.randn(1, 25, 2, generator=torch.Generator().manual_seed(0)) * 0.2).requires_grad_(True)
    for loss in (grid_interval_loss(tps(offsets)), offset_smoothness(offsets, (5, 5))):
        (gradient,) = torch.autograd.grad(loss, offsets)
        assert gradient.isfinite().all()
        assert gradient.abs().max() > 0


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(VtonError, match="three pixels or more"):
        grid_interval_loss(torch.zeros(1, 2, 5, 2))
    with pytest.raises(VtonError, match=r"rows \* columns"):
        offset_smoothness(torch.zeros(1, 9, 2), (3, 4))
    with pytest.raises(VtonError, match="3 x 3 or more"):
        offset_smoothness(torch.zeros(1, 6, 2), (3, 2))
