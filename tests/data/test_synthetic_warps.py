"""Random warps whose numbers are known."""

import math

import pytest
import torch

from vtonlib.data.synthetic_warps import AffineRanges, SyntheticWarps, random_affine, random_tps
from vtonlib.errors import VtonError
from vtonlib.geometry.sampling import identity_grid


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("kind", ["affine", "tps"])
def test_one_seed_gives_one_set_of_pairs(kind):
    pictures = torch.rand(3, 2, 64, 48, generator=rng(9))
    before = torch.random.get_rng_state()
    first, second = (SyntheticWarps(kind, (64, 48)).pairs(pictures, rng(1)) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))
    assert not torch.equal(first.theta, SyntheticWarps(kind, (64, 48)).pairs(pictures, rng(2)).theta)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_affine_maps_stay_within_the_papers_ranges():
    theta = random_affine(4000, rng()).view(-1, 2, 3)
    values = torch.linalg.svdvals(theta[:, :, :2])
    assert 0.75 <= values.min() < 0.76
    assert 1.24 < values.max() <= 1.25
    shift = theta[:, :, 2]
    assert 0.24 < shift.abs().max() <= 0.25
    assert shift.mean().abs() < 0.01
    # The rotation nearest to the matrix is that of the decomposition, since the rest is symmetric.
    turn = torch.atan2(theta[:, 1, 0] - theta[:, 0, 1], theta[:, 0, 0] + theta[:, 1, 1])
    assert 0.98 * math.pi / 12 < turn.abs().max() <= math.pi / 12 + 1e-5


def test_the_shear_turns_the_direction_of_scaling():
    theta = random_affine(4000, rng(), AffineRanges(rotation=0, shear=math.pi / 6, scale=0.25, shift=0)).view(-1, 2, 3)
    values, vectors = torch.linalg.eigh(theta[:, :, :2])
    clear = values[:, 1] - values[:, 0] > 0.05
    direction = torch.atan2(vectors[clear, 1, 0], vectors[clear, 0, 0]) % (math.pi / 2)  # of either axis
    from_axis = torch.minimum(direction, math.pi / 2 - direction)
    assert math.pi / 6 - 0.02 < from_axis.max() <= math.pi / 6 + 1e-3


def test_no_range_is_no_change():
    theta = random_affine(3, rng(), AffineRanges(rotation=0, shear=0, scale=0, shift=0))
    assert theta.tolist() == [[1, 0, 0, 0, 1, 0]] * 3


def test_nodes_move_evenly_within_the_jitter():
    theta = random_tps(1000, rng(), lattice=(3, 4), jitter=0.4)
    assert theta.shape == (1000, 24)
    assert 0.39 < theta.abs().max() <= 0.4
    assert theta.std().item() == pytest.approx(0.4 / 3**0.5, rel=0.02)


@pytest.mark.parametrize(("kind", "theta"), [("affine", [[1.0, 0, 0, 0, 1, 0]]), ("tps", [[0.0] * 18])])
def test_numbers_that_change_nothing_give_the_identity(kind, theta):
    grid = SyntheticWarps(kind, (64, 48)).grid(torch.tensor(theta))
    assert torch.allclose(grid[0], identity_grid((64, 48)), atol=1e-5)


@pytest.mark.parametrize("kind", ["affine", "tps"])
def test_the_target_shows_the_source_where_the_grid_says(kind):
    """A picture of its own coordinates reads the grid off, wherever that stays inside."""
    picture = identity_grid((64, 48)).permute(2, 0, 1).expand(4, -1, -1, -1)
    warps = SyntheticWarps(kind, (64, 48))
    pairs = warps.pairs(picture, rng())
    grid = warps.grid(pairs.theta)
    assert torch.equal(pairs.source, picture)
    assert torch.allclose(pairs.target.permute(0, 2, 3, 1), grid.clamp(-1, 1), atol=1e-4)


def test_outside_is_what_padding_says():
    ones = torch.ones(1, 1, 8, 6)
    for padding, outside in (("border", 1), ("zeros", 0)):
        warps = SyntheticWarps("affine", (8, 6), padding, AffineRanges(0, 0, 0, shift=0.9))
        target = torch.cat([warps.pairs(ones, rng(seed)).target for seed in range(4)])
        assert target.min() == outside


def test_other_kinds_are_refused():
    with pytest.raises(VtonError, match="kind is 'hom'; choose affine or tps"):
        SyntheticWarps("hom", (64, 48))
