"""Turns directions of limbs into rotations of bones.

An artist says where an upper arm, a forearm and a palm point; the rig wants a rotation for each bone. Directions are
given for the left side as (out, back, up): x away from the body's middle, y backwards, z up; the right side mirrors x.
The rotations that come out are local, in world axes at rest, as :meth:`BodyModel.bone_transforms` takes them.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from vtonlib.wardrobe.body import Phenotype, body_model

Vector = tuple[float, float, float]

# Flexion in degrees of the three joints of a finger in a wholly relaxed hand, index finger to little finger.
_CURL = {2: (12, 20, 11), 3: (15, 24, 14), 4: (18, 27, 15), 5: (20, 28, 15)}
# Degrees by which the fingers of the template, which stand apart, turn towards the middle finger; they touch then.
_CLOSE = {2: 14, 3: -1, 4: -10, 5: -18}


@dataclass(frozen=True)
class Arm:
    """Where one arm goes.

    Attributes:
        upper: direction of the upper arm, shoulder to elbow.
        fore: direction of the forearm, elbow to wrist.
        palm: the way the palm faces.
        hand: direction of the hand, wrist to knuckles; ``None`` goes on straight from the forearm.
        curl: how far the fingers are bent, 1 being a hand that hangs relaxed.
        leave: axis (out, back, up) about which the upper arm turns to come away from the body.
        touch: the hand rests on the body, so it may also turn towards it.
        over: the arm lies over the other one, which it must not meet.
    """

    upper: Vector
    fore: Vector
    palm: Vector
    hand: Vector | None = None
    curl: float = 1.0
    leave: Vector = (0, -1, 0)
    touch: bool = False
    over: bool = False


@dataclass(frozen=True)
class Leg:
    """Where one leg goes: direction of the thigh, of the shank, and by how many degrees the toes point outwards."""

    thigh: Vector = (0.035, 0, -1)
    shank: Vector = (0.03, 0.04, -1)
    toes_out: float = 6.0


@functools.cache
def _rest_points() -> dict[str, np.ndarray]:
    """Heads of all bones of an average body at rest, metres."""
    model = body_model()
    return dict(zip(model.bones, model.bone_heads(model.shape(Phenotype())).astype(np.float64), strict=True))


def turn(axis: Vector | np.ndarray, degrees: float) -> np.ndarray:
    """The rotation (3, 3) about an axis by degrees, right-handed."""
    x, y, z = (float(a) for a in axis)
    length = math.sqrt(x * x + y * y + z * z)
    x, y, z = x / length, y / length, z / length
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    # Rodrigues' formula; a rotation object of scipy takes ten times as long, and a pose needs seventy.
    return np.array(
        [
            [c + x * x * (1 - c), x * y * (1 - c) - z * s, x * z * (1 - c) + y * s],
            [y * x * (1 - c) + z * s, c + y * y * (1 - c), y * z * (1 - c) - x * s],
            [z * x * (1 - c) - y * s, z * y * (1 - c) + x * s, c + z * z * (1 - c)],
        ]
    )


def mirror(vector: Vector | np.ndarray, side: str) -> np.ndarray:
    """A direction given for the left side, for ``side`` 'L' or 'R'."""
    return np.asarray(vector, np.float64) * ((1, 1, 1) if side == "L" else (-1, 1, 1))


def mirrored_axis(axis: Vector | np.ndarray, side: str) -> np.ndarray:
    """An axis of rotation given for the left side; a mirror turns rotations round, so it keeps x and flips the rest."""
    return np.asarray(axis, np.float64) * ((1, 1, 1) if side == "L" else (1, -1, -1))


def _unit(vector: np.ndarray) -> np.ndarray:
    return np.asarray(vector / np.linalg.norm(vector))


def _cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The product of two vectors (3,); numpy's own, made for tables of them, takes ten times as long."""
    return np.array([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])


def _frame(along: np.ndarray, across: np.ndarray) -> np.ndarray:
    """An orthonormal frame (3, 3), columns: ``along``, ``across`` made upright on it, and their product."""
    first = _unit(along)
    second = _unit(across - first * (across @ first))
    return np.stack([first, second, _cross(first, second)], axis=1)


def _swing(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The smallest rotation from one direction to another."""
    start, end = _unit(start), _unit(end)
    axis = _cross(start, end)
    if np.linalg.norm(axis) < 1e-8:
        return np.eye(3)
    return turn(axis, math.degrees(math.atan2(np.linalg.norm(axis), start @ end)))


def _split_twist(whole: np.ndarray, start: np.ndarray, share: float) -> np.ndarray:
    """``whole`` with only a share of its twist about the bone that lies along ``start`` at rest."""
    swing = _swing(start, whole @ start)
    twist = Rotation.from_matrix(swing.T @ whole).as_rotvec()
    return np.asarray(swing @ Rotation.from_rotvec(twist * share).as_matrix())


def arm_orientations(arm: Arm, side: str) -> dict[str, np.ndarray]:
    """World orientations (3, 3) of the bones of an arm, the identity being the rest pose."""
    at = _rest_points()
    shoulder, elbow, wrist = (at[f"{bone}.{side}"] for bone in ("upperarm01", "lowerarm01", "wrist"))
    upper0, fore0 = elbow - shoulder, wrist - elbow
    hinge0 = _cross(upper0, fore0)
    upper, fore = _unit(mirror(arm.upper, side)), _unit(mirror(arm.fore, side))
    hinge = _cross(upper, fore)
    # The elbow of a straight arm has no plane of its own; it opens forwards, and outwards when the arm hangs.
    bend = np.linalg.norm(hinge)
    spare = _cross(upper, mirror((-0.25, -1, 0.35), side))
    hinge = _unit(hinge + spare * max(0.0, 0.35 - float(bend)))
    whole_upper = _frame(upper, hinge) @ _frame(upper0, hinge0).T
    whole_fore = _frame(fore, hinge) @ _frame(fore0, hinge0).T

    hand0 = at[f"finger3-1.{side}"] - wrist
    across0 = at[f"finger2-1.{side}"] - at[f"finger5-1.{side}"]
    palm0 = _cross(hand0, across0) * (1 if side == "L" else -1)
    hand = fore if arm.hand is None else mirror(arm.hand, side)
    whole_hand = _frame(hand, mirror(arm.palm, side)) @ _frame(hand0, palm0).T

    # The twist of the hand begins at the elbow, as the two bones of a forearm turn round each other.
    between = whole_fore.T @ whole_hand
    halfway = whole_fore @ _twist_only(between, fore0, 0.55)
    return {
        f"upperarm01.{side}": _split_twist(whole_upper, upper0, 0.4),
        f"upperarm02.{side}": whole_upper,
        f"lowerarm01.{side}": whole_fore,
        f"lowerarm02.{side}": halfway,
        f"wrist.{side}": whole_hand,
    }


def _twist_only(rotation: np.ndarray, axis: np.ndarray, share: float) -> np.ndarray:
    """A share of the twist of a rotation about an axis."""
    swing = _swing(axis, rotation @ axis)
    twist = Rotation.from_matrix(swing.T @ rotation).as_rotvec()
    return np.asarray(Rotation.from_rotvec(twist * share).as_matrix())


def leg_orientations(leg: Leg, side: str) -> dict[str, np.ndarray]:
    """World orientations (3, 3) of the bones of a leg; the foot stays level."""
    at = _rest_points()
    hip, knee, ankle = (at[f"{bone}.{side}"] for bone in ("upperleg01", "lowerleg01", "foot"))
    thigh = _swing(knee - hip, mirror(leg.thigh, side))
    shank = _swing(ankle - knee, mirror(leg.shank, side))
    toes = turn(mirrored_axis((0, 0, 1), side), leg.toes_out)
    # The twist begins below the hip, so that the knee points where the foot does and the hip keeps its form.
    return {
        f"upperleg01.{side}": thigh,
        f"upperleg02.{side}": toes @ thigh,
        f"lowerleg01.{side}": toes @ shank,
        f"foot.{side}": toes,
    }


def finger_rotations(curl: float, side: str) -> dict[str, np.ndarray]:
    """Local rotations of the finger bones for a curl, 1 being relaxed and 0 the nearly flat hand of the template."""
    at = _rest_points()
    across = _unit(at[f"finger2-1.{side}"] - at[f"finger5-1.{side}"]) * (1 if side == "L" else -1)
    along = _unit(at[f"finger3-1.{side}"] - at[f"wrist.{side}"])
    back = _cross(across, along)
    sign = 1 if side == "L" else -1
    out: dict[str, np.ndarray] = {}
    for finger, angles in _CURL.items():
        for joint, angle in enumerate(angles, 1):
            bend = turn(across, -curl * angle)
            spread = turn(back, sign * _CLOSE[finger]) if joint == 1 else np.eye(3)
            out[f"finger{finger}-{joint}.{side}"] = bend @ spread
    # The thumb lies beside the forefinger and bends a little with the others.
    out[f"finger1-1.{side}"] = turn(across, 16.0) @ turn(back, sign * 22.0)
    out[f"finger1-2.{side}"] = turn(back, sign * 8.0 * curl)
    out[f"finger1-3.{side}"] = turn(back, sign * 12.0 * curl)
    return out


def local_rotations(orientations: Mapping[str, np.ndarray], extra: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """World orientations of some bones, and local rotations ``extra`` of others, to local rotations of all of them."""
    model = body_model()
    world: dict[str, np.ndarray] = {}
    local: dict[str, np.ndarray] = {}
    for bone, parent in zip(model.bones, model.parents, strict=True):
        above = world[model.bones[parent]] if parent >= 0 else np.eye(3)
        if bone in orientations:
            local[bone] = above.T @ orientations[bone]
        elif bone in extra:
            local[bone] = extra[bone]
        world[bone] = above @ local[bone] if bone in local else above
    return {bone: np.asarray(rotation, np.float32) for bone, rotation in local.items()}
