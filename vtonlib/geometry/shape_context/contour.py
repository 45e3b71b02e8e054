"""The boundary of a mask as points with tangents.

VITON's MATLAB code keeps the contours of all parts and holes, draws 300 random points and thins them to 100. We follow
the outer contours of all parts that are large enough to mean something and take points at equal distances: the same
spread, without chance. An arm before the chest often cuts a garment in two; with its largest part alone the warp would
squeeze the whole garment into that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

from vtonlib.errors import VtonError

SMALLEST = 16
"""Pixels that a shape's largest part must have; the boundary of less says nothing."""

SMALLEST_SHARE = 0.05
"""Parts with less than this share of the largest part's pixels are left out, as specks."""

TANGENT_SIGMA = 2.0
"""Pixels along the contour over which tangents are smoothed, since a pixel's boundary has only four directions."""


@dataclass(frozen=True, eq=False)
class Contour:
    """Points at equal distances along the boundaries of a shape's parts, clockwise as seen on the screen.

    Attributes:
        points: (N, 2) float64, x and y in pixels, the centre of the first pixel being (0, 0); largest part first.
        tangents: (N,) float64, direction of walking in radians, in (-pi, pi]; x to the right, y down. The shape lies
            on the right-hand side, so that opposite edges have opposite tangents.
    """

    points: NDArray[np.float64]
    tangents: NDArray[np.float64]


def sample_contour(mask: ArrayLike, number: int = 100, largest_only: bool = False) -> Contour:
    """Points at equal distances along the outer contours of a mask.

    Args:
        mask: (H, W), above 0.5 inside; holes are ignored.
        number: of points; longer contours get more of them.
        largest_only: whether the part with the most pixels alone counts.

    Raises:
        VtonError: if the mask is not two-dimensional, its largest part has less than :data:`SMALLEST` pixels, or no
            point is asked for.
    """
    if number < 1:
        raise VtonError(f"number of points is {number}; give 1 or more")
    outlines = outer_contours(mask)[: 1 if largest_only else None]
    travelled = [_travelled(outline) for outline in outlines]
    ends = np.cumsum([distance[-1] for distance in travelled])
    at = np.arange(number) * ends[-1] / number
    part = np.searchsorted(ends, at, side="right")
    points, along = [], []
    for index, (outline, distance) in enumerate(zip(outlines, travelled, strict=True)):
        here = at[part == index] - (ends[index] - distance[-1])
        smooth = ndimage.gaussian_filter1d(outline, TANGENT_SIGMA, axis=0, mode="wrap")
        points.append(_between(outline, distance, here))
        along.append(_between(np.roll(smooth, -1, 0) - np.roll(smooth, 1, 0), distance, here))
    directions = np.concatenate(along)
    return Contour(np.concatenate(points), np.arctan2(directions[:, 1], directions[:, 0]))


def outer_contours(mask: ArrayLike) -> list[NDArray[np.float64]]:
    """The closed outer contours of a mask's parts, each (K, 2) x and y in pixels, clockwise; the largest part first.

    The points are the middles of the pixel sides between inside and outside, where bilinear interpolation of the mask
    is 0.5. Parts are connected along sides, not over corners; specks are left out, see :data:`SMALLEST_SHARE`.

    Raises:
        VtonError: if the mask is not two-dimensional, or its largest part has less than :data:`SMALLEST` pixels.
    """
    values = np.asarray(mask)
    if values.ndim != 2:
        raise VtonError(f"mask: has shape {values.shape}; give one mask (H, W)")
    parts, _ = ndimage.label(values > 0.5)
    sizes = np.bincount(parts.ravel())
    sizes[0] = 0
    if sizes.max() < SMALLEST:
        raise VtonError(f"mask: its largest part has {sizes.max()} pixels, fewer than {SMALLEST}; leave such pairs out")
    by_size = np.argsort(-sizes, kind="stable")
    kept = by_size[sizes[by_size] >= max(SMALLEST_SHARE * sizes.max(), 1)]
    return [_walk(np.pad(parts == part, 1)) for part in kept]


def _travelled(outline: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distances (K + 1,) along a closed contour (K, 2), from its first point and back to it."""
    steps = np.diff(outline, axis=0, append=outline[:1])
    return np.concatenate([[0.0], np.cumsum(np.hypot(steps[:, 0], steps[:, 1]))])


def _between(
    values: NDArray[np.float64], travelled: NDArray[np.float64], at: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Values (K, 2) along a closed contour, interpolated at distances (N,): (N, 2)."""
    return np.stack([np.interp(at, travelled, np.append(axis, axis[0])) for axis in values.T], 1)


def _walk(inside: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Walk along the sides of pixels with the shape on the right until the first side comes again."""
    rows: list[list[bool]] = inside.tolist()  # single elements of a list are found faster than those of an array
    start = divmod(int(inside.argmax()), inside.shape[1])
    y, x = start
    dy, dx = 0, 1
    middles = []
    while True:
        middles.append((x + dx / 2, y + dy / 2))
        y, x = y + dy, x + dx
        # Corner (y, x) is the upper left of pixel (y, x); ahead lie one pixel to the right and one to the left of us.
        right = rows[y + (dy + dx - 1) // 2][x + (dx - dy - 1) // 2]
        left = rows[y + (dy - dx - 1) // 2][x + (dx + dy - 1) // 2]
        if not right:
            dy, dx = dx, -dy
        elif left:
            dy, dx = -dx, dy
        if (y, x) == start and (dy, dx) == (0, 1):
            break
    # From corners of the padded mask to centres of pixels of the mask itself.
    return np.array(middles) - 1.5
