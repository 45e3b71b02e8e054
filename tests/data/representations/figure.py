"""A person of rectangles, large enough to know every number of its representations by heart."""

import numpy as np

from vtonlib.data.keypoints import COCO
from vtonlib.data.labels import LIP
from vtonlib.data.sample import View

SIZE = (256, 192)

# Rows and columns of each part; all sides are multiples of 16, so that a cell of 16 x 12 is full or empty.
PARTS = {
    "hair": (slice(16, 32), slice(80, 112)),
    "face": (slice(32, 48), slice(80, 112)),
    "upper_clothes": (slice(64, 128), slice(64, 128)),
    "right_arm": (slice(64, 144), slice(32, 64)),  # on the left of the picture: sides are the person's
    "left_arm": (slice(64, 144), slice(128, 160)),
    "pants": (slice(128, 208), slice(64, 128)),
    "right_leg": (slice(208, 240), slice(64, 96)),
    "left_leg": (slice(208, 240), slice(96, 128)),
}
NECK = (slice(48, 64), slice(80, 112))
COLOURS = {name: (10 + 7 * number, 200 - 5 * number, 40 + 10 * number) for name, number in LIP.items()}

JOINTS = {
    "nose": (96, 40), "neck": (96, 60),
    "right_shoulder": (64, 68), "right_elbow": (48, 100), "right_wrist": (48, 136),
    "left_shoulder": (128, 68), "left_elbow": (144, 100), "left_wrist": (144, 136),
    "right_hip": (80, 132), "left_hip": (112, 132), "right_knee": (80, 200), "left_knee": (112, 200),
    "right_eye": (90, 36), "left_eye": (102, 36),
}  # fmt: skip
"""Ankles and ears are not seen."""


def figure() -> View:
    image, parse, neck = np.full((*SIZE, 3), 250, np.uint8), np.zeros(SIZE, np.uint8), np.zeros(SIZE, bool)
    for name, region in PARTS.items():
        parse[region], image[region] = LIP[name], COLOURS[name]
    neck[NECK], image[NECK] = True, COLOURS["face"]
    keypoints = np.zeros((18, 3), np.float32)
    for name, place in JOINTS.items():
        keypoints[COCO[name]] = (*place, 1)
    return View(image=image, parse=parse, neck=neck, keypoints=keypoints, framing="whole", turn_deg=8.0)


def signed(name: str) -> list[float]:
    """The colour of a part in [-1, 1]."""
    return [channel / 127.5 - 1 for channel in COLOURS[name]]
