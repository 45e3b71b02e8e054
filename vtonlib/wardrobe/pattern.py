"""Where each point of a garment lies in its fabric: metres of cloth, as a tailor would lay the pattern.

u runs around the trunk to the wearer's left with 0 in the middle of the front; v runs up from the neck. The trunk is
unrolled along its girth at the chest. Above the chest front and back are flat panels that meet on the shoulder, so
stripes stay straight there instead of running together at the neck.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np

from vtonlib.wardrobe.body import body_model
from vtonlib.wardrobe.landmarks import ARM_LENGTH, CROTCH_Z, NECK_Z, landmarks_of_all, suit, template
from vtonlib.wardrobe.ramp import smoothstep
from vtonlib.wardrobe.tube import ANGLES, HEIGHTS, ROWS, profile, tube_place

_CHEST = 0.45
_AXIS_Y = -0.03
SLEEVE_MIDDLE = 0.2
"""u of the top of the left arm, whose sleeve lies to the right of the one of the right arm."""
_AROUND_ARM = 0.055
"""Metres of fabric for each radian around an arm."""
_LEG_MIDDLE, _AROUND_LEG = 0.1, 0.08
"""u of the middle of the left leg's front, and metres of fabric for each radian around a leg."""
_PANELS = (0.52, 0.61)
"""Template heights between which the unrolled trunk becomes two panels."""


@functools.cache
def _girth() -> tuple[np.ndarray, np.ndarray]:
    """Arc length (C,) along the chest at angles 0 to pi, and x (C,) there, metres."""
    body = profile(template())
    radius = body.radius[int(np.argmin(np.abs(HEIGHTS - _CHEST)))]
    angle = np.linspace(0, np.pi, 181)
    both = 0.5 * (
        np.interp(angle, ANGLES, radius, period=2 * np.pi) + np.interp(-angle, ANGLES, radius, period=2 * np.pi)
    )
    points = np.stack([both * np.sin(angle), -both * np.cos(angle)], axis=1)
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    return np.append(0, np.cumsum(steps)), points[:, 0]


def _unroll(angle: np.ndarray) -> np.ndarray:
    """Arc length of an angle in [-pi, pi], odd."""
    arc, _ = _girth()
    return np.asarray(np.sign(angle) * np.interp(np.abs(angle), np.linspace(0, np.pi, len(arc)), arc))


def trunk_uv(place: np.ndarray) -> np.ndarray:
    """Fabric coordinates (V, 2) of template points (V, 3), not to be written to."""
    for name, known in _PLACES.items():
        if place is known():
            return _kept_uv(name)
    return _trunk_uv(place)


_PLACES: dict[str, Callable[[], np.ndarray]] = {
    "suit": lambda: suit().landmarks.place,
    "tube": tube_place,
    "body": lambda: landmarks_of_all().place,
}
"""Points that are the same for all garments and that most garments ask for."""


@functools.cache
def _kept_uv(name: str) -> np.ndarray:
    """The coordinates of the points of a name."""
    found = _trunk_uv(_PLACES[name]())
    found.flags.writeable = False
    return found


def _trunk_uv(place: np.ndarray) -> np.ndarray:
    """See :func:`trunk_uv`."""
    arc, x = _girth()
    widest = int(np.argmax(x))
    beyond = np.maximum(0, np.abs(place[:, 0]) - x[widest])
    front = np.interp(np.abs(place[:, 0]), x[: widest + 1], arc[: widest + 1]) + beyond
    panel = np.sign(place[:, 0]) * np.where(place[:, 1] < _AXIS_Y + 0.015, front, arc[-1] - front)
    around = _unroll(np.arctan2(place[:, 0], -(place[:, 1] - _AXIS_Y)))
    share = np.clip((place[:, 2] - _PANELS[0]) / (_PANELS[1] - _PANELS[0]), 0, 1)
    return np.stack([(1 - share) * around + share * panel, place[:, 2] - NECK_Z], axis=1).astype(np.float32)


def leg_uv(place: np.ndarray) -> np.ndarray:
    """Fabric coordinates (V, 2) of trousers over template points (V, 3): below the crotch each leg is a tube.

    u is unrolled around each leg with its seam at the back, so that stripes run straight down.
    """
    side = np.where(place[:, 0] > 0, 1, -1)
    joints = np.stack([body_model().joint(f"l-{name}", template()) for name in ("upper-leg", "knee", "ankle")])[::-1]
    x, y = (np.interp(place[:, 2], joints[:, 2], joints[:, k]) for k in (0, 1))
    angle = np.arctan2(place[:, 0] - side * x, y - place[:, 1])
    leg = side * _LEG_MIDDLE + _AROUND_LEG * angle
    uv = trunk_uv(place).copy()
    uv[:, 0] += smoothstep(CROTCH_Z + 0.06, CROTCH_Z - 0.05, place[:, 2]) * (leg - uv[:, 0])
    return uv


def tube_uv(spread: np.ndarray) -> np.ndarray:
    """Fabric coordinates of the tube's points; ``spread`` (ROWS,) is how much wider than the body each row is."""
    place = tube_place().reshape(ROWS, -1, 3)
    # About the same axis as the trunk, so that patterns run on where the two meet.
    u = _unroll(np.arctan2(place[..., 0], -(place[..., 1] - _AXIS_Y)))
    u[:, 0], u[:, -1] = -np.abs(u[:, 0]), np.abs(u[:, -1])  # the tube's ends meet behind, at -pi and pi
    u = u * spread[:, None]
    return np.stack([u, place[..., 2] - NECK_Z], axis=2).reshape(-1, 2).astype(np.float32)


def sleeve_uv(along: np.ndarray, around: np.ndarray, side: np.ndarray) -> np.ndarray:
    """Fabric coordinates (V, 2) of sleeves; both lie side by side, v runs up from the shoulder.

    Args:
        along: (V,) metres from the shoulder joint.
        around: (V,) radians about the arm, 0 on top, positive to the front.
        side: (V,) 1 on the person's left, -1 on the right.
    """
    return np.stack([side * (SLEEVE_MIDDLE + _AROUND_ARM * around), -along], axis=1).astype(np.float32)


@functools.cache
def suit_leg_uv() -> np.ndarray:
    """:func:`leg_uv` of the suit's points."""
    return leg_uv(suit().landmarks.place)


@functools.cache
def suit_sleeve_uv() -> np.ndarray:
    """:func:`sleeve_uv` of the suit's points."""
    marks = suit().landmarks
    return sleeve_uv(marks.along * ARM_LENGTH, marks.around, np.sign(marks.place[:, 0]))
