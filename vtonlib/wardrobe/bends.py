"""How far a pose bends the joints that crease cloth."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from vtonlib.wardrobe.body import body_model
from vtonlib.wardrobe.landmarks import template


@dataclass(frozen=True)
class Bends:
    """Each (2,) for the person's left and right, 0 at rest, 1 at the far end.

    Attributes:
        raised: how far the upper arm is lifted: 0 hanging, 1 straight up.
        elbow: how far the elbow is bent: 0 straight, 1 by 130 degrees.
        knee: how far the knee is bent: 0 straight, 1 by 90 degrees.
        hip: how far the thigh is lifted forward: 0 straight, 1 by 90 degrees.
    """

    raised: np.ndarray
    elbow: np.ndarray
    knee: np.ndarray
    hip: np.ndarray


AT_REST = Bends(*(np.zeros(2) for _ in range(4)))


def bends_of(transforms: np.ndarray) -> Bends:
    """The bends of a pose given by bone transforms (B, 3, 4)."""
    found = [_posed(transforms, side) for side in ("l", "r")]
    return Bends(*(np.array(values) for values in zip(*found, strict=True)))


def _posed(transforms: np.ndarray, side: str) -> tuple[float, float, float, float]:
    upper_arm, lower_arm, thigh, shin = (
        transforms[bone, :, :3] @ along / np.linalg.norm(along) for bone, along in _limbs(side)
    )
    raised = _angle(upper_arm, np.array([0, 0, -1.0])) / np.pi
    elbow = _angle(upper_arm, lower_arm) / np.radians(130)
    knee = _angle(thigh, shin) / np.radians(90)
    hip = max(0.0, -float(thigh[1])) / np.linalg.norm(thigh)
    return raised, min(1.0, elbow), min(1.0, knee), float(hip)


@functools.cache
def _limbs(side: str) -> tuple[tuple[int, np.ndarray], ...]:
    """The bones of upper arm, forearm, thigh and shin, and their directions at rest."""
    model = body_model()
    rest = template()
    joints = {name: model.joint(f"{side}-{name}", rest) for name in (
        "shoulder", "elbow", "hand", "upper-leg", "knee", "ankle",
    )}  # fmt: skip
    ends = (
        ("upperarm02", "shoulder", "elbow"), ("lowerarm01", "elbow", "hand"),
        ("upperleg02", "upper-leg", "knee"), ("lowerleg01", "knee", "ankle"),
    )  # fmt: skip
    return tuple((model.bones.index(f"{bone}.{side.upper()}"), joints[b] - joints[a]) for bone, a, b in ends)


def _angle(a: np.ndarray, b: np.ndarray) -> float:
    """Radians between two directions."""
    return float(np.arccos(np.clip(a @ b / np.linalg.norm(a) / np.linalg.norm(b), -1, 1)))
