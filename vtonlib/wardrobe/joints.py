"""The joints of a posed body in the order of COCO-18, and which of them a picture shows."""

from __future__ import annotations

import functools

import numpy as np
from scipy.sparse import csr_matrix

from vtonlib.data.keypoints import COCO_18
from vtonlib.wardrobe.body import Phenotype, body_model
from vtonlib.wardrobe.camera import Camera

SLACK = 0.03
"""Metres by which something must lie before a joint's own skin to hide it.

More than the skin's slope adds over _NEAR (2 cm at most), less than a hand held before the body: 12 mm of air and at
least 25 mm of hand.
"""

_NEAR = 0.02  # how far beside a joint, in metres, its own skin is looked for

# Metres around a joint within which skin is its own: the limb's radius there, so that the skin in front of the joint is
# found in every view; 0 for an ear, which is thin. Measured on six bodies, skin lies before its joint by 7 mm (nose) to
# 10 cm (hip) from the front, and by up to 16 cm (hip) at 40 degrees.
_REACH = {
    "nose": 0.02, "eye": 0.022, "ear": 0.0, "neck": 0.11, "shoulder": 0.11, "elbow": 0.065, "wrist": 0.045,
    "hip": 0.17, "knee": 0.09, "ankle": 0.07,
}  # fmt: skip


@functools.cache
def _regressor() -> csr_matrix:
    """The matrix (18, V) from vertices to joints: anny's, with the neck halfway between the shoulders."""
    model = body_model()
    rows = dict(zip(model.joint_names, model.regressor, strict=True))
    rows["neck"] = 0.5 * (rows["left_shoulder"] + rows["right_shoulder"])
    return csr_matrix(np.stack([rows[name] for name in COCO_18]))


@functools.cache
def _own_skin() -> tuple[np.ndarray, ...]:
    """For each joint the vertices of its own skin; in the template's pose no other limb comes near."""
    model = body_model()
    rest = model.shape(Phenotype())
    body = model.group("body")
    joints = keypoints(rest)
    return tuple(
        body[np.linalg.norm(rest[body] - joint, axis=1) < _REACH[name.split("_")[-1]]]
        for name, joint in zip(COCO_18, joints, strict=True)
    )


def keypoints(vertices: np.ndarray) -> np.ndarray:
    """Joints (18, 3) in metres, in the order of COCO-18, of a posed body (V, 3)."""
    return np.asarray(_regressor() @ vertices, np.float32)


def visible(vertices: np.ndarray, camera: Camera, depth: np.ndarray) -> np.ndarray:
    """Which joints a picture shows, (18,) bool.

    A joint lies inside the body, so it counts as seen unless something hides the skin in front of it, or it falls
    outside the picture. People who label joints see through clothes: give the depth as it stands before they are drawn.

    Args:
        vertices: the posed body (V, 3).
        camera: the picture's.
        depth: (H, W) metres from the camera, inf where empty.
    """
    joints = camera.project(keypoints(vertices))
    scale = depth.shape[0] / camera.height_m  # samples to a metre
    out = np.zeros(len(joints), bool)
    for number, (x, y, own_depth) in enumerate(joints):
        if not (0 <= x < depth.shape[1] and 0 <= y < depth.shape[0]):
            continue
        skin = camera.project(vertices[_own_skin()[number]])
        here = np.hypot(skin[:, 0] - x, skin[:, 1] - y) < _NEAR * scale
        front = min(float(skin[here, 2].min(initial=np.inf)), float(own_depth))
        out[number] = depth[int(y), int(x)] > front - SLACK
    return out
