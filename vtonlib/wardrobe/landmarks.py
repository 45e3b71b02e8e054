"""Where cloth may begin and end: coordinates of the template body that every person shares.

A vertex of any body keeps the place that it has on the neutral adult template (metres; see ``body.py``). Hems,
necklines and sleeves are cut in these coordinates, so one garment is the same garment on every person.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from vtonlib.wardrobe.body import BodyModel, Phenotype, body_model
from vtonlib.wardrobe.mesh import Subdivision, subdivide
from vtonlib.wardrobe.skinning import compact_weights

NECK_Z = 0.74
"""Height of the base of the neck at the back."""
WAIST_Z = 0.262
HIP_Z = 0.17
CROTCH_Z = 0.055
KNEE_Z = -0.283
ANKLE_Z = -0.737
JOIN_Z = 0.44
"""Below the arms: here the upper part of a garment hands over to a tube around the body."""
ARM_LENGTH = 0.53
"""Metres from the shoulder joint to the wrist on the template."""
SLEEVE_SEAM = -0.02
"""Arm coordinate of the seam between sleeve and body."""

_ARM_BONES = ("upperarm", "lowerarm", "wrist", "finger", "metacarpal")


@dataclass(frozen=True)
class Landmarks:
    """Template coordinates of V vertices.

    Attributes:
        place: (V, 3) position on the template.
        arm: (V,) share of the arm's bones among a vertex' weights.
        along: (V,) arm coordinate, 0 at the shoulder joint, 1 at the wrist, negative towards the neck.
        around: (V,) angle about the arm in radians, 0 on top.
    """

    place: np.ndarray
    arm: np.ndarray
    along: np.ndarray
    around: np.ndarray


@dataclass(frozen=True)
class Suit:
    """The close-fitting suit that garments are cut from: the subdivided tights of the base mesh."""

    vertices: np.ndarray
    fine: Subdivision
    landmarks: Landmarks
    bone_indices: np.ndarray
    bone_weights: np.ndarray


@functools.cache
def template() -> np.ndarray:
    """Vertices (19158, 3) of the neutral adult."""
    return body_model().shape(Phenotype())


@functools.cache
def landmarks_of_all() -> Landmarks:
    """Landmarks of the 19,158 vertices of the base mesh."""
    model = body_model()
    place = template()
    arm_bones = [i for i, bone in enumerate(model.bones) if bone.startswith(_ARM_BONES)]
    arm = (np.isin(model.bone_indices, arm_bones) * model.bone_weights).sum(axis=1).astype(np.float32)
    along = np.full(len(place), -1.0, np.float32)
    around = np.zeros(len(place), np.float32)
    for side, sign in (("l", 1), ("r", -1)):
        points = [model.joint(f"{side}-{name}", place) for name in ("shoulder", "elbow", "hand")]
        on_side = place[:, 0] * sign > 0
        coordinate, angle = _arm_coordinates(place, points, sign)
        along[on_side] = coordinate[on_side]
        around[on_side] = angle[on_side]
    # On the trunk the coordinate must stay negative, also where the trunk lies below the arm.
    trunk = np.minimum(along, -0.12 - 0.5 * np.maximum(0, 0.66 - place[:, 2]))
    return Landmarks(place, arm, (arm * along + (1 - arm) * trunk).astype(np.float32), around)


def _arm_coordinates(place: np.ndarray, joints: list[np.ndarray], sign: int) -> tuple[np.ndarray, np.ndarray]:
    """Coordinate along shoulder, elbow and hand in [.., 1], and the angle about the arm."""
    shoulder, elbow, hand = joints
    upper, lower = np.linalg.norm(elbow - shoulder), np.linalg.norm(hand - elbow)
    first = (elbow - shoulder) / upper
    second = (hand - elbow) / lower
    on_upper = np.minimum((place - shoulder) @ first, upper)
    on_lower = np.maximum((place - elbow) @ second, 0)
    coordinate = (on_upper + on_lower) / (upper + lower)
    axis = np.where((on_lower > 0)[:, None], second, first)
    foot = np.where((on_lower > 0)[:, None], elbow + on_lower[:, None] * second, shoulder + on_upper[:, None] * first)
    out = place - foot
    up = np.array([0, 0, 1.0]) - axis * axis[:, 2:3]
    up /= np.linalg.norm(up, axis=1, keepdims=True)
    side = np.cross(axis, up) * sign
    return coordinate, np.arctan2((out * side).sum(axis=1), (out * up).sum(axis=1))


@functools.cache
def suit() -> Suit:
    """The suit, made once a process."""
    model = body_model()
    vertices = model.group("helper-tights")
    number = np.full(len(template()), -1)
    number[vertices] = np.arange(len(vertices))
    fine = subdivide(number[model.mesh.quads["helper-tights"]], len(vertices))
    coarse = landmarks_of_all()
    indices, weights = _fine_weights(model, vertices, fine)
    place = np.asarray(fine.weights @ template()[vertices], np.float32)
    smooth = Landmarks(
        place=place,
        arm=np.asarray(fine.linear @ coarse.arm[vertices], np.float32),
        along=np.asarray(fine.weights @ coarse.along[vertices], np.float32),
        around=_mean_angle(fine, coarse.around[vertices]),
    )
    return Suit(vertices, fine, smooth, indices, weights)


def _mean_angle(fine: Subdivision, angle: np.ndarray) -> np.ndarray:
    """Angles carried to the finer mesh through their directions, so that -pi and pi meet."""
    return np.asarray(np.arctan2(fine.linear @ np.sin(angle), fine.linear @ np.cos(angle)), np.float32)


def _fine_weights(model: BodyModel, vertices: np.ndarray, fine: Subdivision) -> tuple[np.ndarray, np.ndarray]:
    """Skinning weights of the subdivided vertices."""
    dense = np.zeros((len(vertices), len(model.bones)), np.float32)
    np.put_along_axis(dense, model.bone_indices[vertices].astype(np.int64), model.bone_weights[vertices], axis=1)
    return compact_weights(np.asarray(fine.linear @ dense))
