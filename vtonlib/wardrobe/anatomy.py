"""Which part of the body each triangle of the skin belongs to, in LIP's labels."""

from __future__ import annotations

import functools

import numpy as np

from vtonlib.data.labels import LIP
from vtonlib.wardrobe.body import body_model
from vtonlib.wardrobe.landmarks import template
from vtonlib.wardrobe.scene import NECK

_ARM = ("upperarm", "lowerarm", "wrist", "finger", "metacarpal")
_LEG = ("upperleg", "lowerleg", "foot", "toe")
_TRUNK = ("neck", "spine", "clavicle", "shoulder", "breast", "pelvis", "root")


@functools.cache
def part_of_triangles() -> np.ndarray:
    """(F,) uint8 labels of the triangles of the group 'body': face, arms, legs, or NECK for neck and trunk."""
    model = body_model()
    strongest = [model.bones[i] for i in model.bone_indices[:, 0]]
    labels = np.full(len(strongest), LIP["face"], np.uint8)
    for number, bone in enumerate(strongest):
        side = "left" if bone.endswith(".L") else "right"
        if bone.startswith(_ARM):
            labels[number] = LIP[f"{side}_arm"]
        elif bone.startswith(_LEG):
            labels[number] = LIP[f"{side}_leg"]
        elif bone.startswith(_TRUNK):
            labels[number] = NECK
    place = template()
    jaw = (labels == NECK) & (place[:, 2] > 0.845) & (place[:, 1] < -0.05)
    labels[jaw] = LIP["face"]
    return np.asarray(labels[model.mesh.triangles["body"][:, 0]])
