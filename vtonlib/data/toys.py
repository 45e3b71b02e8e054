"""Distributions that can be drawn on paper, for the first pages on GANs."""

from __future__ import annotations

import math

import torch
from torch import Tensor

RING_RADIUS = 2.0
RING_SPREAD = 0.05


def ring_centres(count: int = 8) -> Tensor:
    """Centres (count, 2) of Gaussians, evenly spaced on a circle of radius 2."""
    angle = 2 * math.pi * torch.arange(count) / count
    return RING_RADIUS * torch.stack([angle.cos(), angle.sin()], dim=1)


def ring(count: int, rng: torch.Generator) -> Tensor:
    """Points (count, 2) from a mixture of eight narrow Gaussians on a circle (Metz et al. 2017, arXiv:1611.02163).

    The standard deviation of each is 0.05, so the modes lie 30 deviations apart: a generator that misses one shows it.
    """
    centres = ring_centres()
    chosen = torch.randint(len(centres), (count,), generator=rng)
    return centres[chosen] + RING_SPREAD * torch.randn(count, 2, generator=rng)
