"""Joints of the body, and the JSON files of OpenPose that hold them.

A pose is (18, 3) float32: x and y in pixels and 1 where the joint can be seen, else 0, in the order of COCO-18; left
and right are the person's. Files are written as BODY_25, the order that readers of VITON-HD's layout count on.
"""

from __future__ import annotations

import json

import numpy as np
from numpy.typing import NDArray

COCO_18 = (
    "nose", "neck", "right_shoulder", "right_elbow", "right_wrist", "left_shoulder", "left_elbow", "left_wrist",
    "right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle",
    "right_eye", "left_eye", "right_ear", "left_ear",
)  # fmt: skip
"""Names of the joints in the order of OpenPose's COCO model."""

COCO = {name: number for number, name in enumerate(COCO_18)}
"""Number of each joint."""

IN_BODY_25 = (0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18)
"""Where each joint of COCO-18 stands in BODY_25, which has the middle of the hips at 8 and six points of the feet."""


def encode_openpose(keypoints: NDArray[np.float32]) -> bytes:
    """A JSON file of OpenPose with one person, rounded to a hundredth of a pixel.

    The middle of the hips is set between them; the points of the feet are left at zero, OpenPose's sign for unknown.

    Args:
        keypoints: (18, 3) x, y, visible.
    """
    body = np.zeros((25, 3))
    body[list(IN_BODY_25)] = keypoints
    hips = body[[9, 12]]
    body[8] = [*hips[:, :2].mean(0), hips[:, 2].min()]
    numbers = [int(n) if n == int(n) else n for n in body.round(2).ravel().tolist()]
    person = {"person_id": [-1], "pose_keypoints_2d": numbers}
    return (json.dumps({"version": 1.3, "people": [person]}, separators=(",", ":")) + "\n").encode()


def decode_openpose(data: bytes) -> NDArray[np.float32]:
    """The first person of a JSON file of OpenPose, BODY_25 or COCO-18, as (18, 3) x, y, visible.

    A joint counts as visible if OpenPose's confidence is above zero.

    Raises:
        ValueError: if the file holds no such person.
    """
    try:
        numbers = json.loads(data)["people"][0]["pose_keypoints_2d"]
        joints = np.array(numbers, np.float32).reshape(-1, 3)
    except (KeyError, IndexError, TypeError) as error:
        raise ValueError(f"no person with pose_keypoints_2d ({error!r})") from error
    if len(joints) == 25:
        joints = joints[list(IN_BODY_25)]
    if len(joints) != len(COCO_18):
        raise ValueError(f"{len(joints)} joints, neither 25 nor 18")
    joints[:, 2] = joints[:, 2] > 0
    return joints
