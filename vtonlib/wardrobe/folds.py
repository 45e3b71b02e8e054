"""Creases of worn cloth: a height map over the fabric of trunk and sleeves, drawn crease by crease."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numba
import numpy as np

from vtonlib.wardrobe.cutting import ARM_LENGTH

RESOLUTION = 0.008
"""Metres of cloth a cell of a map covers."""


@dataclass(frozen=True)
class FoldMap:
    """Heights (rows, columns) in metres over fabric coordinates; row 0 lies at ``top``, column 0 at ``left``."""

    height: np.ndarray
    left: float
    top: float

    @functools.cached_property
    def table(self) -> np.ndarray:
        """Height, and how it rises with u and with v (metres a metre), (rows, columns, 3)."""
        down, across = np.gradient(self.height, RESOLUTION)
        return np.ascontiguousarray(np.stack([self.height, across, -down], axis=2), np.float32)


def _blank(left: float, right: float, top: float, bottom: float) -> FoldMap:
    shape = (int(np.ceil((top - bottom) / RESOLUTION)) + 2, int(np.ceil((right - left) / RESOLUTION)) + 2)
    return FoldMap(np.zeros(shape, np.float32), left, top)


def _crease(chart: FoldMap, at: tuple[float, float], angle: float, size: tuple[float, float], height: float) -> None:
    """Add one crease: a ridge with a softer valley beside it, ``size`` = (length, width) in metres."""
    length, width = size
    reach = 2.2 * length
    r0 = max(0, int((chart.top - at[1] - reach) / RESOLUTION))
    r1 = min(chart.height.shape[0], int((chart.top - at[1] + reach) / RESOLUTION) + 1)
    c0 = max(0, int((at[0] - reach - chart.left) / RESOLUTION))
    c1 = min(chart.height.shape[1], int((at[0] + reach - chart.left) / RESOLUTION) + 1)
    if r0 >= r1 or c0 >= c1:
        return
    first = (chart.left + c0 * RESOLUTION - at[0], chart.top - r0 * RESOLUTION - at[1])
    _add(chart.height[r0:r1, c0:c1], first, angle, length, width, height)


@numba.njit(cache=True, fastmath=True)
def _add(
    cells: np.ndarray, first: tuple[float, float], angle: float, length: float, width: float, height: float
) -> None:
    """Add a crease to cells, the first of which lies at ``first`` from its middle; see :func:`_crease`."""
    c, s = np.cos(angle), np.sin(angle)
    for row in range(cells.shape[0]):
        v = first[1] - row * RESOLUTION
        for column in range(cells.shape[1]):
            u = first[0] + column * RESOLUTION
            along = u * c + v * s
            across = v * c - u * s + 0.8 * along * along
            if abs(across) < 6 * width:  # farther away nothing is left of it
                valley = (across - 1.6 * width) / (1.3 * width)
                ridge = np.exp(-((across / width) ** 2)) - 0.5 * np.exp(-(valley * valley))
                cells[row, column] += height * np.exp(-((along / length) ** 2)) * ridge


def trunk_folds(amount: float, seed: int, bottom: float = -0.75) -> FoldMap:
    """Creases of a trunk: pulled from the armpits, bunched at the waist, hanging towards the hem.

    Args:
        amount: 0 none, 1 deep.
        seed: which creases.
        bottom: the lowest height below the neck, metres, negative.
    """
    rng = np.random.default_rng(seed)
    chart = _blank(-0.49, 0.49, 0.1, bottom)
    deep = 0.0025 + 0.008 * amount
    for side in (-1, 1):
        for _ in range(4):  # from the armpit towards the chest and down
            at = (side * rng.uniform(0.12, 0.21), rng.uniform(-0.26, -0.14))
            angle = side * rng.uniform(0.5, 1.25)
            _crease(chart, at, angle, (rng.uniform(0.05, 0.1), rng.uniform(0.008, 0.016)), deep * rng.uniform(0.4, 1))
        for _ in range(5):  # across the waist
            at = (side * rng.uniform(0.05, 0.26), rng.uniform(-0.52, -0.34))
            angle = side * rng.uniform(-0.45, 0.25)
            _crease(chart, at, angle, (rng.uniform(0.05, 0.12), rng.uniform(0.009, 0.02)), deep * rng.uniform(0.4, 1))
    for _ in range(12):  # hanging
        at = (rng.uniform(-0.48, 0.48), rng.uniform(bottom, -0.45))
        angle = np.pi / 2 + rng.normal(0, 0.18)
        _crease(chart, at, angle, (rng.uniform(0.07, 0.16), rng.uniform(0.012, 0.026)), deep * rng.uniform(0.4, 1))
    return chart


def sleeve_folds(amount: float, seed: int) -> FoldMap:
    """Creases of a sleeve: slanting rings, closest together at the elbow."""
    rng = np.random.default_rng(seed + 1)
    chart = _blank(-0.18, 0.18, 0.08, -ARM_LENGTH - 0.03)
    deep = 0.002 + 0.0065 * amount
    for _ in range(16):
        near_elbow = rng.random() < 0.55
        v = rng.normal(-0.28, 0.05) if near_elbow else rng.uniform(-0.5, -0.02)
        angle = rng.normal(0, 0.5)
        size = (rng.uniform(0.03, 0.07), rng.uniform(0.007, 0.013))
        _crease(chart, (rng.uniform(-0.17, 0.17), v), angle, size, deep * rng.uniform(0.4, 1))
    return chart


def leg_folds(amount: float, seed: int) -> FoldMap:
    """Creases of trousers: fanned from the crotch, rings behind the knee and above the shoe."""
    rng = np.random.default_rng(seed + 2)
    chart = _blank(-0.49, 0.49, 0.1, -1.52)
    deep = 0.002 + 0.0065 * amount
    for _ in range(10):
        side = rng.choice([-1, 1])
        at = (side * rng.uniform(0.02, 0.16), rng.uniform(-0.78, -0.64))
        _crease(chart, at, side * rng.uniform(-0.2, 0.7), (rng.uniform(0.04, 0.09), rng.uniform(0.008, 0.014)), deep)
    for centre in (-1.03, -1.42):
        for _ in range(10):
            at = (rng.choice([-1, 1]) * rng.uniform(0.0, 0.35), rng.normal(centre, 0.05))
            size = (rng.uniform(0.03, 0.07), rng.uniform(0.008, 0.014))
            _crease(chart, at, rng.normal(0, 0.4), size, deep * rng.uniform(0.3, 1))
    return chart
