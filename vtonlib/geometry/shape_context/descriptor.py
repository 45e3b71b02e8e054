"""Shape contexts: for each point a histogram of where the others lie, fine nearby and coarse far away.

Belongie et al. 2002, IEEE TPAMI 24(4); 12 angles and 5 distances as in VITON's code.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

ANGLES = 12
RADII = (1 / 8, 1 / 4, 1 / 2, 1.0, 2.0)
"""Outer edges of the rings, in mean distances between points; what lies beyond the last is not counted."""


def shape_contexts(points: NDArray[np.float64], counted: NDArray[np.bool_] | None = None) -> NDArray[np.float64]:
    """One histogram for each point, over the directions and distances of the other points.

    Bin ``ring * 12 + sector``: ring 0 is the innermost, sector s covers directions from 30 s to 30 (s + 1) degrees,
    x to the right and y down. Directions are absolute, so that a shape that is turned has other histograms: a person
    who stands upright does not turn. Distances are divided by their mean, so that size does not matter.

    Args:
        points: (N, 2) in pixels, or any unit that is the same in x and y.
        counted: (N,), which points the others see and whose mean distance is the unit; None means all. Those that are
            left out, as outliers, still get a histogram.

    Returns:
        (N, 60) shares that add up to 1, or all 0 for a point that sees nobody within two mean distances.
    """
    number = len(points)
    seen = np.ones(number, np.bool_) if counted is None else counted
    away = points[None] - points[:, None]
    distances = np.hypot(away[..., 0], away[..., 1])
    rings = np.searchsorted(RADII, distances / distances[np.ix_(seen, seen)].mean(), side="right")
    sectors = np.floor(np.arctan2(away[..., 1], away[..., 0]) % (2 * np.pi) * (ANGLES / (2 * np.pi))).astype(np.int64)
    bins = rings * ANGLES + sectors % ANGLES  # a tiny negative angle may round up to a full turn
    valid = (rings < len(RADII)) & seen[None] & ~np.eye(number, dtype=np.bool_)
    size = ANGLES * len(RADII)
    owner = np.arange(number)[:, None] * size
    counts = np.bincount((owner + bins)[valid], minlength=number * size).reshape(number, size)
    shares: NDArray[np.float64] = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    return shares
