"""Six rounds of matching and bending: the warp that brings a garment's boundary onto a person.

As in VITON (Han et al. 2018, arXiv:1711.08447, and its code), with differences. VITON fits a spline from garment to
person and inverts it point by point, since sampling needs the way back. We let the person's boundary travel to the
garment's, so that the spline of the last round is the warp: it takes output points to input points. VITON thins its
points at random out of all contours, holes among them; ours lie at equal distances on outer contours. It measures
stiffness in the mean distance of each round's inliers; we take that of all the garment's points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from vtonlib.errors import VtonError
from vtonlib.geometry.sampling import identity_grid, to_normalised, to_pixels
from vtonlib.geometry.shape_context.contour import Contour, sample_contour
from vtonlib.geometry.shape_context.descriptor import shape_contexts
from vtonlib.geometry.shape_context.matching import UNMATCHED, assign, chi_square, matching_cost, tangent_cost
from vtonlib.geometry.thin_plate import ThinPlate, fit_thin_plate

POINTS = 100
FEWEST = 8
REGULARISATION = (1000.0, 1.0, 1.0, 1.0, 1.0, 1.0)
"""VITON's, one for each round, in squared mean distances of the garment's points; the first is nearly affine."""

TANGENT_STEP = 1e-3
"""Pixels by which a point is moved along its tangent to see where the tangent goes."""


@dataclass(frozen=True, eq=False)
class Round:
    """What one round saw and did; N points on each side.

    Attributes:
        moved: the person's points and tangents where the round before left them; the first round finds them in place.
        worn_contexts: (N, 60), their histograms.
        garment_contexts: (N, 60), the histograms of the garment's points.
        cost: (N, N), person's points by garment's points.
        partners: (N,) for each of the person's points the number of the garment's point, or -1 if it stayed alone.
        mean_cost: of the pairs.
        spline: from the person's points, where they stood at first, to their partners; in pixels.
        bending_energy: of the spline, see :meth:`vtonlib.geometry.thin_plate.ThinPlate.bending_energy`.
    """

    moved: Contour
    worn_contexts: NDArray[np.float64]
    garment_contexts: NDArray[np.float64]
    cost: NDArray[np.float64]
    partners: NDArray[np.int64]
    mean_cost: float
    spline: ThinPlate
    bending_energy: float


@dataclass(frozen=True, eq=False)
class ShapeContextFit:
    """A warp and how it came about.

    Attributes:
        worn: the boundary on the person, in pixels of the output.
        garment: the boundary of the garment, in pixels of the input.
        rounds: first to last.
        worn_size: (height, width) of the output.
        garment_size: (height, width) of the input.
    """

    worn: Contour
    garment: Contour
    rounds: tuple[Round, ...]
    worn_size: tuple[int, int]
    garment_size: tuple[int, int]

    @property
    def spline(self) -> ThinPlate:
        """The last round's spline, from pixels of the output to pixels of the input."""
        return self.rounds[-1].spline

    def grid(self, size: tuple[int, int] | None = None) -> Tensor:
        """The sampling grid (1, H, W, 2) float32, in [-1, 1].

        The spline is evaluated in pixels, since stretching a portrait to a square would make another spline of it.

        Args:
            size: (height, width) of the output; None takes that of the person's mask. Another one samples the same warp
                more finely.
        """
        pixels = to_pixels(identity_grid(size or self.worn_size, dtype=torch.float64), self.worn_size)
        return to_normalised(self.spline(pixels), self.garment_size)[None].float()


def fit_shape_context(
    garment: ArrayLike,
    worn: ArrayLike,
    points: int = POINTS,
    regularisation: Sequence[float] = REGULARISATION,
    largest_only: bool = False,
) -> ShapeContextFit:
    """Match the boundaries of two masks and fit the warp between them.

    Each round matches where the last one left the person's points with the garment's, and fits a new spline from the
    points' first places. Points that stayed alone are left out of the next round's histograms, but may find a partner
    again.

    Args:
        garment: (H, W) mask of the garment in the shop's picture, above 0.5 inside.
        worn: (h, w) mask of where it is to lie on the person.
        points: on each boundary.
        regularisation: of each round's spline, as in :data:`REGULARISATION`; its length is the number of rounds.
        largest_only: whether only the largest part of each mask counts. Arms cut garments in two, so it is better not.

    Raises:
        VtonError: if a mask is empty or too small, there are too few points, or no round is asked for.
    """
    if not len(regularisation):
        raise VtonError("regularisation: is empty; give one number for each round")
    if points < FEWEST:
        raise VtonError(f"points: are {points}; give {FEWEST} or more, or histograms are empty")
    target = _sampled(garment, points, largest_only, "garment")
    source = _sampled(worn, points, largest_only, "worn")
    unit = _mean_distance(target.points)
    moved, alone = source, np.zeros(points, np.bool_)
    garment_alone = alone
    rounds = []
    for strength in regularisation:
        contexts = shape_contexts(moved.points, ~alone), shape_contexts(target.points, ~garment_alone)
        cost = matching_cost(chi_square(*contexts), tangent_cost(moved.tangents, target.tangents))
        partners = assign(cost)
        alone = partners == UNMATCHED
        paired = np.flatnonzero(~alone)
        garment_alone = np.ones(points, np.bool_)
        garment_alone[partners[paired]] = False
        # Half, because VITON's kernel r^2 log r^2 is twice ours.
        spline = fit_thin_plate(
            torch.from_numpy(source.points[paired]),
            torch.from_numpy(target.points[partners[paired]]),
            strength * unit**2 / 2,
        )
        mean_cost = float(cost[paired, partners[paired]].mean())
        energy = float(spline.bending_energy())
        rounds.append(Round(moved, *contexts, cost, partners, mean_cost, spline, energy))
        moved = _move(source, spline)
    return ShapeContextFit(source, target, tuple(rounds), _size(worn), _size(garment))


def _sampled(mask: ArrayLike, number: int, largest_only: bool, name: str) -> Contour:
    try:
        return sample_contour(mask, number, largest_only)
    except VtonError as error:
        raise VtonError(f"{name} {error}") from error


def _size(mask: ArrayLike) -> tuple[int, int]:
    height, width = np.shape(mask)
    return height, width


def _mean_distance(points: NDArray[np.float64]) -> float:
    away = points[None] - points[:, None]
    return float(np.hypot(away[..., 0], away[..., 1]).mean())


def _move(contour: Contour, spline: ThinPlate) -> Contour:
    """Points and tangents after a spline."""
    ahead = np.stack([np.cos(contour.tangents), np.sin(contour.tangents)], 1) * TANGENT_STEP
    both = spline(torch.from_numpy(np.concatenate([contour.points, contour.points + ahead]))).numpy()
    points, beyond = np.split(both, 2)
    along = beyond - points
    return Contour(points, np.arctan2(along[:, 1], along[:, 0]))
