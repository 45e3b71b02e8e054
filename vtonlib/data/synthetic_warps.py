"""Pairs of pictures whose warp is known, because it was drawn at random.

Rocco et al. 2017 (CNNGeometric, arXiv:1703.05593), section 4.1, with the ranges of its code. Departures: the picture is
not mirrored outwards before it is warped, what comes from outside is ``padding``; the spline is given by displacements
of its nodes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

import torch
from torch import Tensor

from vtonlib.errors import VtonError
from vtonlib.geometry.affine import affine_grid
from vtonlib.geometry.sampling import Padding, warp
from vtonlib.geometry.thin_plate import LatticeTps


@dataclass(frozen=True)
class AffineRanges:
    """How far a random affine map goes; every number is drawn evenly from 0, or 1 for the scale, plus and minus this.

    Attributes:
        rotation: radians.
        shear: radians, the direction along which the picture is scaled.
        scale: of each axis; below 1.
        shift: in units of half the side.
    """

    rotation: float = math.pi / 12
    shear: float = math.pi / 6
    scale: float = 0.25
    shift: float = 0.25


PAPER = AffineRanges()
"""The paper's; between a half and a whole view of a person scale changes more than that."""

JITTER = 0.4
"""The paper's largest displacement of a node, in units of half the side."""


def random_affine(count: int, rng: torch.Generator, ranges: AffineRanges = PAPER) -> Tensor:
    """Matrices (count, 6) as rows [a11 a12 tx a21 a22 ty] in units of [-1, 1].

    A = R(rotation) R(-shear) diag(scales) R(shear), the decomposition of Hartley and Zisserman, "Multiple view
    geometry", section 2.4.3.
    """
    turn, direction = (_even(count, rng, largest) for largest in (ranges.rotation, ranges.shear))
    scales = torch.stack([1 + _even(count, rng, ranges.scale) for _ in range(2)], dim=1)
    shift = torch.stack([_even(count, rng, ranges.shift) for _ in range(2)], dim=1)
    matrix = _rotation(turn) @ _rotation(-direction) @ torch.diag_embed(scales) @ _rotation(direction)
    return torch.cat([matrix, shift[:, :, None]], dim=2).flatten(1)


def random_tps(count: int, rng: torch.Generator, lattice: tuple[int, int] = (3, 3), jitter: float = JITTER) -> Tensor:
    """Displacements (count, 2 N) of the N nodes of a spline, all x, then all y, within the jitter."""
    return _even(count * 2 * lattice[0] * lattice[1], rng, jitter).view(count, -1)


class SyntheticPairs(NamedTuple):
    """Pictures and their warped copies.

    Attributes:
        source: (B, C, H, W), as given.
        target: (B, C, H, W), the source looked up under the warp.
        theta: (B, 6) or (B, 18), what a matcher should tell of (source, target).
    """

    source: Tensor
    target: Tensor
    theta: Tensor


class SyntheticWarps:
    """Random warps of one kind, for pictures of one size.

    Args:
        kind: ``affine``, or ``tps`` with 3 x 3 nodes.
        size: (height, width) of the pictures.
        padding: what comes from outside a picture.
        ranges: of the affine maps.
        jitter: of the spline's nodes.

    Raises:
        VtonError: for another kind.
    """

    def __init__(
        self,
        kind: Literal["affine", "tps"],
        size: tuple[int, int],
        padding: Padding = "border",
        ranges: AffineRanges = PAPER,
        jitter: float = JITTER,
    ) -> None:
        if kind not in ("affine", "tps"):
            raise VtonError(f"kind is {kind!r}; choose affine or tps")
        self.kind, self.size, self.padding, self.ranges, self.jitter = kind, size, padding, ranges, jitter
        self._spline = LatticeTps((3, 3), size) if kind == "tps" else None

    def grid(self, theta: Tensor) -> Tensor:
        """The sampling grid (B, H, W, 2) of numbers (B, 6) or (B, 18); the loss of the paper compares such grids."""
        if self._spline is None:
            return affine_grid(theta.view(-1, 2, 3), self.size)
        spline = self._spline.to(theta.device)
        grid: Tensor = spline(spline.offsets_from_theta(theta))
        return grid

    def pairs(self, pictures: Tensor, rng: torch.Generator) -> SyntheticPairs:
        """Warp each picture by a map of its own.

        Args:
            pictures: (B, C, H, W), of a floating type: pictures, or labels as one channel each.
            rng: on the CPU; draws the maps.
        """
        count = len(pictures)
        theta = (
            random_affine(count, rng, self.ranges)
            if self.kind == "affine"
            else random_tps(count, rng, jitter=self.jitter)
        ).to(pictures)
        return SyntheticPairs(pictures, warp(pictures, self.grid(theta), self.padding), theta)


def _even(count: int, rng: torch.Generator, largest: float) -> Tensor:
    return largest * (2 * torch.rand(count, generator=rng) - 1)


def _rotation(angle: Tensor) -> Tensor:
    cos, sin = angle.cos(), angle.sin()
    return torch.stack([cos, -sin, sin, cos], dim=1).view(-1, 2, 2)
