"""Creases of worn cloth: a height map over the fabric of trunk, sleeves and legs, drawn crease by crease.

A part has creases of its own, which come with the garment, and creases that a pose pulls into it: cloth bunches inside
a bent elbow or knee and is drawn towards the armpit of a raised arm.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numba
import numpy as np

from vtonlib.wardrobe.bends import Bends
from vtonlib.wardrobe.landmarks import ARM_LENGTH
from vtonlib.wardrobe.pattern import SLEEVE_MIDDLE

RESOLUTION = 0.008
"""Metres of cloth a cell of a map covers."""
_QUARTER = 0.086
"""Metres of fabric between the top and the front of an arm."""
_ELBOW, _KNEE, _CROTCH = -0.28, -1.02, -0.69
"""Heights of the joints in fabric coordinates: down the sleeve, and below the neck."""


@dataclass(frozen=True)
class FoldMap:
    """Creases over fabric coordinates; row 0 lies at ``top``, column 0 at ``left``.

    Attributes:
        table: (rows, columns, 3) height in metres, and how it rises with u and with v (metres a metre).
        left, top: metres.
    """

    table: np.ndarray
    left: float
    top: float


@dataclass(frozen=True)
class Creases:
    """The creases of a part of a garment.

    Attributes:
        box: left, right, top and bottom of the fabric, metres.
        own: (N, 6) u and v of the middle, angle from u to v in radians, length, width and height, metres.
        part: ``trunk``, ``sleeve`` or ``leg``.
        deep: metres between the ridge and the plain cloth of a crease that a bend makes.
    """

    box: tuple[float, float, float, float]
    own: np.ndarray
    part: str
    deep: float

    @functools.cached_property
    def _plain(self) -> np.ndarray:
        """Heights (rows, columns) of the creases of the garment's own."""
        left, right, top, bottom = self.box
        rows, columns = int(np.ceil((top - bottom) / RESOLUTION)) + 2, int(np.ceil((right - left) / RESOLUTION)) + 2
        height = np.zeros((rows, columns), np.float32)
        _draw(height, left, top, self.own)
        return height

    def posed(self, bends: Bends) -> FoldMap:
        """The map of a pose."""
        left, _, top, _ = self.box
        pulled = {"trunk": _pulled_trunk, "sleeve": _pulled_sleeve, "leg": _pulled_leg}[self.part](bends)
        pulled[:, 5] *= self.deep
        height = self._plain.copy()
        _draw(height, left, top, pulled[pulled[:, 5] > 1e-4])
        return FoldMap(_with_slopes(height), left, top)


@numba.njit(cache=True, fastmath=True)
def _draw(height: np.ndarray, left: float, top: float, creases: np.ndarray) -> None:
    """Add creases (N, 6): a ridge with a sharper valley beside it, slightly curved."""
    rows, columns = height.shape
    for n in range(creases.shape[0]):
        u0, v0, angle, length, width, high = creases[n]
        c, s = np.cos(angle), np.sin(angle)
        reach_u = 2.2 * (length * abs(c) + 2 * width * abs(s)) + width
        reach_v = 2.2 * (length * abs(s) + 2 * width * abs(c)) + width
        r0, r1 = max(0, int((top - v0 - reach_v) / RESOLUTION)), int((top - v0 + reach_v) / RESOLUTION) + 1
        c0, c1 = max(0, int((u0 - reach_u - left) / RESOLUTION)), int((u0 + reach_u - left) / RESOLUTION) + 1
        for row in range(r0, min(rows, r1)):
            v = top - row * RESOLUTION - v0
            for column in range(c0, min(columns, c1)):
                u = left + column * RESOLUTION - u0
                along = u * c + v * s
                across = (-u * s + v * c + 0.8 * along * along) / width
                if -2.5 < across < 3.4:  # farther away nothing is left of it
                    valley = (across - 1.45) / 0.75
                    ridge = np.exp(-across * across) - 0.6 * np.exp(-valley * valley)
                    height[row, column] += high * ridge * np.exp(-((along / length) ** 2))


@numba.njit(cache=True, fastmath=True)
def _with_slopes(height: np.ndarray) -> np.ndarray:
    """Heights (rows, columns), how they rise with u, and with v: (rows, columns, 3)."""
    rows, columns = height.shape
    out = np.empty((rows, columns, 3), np.float32)
    for r in range(rows):
        above, below = max(r - 1, 0), min(r + 1, rows - 1)
        for c in range(columns):
            left, right = max(c - 1, 0), min(c + 1, columns - 1)
            out[r, c, 0] = height[r, c]
            out[r, c, 1] = (height[r, right] - height[r, left]) / ((right - left) * RESOLUTION)
            out[r, c, 2] = (height[above, c] - height[below, c]) / ((below - above) * RESOLUTION)
    return out


def trunk_folds(amount: float, seed: int, bottom: float = -0.75) -> Creases:
    """Creases of a trunk: from the armpits, bunched at the waist, hanging towards the hem.

    Args:
        amount: 0 none, 1 deep.
        seed: which creases.
        bottom: the lowest height below the neck, metres, negative.
    """
    rng = np.random.default_rng(seed)
    deep = 0.005 + 0.020 * amount
    own = []
    slant, waist, tilt = rng.uniform(0.4, 1.3), rng.uniform(-0.54, -0.36), rng.normal(0, 0.45)
    for side in (-1, 1):
        for _ in range(rng.integers(2, 6)):  # from the armpit towards the chest and down
            at = (side * rng.uniform(0.11, 0.22), rng.uniform(-0.28, -0.14))
            angle = side * (slant + rng.normal(0, 0.2))
            own.append((*at, angle, rng.uniform(0.05, 0.11), rng.uniform(0.010, 0.020), deep * rng.uniform(0.4, 1)))
        for _ in range(rng.integers(1, 7)):  # across the waist
            at = (side * rng.uniform(0.03, 0.28), waist + rng.normal(0, 0.06))
            angle = tilt + side * rng.uniform(-0.6, 0.4)
            own.append((*at, angle, rng.uniform(0.04, 0.09), rng.uniform(0.012, 0.024), deep * rng.uniform(0.3, 0.8)))
    for _ in range(rng.integers(10, 18)):  # hanging
        at = (rng.uniform(-0.48, 0.48), rng.uniform(bottom, -0.42))
        angle = np.pi / 2 + rng.normal(0, 0.22)
        own.append((*at, angle, rng.uniform(0.07, 0.18), rng.uniform(0.014, 0.032), deep * rng.uniform(0.4, 1.1)))
    return Creases((-0.49, 0.49, 0.1, bottom), np.array(own), "trunk", 1.2 * deep)


def sleeve_folds(amount: float, seed: int) -> Creases:
    """Creases of both sleeves: slanting rings, more of them towards the cuff."""
    rng = np.random.default_rng(seed + 1)
    deep = 0.004 + 0.014 * amount
    own = []
    for side in (-1, 1):
        slant = rng.normal(0, 0.35)
        for _ in range(11):
            v = -0.5 * rng.uniform(0.05, 1) ** 0.7
            size = (rng.uniform(0.03, 0.08), rng.uniform(0.008, 0.016))
            at = (side * (SLEEVE_MIDDLE + rng.uniform(-0.15, 0.15)), v)
            own.append((*at, slant + rng.normal(0, 0.35), *size, deep * rng.uniform(0.4, 1)))
    edge = SLEEVE_MIDDLE + 0.18
    return Creases((-edge, edge, 0.08, -ARM_LENGTH - 0.03), np.array(own), "sleeve", 1.3 * deep)


def leg_folds(amount: float, seed: int) -> Creases:
    """Creases of trousers: fanned from the crotch, soft rings at the knee, piled above the shoe."""
    rng = np.random.default_rng(seed + 2)
    deep = 0.005 + 0.018 * amount
    own = []
    for _ in range(10):
        side = rng.choice([-1, 1])
        at = (side * rng.uniform(0.02, 0.15), _CROTCH + rng.normal(0.0, 0.035))
        angle = side * rng.uniform(0.0, 0.8)
        own.append((*at, angle, rng.uniform(0.04, 0.10), rng.uniform(0.009, 0.016), deep * rng.uniform(0.5, 1)))
    for centre, spread, strong in ((_KNEE, 0.07, 0.8), (-1.40, 0.045, 1.3)):
        for _ in range(12):
            at = (rng.choice([-1, 1]) * 0.1 + rng.uniform(-0.2, 0.2), rng.normal(centre, spread))
            size = (rng.uniform(0.03, 0.08), rng.uniform(0.010, 0.017))
            own.append((*at, rng.normal(0, 0.35), *size, strong * deep * rng.uniform(0.3, 1)))
    for _ in range(8):  # hanging
        at = (rng.choice([-1, 1]) * 0.1 + rng.uniform(-0.2, 0.2), rng.uniform(-1.3, -0.8))
        size = (rng.uniform(0.1, 0.22), rng.uniform(0.014, 0.024))
        own.append((*at, np.pi / 2 + rng.normal(0, 0.1), *size, deep * rng.uniform(0.4, 1)))
    return Creases((-0.49, 0.49, 0.1, -1.52), np.array(own), "leg", 1.2 * deep)


def _pulled_trunk(bends: Bends) -> np.ndarray:
    """Creases that raised arms draw from armpit and shoulder; heights are shares of a deep crease."""
    out = []
    for side, raised in zip((1, -1), bends.raised, strict=True):
        pull = max(0.0, (raised - 0.2) / 0.6)
        for turn, far in ((1.75, 0.17), (1.35, 0.14), (0.95, 0.12), (0.55, 0.09)):
            at = (side * (0.21 - far * np.cos(turn)), -0.14 - far * np.sin(turn))
            out.append((*at, side * -turn, 0.7 * far, 0.012 + 0.03 * far, 0.9 * pull))
        for inwards in (0.075, 0.115):
            out.append((side * inwards, -0.03, side * -0.5, 0.04, 0.010, 0.7 * pull))
    return np.array(out)


def _pulled_sleeve(bends: Bends) -> np.ndarray:
    """Creases inside bent elbows and on top of raised shoulders; heights are shares of a deep crease."""
    out = []
    for side, raised, elbow in zip((1, -1), bends.raised, bends.elbow, strict=True):
        front, back = side * (SLEEVE_MIDDLE + _QUARTER), side * (SLEEVE_MIDDLE - _QUARTER)
        for k, off in enumerate((-0.06, -0.034, -0.012, 0.012, 0.036, 0.062)):
            slant = 0.3 if k % 2 else -0.3
            out.append((front, _ELBOW + off, slant + 2 * off, 0.055, 0.009, elbow * (1.2 - 8 * abs(off))))
        for slant in (-0.9, 0.0, 0.9):  # spread from the point of the elbow
            out.append((back + side * 0.03, _ELBOW + 0.05 * slant, slant, 0.04, 0.011, 0.5 * elbow))
        for k, off in enumerate((-0.075, -0.045, -0.015)):
            slant = 0.25 if k % 2 else -0.25
            out.append((side * SLEEVE_MIDDLE, off, slant, 0.06, 0.010, max(0.0, (raised - 0.3) / 0.6)))
    return np.array(out)


def _pulled_leg(bends: Bends) -> np.ndarray:
    """Creases at bent hips and knees; heights are shares of a deep crease."""
    out = []
    for side, knee, hip in zip((1, -1), bends.knee, bends.hip, strict=True):
        for slant in (-0.5, -0.15, 0.25, 0.6):
            out.append((side * 0.09, _KNEE + 0.09 * slant, slant, 0.06, 0.012, knee))
        for slant in (0.25, 0.55, 0.85):
            out.append((side * 0.085, _CROTCH + 0.05 * slant, side * slant, 0.07, 0.013, min(1.0, 2 * hip)))
    return np.array(out)
