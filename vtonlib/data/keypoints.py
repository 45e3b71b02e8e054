"""Joints of the body, and the JSON files of OpenPose that hold them.

A pose is (18, 3) float32: x and y in pixels and 1 where the joint can be seen, else 0, in the order of COCO-18; left
and right are the person's. The centre of a pixel has whole numbers, so the picture spans -0.5 to its width - 0.5.
Files are written as BODY_25, the order that readers of VITON-HD's layout count on.
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

COCO_17 = (
    "nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow",
    "right_elbow", "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle",
    "right_ankle",
)  # fmt: skip
"""Names in the order of the data set COCO, which most newer detectors give; it has no neck."""

JSON_KEYS = ("pose_keypoints_2d", "pose_keypoints")
"""OpenPose's name for the numbers of a person, since version 1.2 and before."""

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
    """The first person of a JSON file of OpenPose as (18, 3) x, y, visible.

    BODY_25 and COCO-18 are read under both of :data:`JSON_KEYS`, and 17 joints in the order of COCO too. A joint counts
    as visible if its confidence is above zero.

    Raises:
        ValueError: if the file holds no such person.
    """
    try:
        person = json.loads(data)["people"][0]
        numbers = person[next((key for key in JSON_KEYS if key in person), JSON_KEYS[0])]
        joints = np.array(numbers, np.float32).reshape(-1, 3)
    except (KeyError, IndexError, TypeError) as error:
        raise ValueError(f"no person with pose_keypoints_2d ({error!r})") from error
    if len(joints) == 25:
        joints = joints[list(IN_BODY_25)]
    elif len(joints) == len(COCO_17):
        joints = from_coco_17(joints)
    if len(joints) != len(COCO_18):
        raise ValueError(f"{len(joints)} joints, neither 25 nor 18 nor 17")
    joints[:, 2] = joints[:, 2] > 0
    return joints


def from_coco_17(joints: NDArray[np.float32]) -> NDArray[np.float32]:
    """Joints of the data set COCO in the order of COCO-18, with the neck halfway between the shoulders.

    Args:
        joints: (17, 3) x, y, and a confidence or COCO's flag (0 unknown, 1 marked though hidden, 2 visible).

    Returns:
        (18, 3) x, y, visible: 1 where the last number is above zero, and for the neck where both shoulders are visible.
    """
    place = {name: number for number, name in enumerate(COCO_17)}
    pose = np.zeros((len(COCO_18), 3), np.float32)
    for number, name in enumerate(COCO_18):
        if name != "neck":
            pose[number] = joints[place[name]]
    shoulders = pose[[COCO["left_shoulder"], COCO["right_shoulder"]]]
    pose[COCO["neck"]] = [*shoulders[:, :2].mean(0), shoulders[:, 2].min()]
    pose[:, 2] = pose[:, 2] > 0
    return pose


def resize_keypoints(
    keypoints: NDArray[np.float32], size: tuple[int, int], new_size: tuple[int, int]
) -> NDArray[np.float32]:
    """Joints (..., 3) of a picture of one (height, width), in the pixels of the same picture at another one."""
    factors = np.array([new_size[1] / size[1], new_size[0] / size[0]], np.float32)
    resized = keypoints.copy()
    resized[..., :2] = (keypoints[..., :2] + 0.5) * factors - 0.5
    return resized
