"""The boundary of a mask as points with tangents.

VITON's MATLAB code keeps the contours of all parts and holes, draws 300 random points and thins them to 100. We follow
the outer contour of the largest part and take points at equal distances: the same spread, without chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

from vtonlib.errors import VtonError

SMALLEST = 16
"""Pixels that a shape must have; the boundary of less says nothing."""

TANGENT_SIGMA = 2.0
"""Pixels along the contour over which tangents are smoothed, since a pixel's boundary has only four directions."""


@dataclass(frozen=True, eq=False)
class Contour:
    """Points at equal distances along a boundary, clockwise as seen on the screen.

    Attributes:
        points: (N, 2) float64, x and y in pixels, the centre of the first pixel being (0, 0).
        tangents: (N,) float64, direction of walking in radians, in (-pi, pi]; x to the right, y down. The shape lies
            on the right-hand side, so that opposite edges have opposite tangents.
    """

    points: NDArray[np.float64]
    tangents: NDArray[np.float64]


def sample_contour(mask: ArrayLike, number: int = 100) -> Contour:
    """Points at equal distances along the boundary of a mask.

    Args:
        mask: (H, W), above 0.5 inside; of several parts the one with the most pixels counts, and holes are ignored.
        number: of points.

    Raises:
        VtonError: if the mask is not two-dimensional, or its largest part has less than :data:`SMALLEST` pixels.
    """
    outline = outer_contour(mask)
    smooth = ndimage.gaussian_filter1d(outline, TANGENT_SIGMA, axis=0, mode="wrap")
    direction = np.roll(smooth, -1, 0) - np.roll(smooth, 1, 0)
    closed = np.concatenate([outline, outline[:1]])
    travelled = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(closed, axis=0).T))])
    at = np.arange(number) * travelled[-1] / number
    points, along = (
        np.stack([np.interp(at, travelled, np.append(axis, axis[0])) for axis in values.T], 1)
        for values in (outline, direction)
    )
    return Contour(points, np.arctan2(along[:, 1], along[:, 0]))


def outer_contour(mask: ArrayLike) -> NDArray[np.float64]:
    """The closed outer contour of the largest part of a mask: (K, 2) x and y in pixels, clockwise.

    The points are the middles of the pixel sides between inside and outside, where bilinear interpolation of the mask
    is 0.5. Parts are connected along sides, not over corners.

    Raises:
        VtonError: if the mask is not two-dimensional, or its largest part has less than :data:`SMALLEST` pixels.
    """
    values = np.asarray(mask)
    if values.ndim != 2:
        raise VtonError(f"mask: has shape {values.shape}; give one mask (H, W)")
    parts, _ = ndimage.label(values > 0.5)
    sizes = np.bincount(parts.ravel())
    sizes[0] = 0
    largest = int(sizes.argmax())
    if sizes[largest] < SMALLEST:
        raise VtonError(
            f"mask: its largest part has {sizes[largest]} pixels, fewer than {SMALLEST}; leave such pairs out"
        )
    return _walk(np.pad(parts == largest, 1))


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
