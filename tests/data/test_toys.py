"""The ring of Gaussians."""

import math

import torch

from vtonlib.data.toys import RING_RADIUS, RING_SPREAD, ring, ring_centres


def test_centres_lie_evenly_on_the_circle():
    centres = ring_centres(8)
    torch.testing.assert_close(centres.norm(dim=1), torch.full((8,), RING_RADIUS))
    gaps = (centres - centres.roll(-1, 0)).norm(dim=1)
    torch.testing.assert_close(gaps, torch.full((8,), 2 * RING_RADIUS * math.sin(math.pi / 8)))
    torch.testing.assert_close(centres[0], torch.tensor([RING_RADIUS, 0.0]))


def test_points_fill_every_mode_equally_with_its_spread():
    points = ring(8000, torch.Generator().manual_seed(0))
    distance, mode = torch.cdist(points, ring_centres()).min(dim=1)
    counts = torch.bincount(mode, minlength=8)
    assert (counts - 1000).abs().max() < 150  # five standard deviations
    assert abs(distance.square().mean().sqrt().item() / (2**0.5 * RING_SPREAD) - 1) < 0.05


def test_the_generator_alone_decides():
    before = torch.get_rng_state()
    first, again, other = (ring(5, torch.Generator().manual_seed(seed)) for seed in (0, 0, 1))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert torch.equal(torch.get_rng_state(), before)
