"""Poses of people who show clothes: named presets, jitter, and arms that keep clear of any body."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vtonlib.errors import VtonError
from vtonlib.wardrobe.limbs import (
    Arm,
    Leg,
    Vector,
    arm_orientations,
    finger_rotations,
    leg_orientations,
    local_rotations,
    mirror,
    mirrored_axis,
    turn,
)
from vtonlib.wardrobe.pose_presets import ARMS, PRESETS, STANCES, Preset

MAX_TURN = 40.0
"""Degrees by which a whole body may be turned away from the camera."""

FRAMINGS = ("upper", "full")
"""What a picture may show: head to thighs, or the whole person."""


@dataclass(frozen=True)
class Leave:
    """How one arm gets out of the body's way: the ``axis`` (3,) in world axes about which its upper arm turns.

    ``touch`` says that the hand rests on the body, so that a slim body draws the arm in as a wide one pushes it out;
    ``over`` that the arm lies over the other one.
    """

    axis: np.ndarray
    touch: bool
    over: bool


@dataclass(frozen=True)
class Pose:
    """A pose for an average body; :func:`~vtonlib.wardrobe.clearance.fit` adapts it to another.

    Attributes:
        name: of the preset.
        rotations: bone to local rotation (3, 3), in world axes at rest.
        turn_deg: turn of the whole body, within ±MAX_TURN, as in Camera; positive faces the person's own left.
        framings: which of FRAMINGS suit the pose.
        leaves: for each side, 'L' and 'R', how its arm comes free of the body.
    """

    name: str
    rotations: dict[str, np.ndarray]
    turn_deg: float
    framings: tuple[str, ...]
    leaves: dict[str, Leave]


@functools.cache
def preset(name: str) -> Pose:
    """A preset as it is, without jitter.

    Raises:
        VtonError: no preset has this name.
    """
    if name not in PRESETS:
        raise VtonError(f"no pose is called {name!r}; there are {', '.join(PRESETS)}")
    return _build(name, PRESETS[name], None)


def draw_pose(rng: np.random.Generator, framing: str | None = None) -> Pose:
    """A random preset, jittered: arms by about 3 degrees, trunk and head by a few, the turn by up to 8.

    ``framing`` of FRAMINGS leaves out poses that do not suit it.
    """
    names = [name for name, found in PRESETS.items() if framing != "upper" or not found.full_only]
    name = names[int(rng.integers(len(names)))]
    return _build(name, PRESETS[name], rng)


def _build(name: str, chosen: Preset, rng: np.random.Generator | None) -> Pose:
    """Put a preset together; ``rng`` jitters it."""

    def noise(scale: float) -> float:
        return 0.0 if rng is None else float(np.clip(rng.normal(0, scale), -2 * scale, 2 * scale))

    stance = STANCES[chosen.stance]
    sway, lean = stance.sway + noise(0.6), stance.lean + noise(0.8)
    twist = stance.twist + noise(2.0)
    # Positive about y lowers the left side.
    hips = turn((0, 1, 0), -sway)
    chest = turn((0, 0, 1), twist) @ turn((0, 1, 0), 0.7 * sway + lean)
    skull = turn((0, 0, 1), twist * 0.3 + chosen.head + noise(4)) @ turn((0, 1, 0), 0.5 * lean + noise(2))
    skull = skull @ turn((1, 0, 0), noise(2.5) + 1.5)
    orientations = {
        "root": hips,
        "spine04": _part(hips, chest, 0.35),
        "spine03": _part(hips, chest, 0.6),
        "spine02": _part(hips, chest, 0.85),
        "spine01": chest,
        "neck01": _part(chest, skull, 0.3),
        "neck02": _part(chest, skull, 0.5),
        "neck03": _part(chest, skull, 0.7),
        "head": skull,
    }
    extra: dict[str, np.ndarray] = {}
    leaves: dict[str, Leave] = {}
    for side, arm, leg in (("L", ARMS[chosen.left], stance.left), ("R", ARMS[chosen.right], stance.right)):
        moved = _jittered_arm(arm, noise)
        upper = mirror(moved.upper, side)
        orientations |= _collar(upper, chest, side)
        orientations |= {bone: chest @ turned for bone, turned in arm_orientations(moved, side).items()}
        orientations |= leg_orientations(_jittered_leg(leg, noise), side)
        extra |= finger_rotations(moved.curl, side)
        leaves[side] = Leave(mirrored_axis(arm.leave, side), arm.touch, arm.over)
    whole = float(np.clip(chosen.turn + noise(4), -MAX_TURN, MAX_TURN))
    framings = ("full",) if chosen.full_only else FRAMINGS
    return Pose(name, local_rotations(orientations, extra), whole, framings, leaves)


def _part(start: np.ndarray, end: np.ndarray, share: float) -> np.ndarray:
    """A share of the way between two small rotations."""
    mixed = (1 - share) * start + share * end
    u, _, vt = np.linalg.svd(mixed)
    return np.asarray(u @ vt)


def _collar(upper: np.ndarray, chest: np.ndarray, side: str) -> dict[str, np.ndarray]:
    """World orientations of collarbone and shoulder, which follow an arm that is raised or reaches forwards."""
    direction = upper / np.linalg.norm(upper)
    raised = np.degrees(np.arcsin(direction[2])) + 48.0  # the template's arms point 48 degrees down
    lift = float(np.clip(0.24 * raised, -7, 26))
    reach = float(np.clip(-18 * direction[1], -6, 14))
    out: dict[str, np.ndarray] = {}
    for bone, share in (("clavicle", 0.55), ("shoulder01", 1.0)):
        follow = turn(mirrored_axis((0, 0, -1), side), reach * share) @ turn(
            mirrored_axis((0, -1, 0), side), lift * share
        )
        out[f"{bone}.{side}"] = chest @ follow
    return out


def _jittered_arm(arm: Arm, noise: Callable[[float], float]) -> Arm:
    """The arm with its directions moved a little; one that touches the body moves less."""
    scale = 0.025 if arm.touch else 0.05

    def moved(vector: Vector) -> Vector:
        length = float(np.linalg.norm(vector))
        return (
            vector[0] + noise(scale) * length,
            vector[1] + noise(scale) * length,
            vector[2] + noise(scale) * length,
        )

    return dataclasses.replace(arm, upper=moved(arm.upper), fore=moved(arm.fore), curl=arm.curl * (1 + noise(0.15)))


def _jittered_leg(leg: Leg, noise: Callable[[float], float]) -> Leg:
    thigh = (leg.thigh[0] + noise(0.015), leg.thigh[1] + noise(0.02), leg.thigh[2])
    return dataclasses.replace(leg, thigh=thigh, toes_out=leg.toes_out + noise(3))
