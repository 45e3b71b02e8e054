"""Splines against scipy, against finite differences, and against what the papers' codes do."""

import copy

import numpy as np
import pytest
import torch
from scipy.interpolate import RBFInterpolator

from vtonlib.errors import VtonError
from vtonlib.geometry.sampling import identity_grid, warp
from vtonlib.geometry.thin_plate import LatticeTps, fit_thin_plate, lattice_nodes

SIZE = (24, 18)


def random(*shape, seed=0, scale=1.0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) * scale


def scipys(source, target, points, smoothing=0.0):
    fitted = RBFInterpolator(source.numpy(), target.numpy(), kernel="thin_plate_spline", smoothing=smoothing)
    return torch.from_numpy(fitted(points.reshape(-1, 2).numpy())).view(points.shape)


SCATTERED = random(2, 30, 2, seed=1)
TARGETS = SCATTERED + random(2, 30, 2, seed=2, scale=0.3)
OFFSETS = random(3, 25, 2, seed=3, scale=0.2)
POINTS = random(40, 2, seed=4)


@pytest.mark.parametrize("smoothing", [0.0, 0.05, 10.0])
@pytest.mark.parametrize(("dtype", "within"), [(torch.float64, 1e-9), (torch.float32, 1e-5)])
class TestScipy:
    def test_the_lattice(self, dtype, within, smoothing):
        tps = LatticeTps((5, 5), SIZE, smoothing, dtype)
        nodes, points = lattice_nodes((5, 5)), identity_grid(SIZE, dtype=torch.float64)
        expected = torch.stack([scipys(nodes, nodes + offsets, points, smoothing) for offsets in OFFSETS])
        grid = tps(OFFSETS.to(dtype))
        assert grid.dtype == dtype
        torch.testing.assert_close(grid.double(), expected, rtol=0, atol=within)
        torch.testing.assert_close(tps.spline(OFFSETS.to(dtype)).grid(SIZE).double(), expected, rtol=0, atol=within)

    def test_scattered_points(self, dtype, within, smoothing):
        fitted = fit_thin_plate(SCATTERED.to(dtype), TARGETS.to(dtype), smoothing)
        source, target = SCATTERED.to(dtype).double(), TARGETS.to(dtype).double()
        moved = fitted(POINTS.to(dtype))
        assert moved.dtype == dtype
        for each in range(2):
            expected = scipys(source[each], target[each], POINTS.to(dtype).double(), smoothing)
            torch.testing.assert_close(moved[each].double(), expected, rtol=1e-6 if within > 1e-9 else 0, atol=within)


def test_nodes_are_numbered_as_in_cp_vton():
    """x slow, y fast: the first nodes go down the left edge."""
    nodes = lattice_nodes((5, 5))
    axis = np.linspace(-1, 1, 5)
    assert nodes.tolist() == [[axis[n // 5], axis[n % 5]] for n in range(25)]
    assert lattice_nodes((3, 2)).tolist() == [[-1, -1], [-1, 0], [-1, 1], [1, -1], [1, 0], [1, 1]]


def test_theta_holds_first_all_x_then_all_y():
    tps = LatticeTps((5, 5), (9, 9))
    theta = torch.zeros(1, 50)
    theta[0, 1], theta[0, 25 + 24] = 0.3, -0.2  # second node to the right, last node up
    grid = tps(tps.offsets_from_theta(theta))
    torch.testing.assert_close(grid[0, 2, 0], torch.tensor([-0.7, -0.5]))
    torch.testing.assert_close(grid[0, 8, 8], torch.tensor([1.0, 0.8]))
    torch.testing.assert_close(grid[0, 4, 4], torch.zeros(2), rtol=0, atol=1e-6)


def test_no_displacement_is_the_identity_exactly():
    tps = LatticeTps((5, 5), SIZE)
    assert torch.equal(tps(torch.zeros(2, 25, 2))[1], identity_grid(SIZE))


@pytest.mark.parametrize("smoothing", [0.0, 3.0])
def test_an_affine_map_of_the_nodes_is_that_affine_map(smoothing):
    linear, shift = random(2, 2, seed=5), random(2, seed=6)
    nodes = lattice_nodes((4, 3))
    tps = LatticeTps((4, 3), SIZE, smoothing, torch.float64)
    offsets = (nodes @ linear.T + shift - nodes)[None]
    expected = identity_grid(SIZE, dtype=torch.float64) @ linear.T + shift
    torch.testing.assert_close(tps(offsets)[0], expected, rtol=0, atol=1e-12)
    assert abs(tps.bending_energy(offsets).item()) < 1e-10
    fitted = fit_thin_plate(SCATTERED[0], SCATTERED[0] @ linear.T + shift, smoothing)
    torch.testing.assert_close(fitted(POINTS), POINTS @ linear.T + shift, rtol=0, atol=1e-10)


def test_nodes_are_met_and_smoothing_lets_them_miss():
    met = fit_thin_plate(SCATTERED, TARGETS)
    torch.testing.assert_close(met(SCATTERED), TARGETS, rtol=0, atol=1e-10)
    smooth = [fit_thin_plate(SCATTERED, TARGETS, amount) for amount in (0.0, 0.1, 1.0, 10.0)]
    misses = [(spline(SCATTERED) - TARGETS).norm().item() for spline in smooth]
    energies = [spline.bending_energy().sum().item() for spline in smooth]
    assert misses == sorted(misses)
    assert energies == sorted(energies, reverse=True)


def test_gradients():
    tps = LatticeTps((3, 3), (4, 3), dtype=torch.float64)
    offsets = OFFSETS[:2, :9].clone().requires_grad_(True)
    assert torch.autograd.gradcheck(tps, offsets)
    assert torch.autograd.gradcheck(tps.bending_energy, offsets)
    source, target = (points[:, :6].clone().requires_grad_(True) for points in (SCATTERED, TARGETS))
    points = torch.cat([POINTS[:3], SCATTERED[0, :1]])  # one of them is a node, where log 0 would give NaN
    assert torch.autograd.gradcheck(lambda s, t: fit_thin_plate(s, t, 0.1)(points), (source, target))


def numeric_energy(function, half=10.0, steps=601):
    """The integral of squared second derivatives over a square, by central differences."""
    axis = torch.linspace(-half, half, steps, dtype=torch.float64)
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    values = function(torch.stack([x, y], -1).reshape(-1, 2)).view(steps, steps, 2)
    h = (axis[1] - axis[0]).item()
    middle = values[1:-1, 1:-1]
    xx = (values[1:-1, 2:] - 2 * middle + values[1:-1, :-2]) / h**2
    yy = (values[2:, 1:-1] - 2 * middle + values[:-2, 1:-1]) / h**2
    xy = (values[2:, 2:] - values[2:, :-2] - values[:-2, 2:] + values[:-2, :-2]) / (4 * h**2)
    return ((xx**2 + 2 * xy**2 + yy**2).sum() * h**2).item()


def test_bending_energy_is_the_integral_and_the_least_of_all_interpolants():
    nodes = lattice_nodes((3, 3))
    spline = fit_thin_plate(nodes, nodes + OFFSETS[0, :9])
    least = numeric_energy(spline)
    assert least == pytest.approx(spline.bending_energy().item(), rel=0.02)

    def ripple(points):  # 0 at all nodes and far away
        bump = 0.1 * torch.sin(torch.pi * points[:, :1]) * torch.exp(-points.square().sum(1, keepdim=True))
        return torch.cat([bump, -bump], 1)

    assert ripple(nodes).abs().max() < 1e-15
    assert numeric_energy(lambda p: spline(p) + ripple(p)) == pytest.approx(least + numeric_energy(ripple), rel=0.02)


def test_a_spline_that_must_pass_through_one_more_point_bends_more():
    spline = fit_thin_plate(SCATTERED[0], TARGETS[0])
    for extra in random(5, 2, seed=7):
        there = torch.cat([SCATTERED[0], extra[None]])
        on = fit_thin_plate(there, torch.cat([TARGETS[0], spline(extra[None])]))
        off = fit_thin_plate(there, torch.cat([TARGETS[0], spline(extra[None]) + 0.1]))
        assert on.bending_energy().item() == pytest.approx(spline.bending_energy().item(), rel=1e-6)
        assert off.bending_energy() > spline.bending_energy()


def test_energy_of_the_lattice_equals_that_of_its_splines():
    for amount in (0.0, 0.5):
        tps = LatticeTps((5, 5), (4, 4), amount, torch.float64)
        torch.testing.assert_close(tps.bending_energy(OFFSETS), tps.spline(OFFSETS).bending_energy())


def test_a_spline_found_low_is_applied_at_full_size():
    low = LatticeTps((5, 5), (33, 25))
    offsets = OFFSETS.float()
    full = low.at((65, 49))
    assert (full.lattice, full.regularisation, full.basis.dtype) == (low.lattice, low.regularisation, low.basis.dtype)
    torch.testing.assert_close(full(offsets)[:, ::2, ::2], low(offsets), rtol=0, atol=1e-6)


def test_the_matrix_is_no_part_of_a_state_dict_but_moves_and_copies_with_the_module():
    tps = LatticeTps((3, 3), (4, 4))
    assert not tps.state_dict()
    assert not list(tps.parameters())
    twin = copy.deepcopy(tps).double()
    assert twin(OFFSETS[:, :9]).dtype == torch.float64
    assert "regularisation=0.0" in repr(tps)


def test_autocast_does_not_blur_the_grid():
    tps = LatticeTps((5, 5), SIZE)
    plain = tps(OFFSETS.float())
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert torch.equal(tps(OFFSETS.float()), plain)
        assert tps(OFFSETS.bfloat16()).dtype == torch.float32


def test_gradients_of_a_picture_reach_the_nodes():
    tps = LatticeTps((3, 3), SIZE)
    offsets = torch.zeros(1, 9, 2, requires_grad=True)
    columns = torch.arange(18.0).expand(1, 1, *SIZE)
    warp(columns, tps(offsets), "border").sum().backward()
    assert offsets.grad[0, 4, 0] > 0  # looking further to the right sees a larger column
    assert abs(offsets.grad[0, 4, 1]) < 1e-2 * offsets.grad[0, 4, 0]


def test_points_of_any_shape():
    one, batch = fit_thin_plate(SCATTERED[0], TARGETS[0]), fit_thin_plate(SCATTERED, TARGETS)
    assert one(POINTS[0]).shape == (2,)
    torch.testing.assert_close(one(POINTS.view(4, 10, 2)).view(40, 2), one(POINTS))
    assert one.grid(SIZE).shape == (1, *SIZE, 2)
    assert batch(POINTS).shape == (2, 40, 2)
    own = POINTS.view(2, 4, 5, 2)
    torch.testing.assert_close(batch(own)[0], one(own[0]))
    with pytest.raises(VtonError, match="points: are"):
        batch(torch.zeros(3, 4, 2))


@pytest.mark.parametrize(
    ("source", "target", "amount", "named"),
    [(SCATTERED, TARGETS[0], 0, "give two equal"), (SCATTERED[:, :2], TARGETS[:, :2], 0, "3 or more"),
     (lattice_nodes((4, 2))[:4], lattice_nodes((4, 2))[:4], 0, "on one line"),
     (torch.cat([SCATTERED[0], SCATTERED[0, :1]]), torch.zeros(31, 2), 0, "same point twice"),
     (SCATTERED, TARGETS * torch.nan, 0, "target: holds a point that is not finite"),
     (SCATTERED * torch.inf, TARGETS, 0, "source: holds a point that is not finite"),
     (SCATTERED, TARGETS, -1, "give 0 or more"), (SCATTERED, TARGETS, float("nan"), "give 0 or more")],
)  # fmt: skip
def test_points_without_a_spline_are_refused(source, target, amount, named):
    with pytest.raises(VtonError, match=named):
        fit_thin_plate(source, target, amount)


def test_the_same_point_twice_is_averaged_when_smoothed():
    twice = torch.cat([SCATTERED[0], SCATTERED[0, :1]])
    assert fit_thin_plate(twice, torch.cat([TARGETS[0], -TARGETS[0, :1]]), 0.1)(POINTS).isfinite().all()


def test_lattices_and_offsets_that_do_not_fit_are_refused():
    with pytest.raises(VtonError, match="two rows and two columns"):
        LatticeTps((1, 5))
    tps = LatticeTps((3, 3), (4, 4))
    with pytest.raises(VtonError, match=r"takes .B, 9, 2."):
        tps(torch.zeros(1, 25, 2))
    with pytest.raises(VtonError, match=r"takes .B, 18."):
        tps.offsets_from_theta(torch.zeros(1, 50))


def test_kornias_spline_meets_its_points_but_is_no_thin_plate_spline():
    """Its matrix holds kernels between sources and targets, so that it bends more than the spline of the papers."""
    kornia = pytest.importorskip("kornia.geometry.transform")
    nodes = lattice_nodes((5, 5))
    targets = nodes + OFFSETS[0] / 2
    points = identity_grid((33, 33), dtype=torch.float64).view(-1, 2)
    solved = kornia.get_tps_transform(nodes[None], targets[None])
    ours = fit_thin_plate(nodes, targets)

    def theirs(places):
        return kornia.warp_points_tps(places[None], targets[None], *solved)[0]

    torch.testing.assert_close(theirs(nodes), targets, rtol=0, atol=1e-6)
    torch.testing.assert_close(ours(points), scipys(nodes, targets, points), rtol=0, atol=1e-9)
    assert (theirs(points) - ours(points)).abs().max() > 0.05
