"""Keeps arms out of the body: a pose made for an average body is turned at the shoulders until it suits another."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from vtonlib.wardrobe.body import body_model
from vtonlib.wardrobe.limbs import turn
from vtonlib.wardrobe.mesh import normals
from vtonlib.wardrobe.poses import Pose
from vtonlib.wardrobe.skinning import skin

FREE = 0.035
"""Metres that a free forearm and hand keep from the body: room for loose clothes."""

TOUCH = 0.012
"""Metres between the body and a hand that rests on it: the thickness of clothes."""

_STEP = 1.5  # degrees
_EVERY = 4  # of an arm's 1,700 vertices, most of them in the hand, the fit looks at one in so many
_OUT, _IN = 55.0, 20.0  # how far an arm may turn from its preset, in degrees
_TRUNK = (
    "root", "pelvis", "spine", "breast", "upperleg", "clavicle", "shoulder", "neck", "head", "jaw",
    "ocul", "oris", "orbi", "levator", "risorius", "temporalis", "special",
)  # fmt: skip
_LIMB = ("lowerarm", "wrist", "metacarpal", "finger")


@dataclass(frozen=True)
class _Parts:
    """Vertices: ``trunk`` with shoulders, thighs and head; per side ``arms`` below the elbow, ``hands``."""

    trunk: np.ndarray
    arms: dict[str, np.ndarray]
    hands: dict[str, np.ndarray]


@functools.cache
def _parts() -> _Parts:
    model = body_model()
    body = model.group("body")
    strongest = np.array(model.bones)[model.bone_indices[body, 0]]

    def owned(stems: tuple[str, ...], ending: str = "") -> np.ndarray:
        return body[[name.startswith(stems) and name.endswith(ending) for name in strongest]]

    return _Parts(
        trunk=owned(_TRUNK),
        arms={side: owned(_LIMB, f".{side}") for side in "LR"},
        hands={side: owned(_LIMB[1:], f".{side}") for side in "LR"},
    )


class _Obstacle:
    """Points with normals that an arm must not enter."""

    def __init__(self, points: np.ndarray, outwards: np.ndarray) -> None:
        self._points, self._outwards = points, outwards
        self._tree = cKDTree(points, balanced_tree=False, compact_nodes=False)  # made in half the time

    def gap(self, points: np.ndarray) -> float:
        """The least distance in metres from points (N, 3); negative inside."""
        distance, nearest = self._tree.query(points)
        away = points - self._points[nearest]
        # Inside, the nearest vertex lies straight out; one that lies sideways is the rim of an armpit or a chin.
        inside = (away * self._outwards[nearest]).sum(axis=1) < -0.5 * distance
        return float(np.where(inside & (distance < 0.12), -distance, distance).min())


def gap(vertices: np.ndarray, side: str, hand_only: bool = False) -> float:
    """How far forearm and hand of a posed body (V, 3) stay from trunk, head and thighs, in metres."""
    parts = _parts()
    outwards = normals(vertices, body_model().mesh.triangles["body"])
    obstacle = _Obstacle(vertices[parts.trunk], outwards[parts.trunk])
    return obstacle.gap(vertices[(parts.hands if hand_only else parts.arms)[side]])


def fit(pose: Pose, rest: np.ndarray) -> dict[str, np.ndarray]:
    """The pose's local rotations (3, 3), with the upper arms turned so that both arms suit a rest body (V, 3).

    A free arm moves out until FREE metres of air are left; a hand that rests on the body moves until it is TOUCH
    metres away. About 25 ms.
    """
    model, parts = body_model(), _parts()
    rest = np.ascontiguousarray(rest, np.float32)
    transforms = model.bone_transforms(rest, pose.rotations)
    posed = skin(rest, model.bone_indices, model.bone_weights, transforms)
    outwards = normals(posed, model.mesh.triangles["body"])
    points, facing = [posed[parts.trunk]], [outwards[parts.trunk]]
    out = dict(pose.rotations)
    for side in sorted(pose.leaves, key=lambda side: pose.leaves[side].over):
        leave = pose.leaves[side]
        bone = f"upperarm01.{side}"
        index = model.bones.index(bone)
        shoulder = transforms[index][:, :3] @ model.bone_heads(rest)[index] + transforms[index][:, 3]
        arm = posed[parts.arms[side][::_EVERY]] - shoulder
        obstacle = _Obstacle(np.concatenate(points), np.concatenate(facing))
        angle = _angle(arm, shoulder, leave.axis, TOUCH if leave.touch else FREE, leave.touch, obstacle)
        moved = turn(leave.axis, angle)
        above = transforms[model.parents[index]][:, :3]
        out[bone] = (above.T @ moved @ above @ out[bone]).astype(np.float32)
        points.append((arm @ moved.T + shoulder).astype(np.float32))
        facing.append((outwards[parts.arms[side][::_EVERY]] @ moved.T).astype(np.float32))
    return out


def _angle(
    arm: np.ndarray, shoulder: np.ndarray, axis: np.ndarray, wanted: float, touch: bool, obstacle: _Obstacle
) -> float:
    """Degrees by which the arm turns about the axis so that the gap is as wanted; where none is, the widest gap."""

    def room(angle: float) -> float:
        return obstacle.gap(arm @ turn(axis, angle).T + shoulder)

    here = room(0)
    if here < wanted:
        angles = np.arange(_STEP, _OUT, _STEP)
    elif touch:
        angles = -np.arange(_STEP, _IN, _STEP)
    else:
        return 0.0
    best, widest = 0.0, here
    for angle in angles:
        now = room(float(angle))
        if here < wanted:
            if now > widest:
                best, widest = float(angle), now
            if now >= wanted:
                break
        elif now < wanted:
            break
        else:
            best = float(angle)
    return best
