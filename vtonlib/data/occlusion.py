"""Arms in front of a garment, found in labels and joints."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vtonlib.data.keypoints import COCO
from vtonlib.data.labels import LIP

GARMENT_LABELS = {
    "top": ("upper_clothes", "coat"),
    "bottom": ("pants", "skirt"),
    "dress": ("dress", "jumpsuits"),
}
"""Labels that a garment of each category may have."""

LEAST_SHARE = 0.001
"""Share of the picture that must be arm before garment: 12 pixels of 128 x 96."""
REACH = 0.12
"""How far garment may be from such a pixel, in heights of the picture: more than an arm is wide."""
NEAR = 0.05
"""How far a wrist or an elbow may be from such a pixel, in heights of the picture."""


def arm_occludes(parse: NDArray[np.uint8], keypoints: NDArray[np.float32], category: str) -> bool:
    """Whether a bare arm or a hand lies over the garment.

    A pixel of the arm lies over the garment if garment is seen on two opposite sides of it, left and right or above and
    below, within :data:`REACH`; an arm that hangs beside the body has it on one side. At least :data:`LEAST_SHARE` of
    the picture must be such pixels of one arm, and a visible wrist or elbow of that arm must be within :data:`NEAR` of
    them, so that a shoulder between sleeve and strap does not count.

    Args:
        parse: (H, W) labels of LIP-20.
        keypoints: (18, 3) x, y in pixels, visible.
        category: ``top``, ``bottom`` or ``dress``.
    """
    garment = np.isin(parse, [LIP[name] for name in GARMENT_LABELS[category]])
    reach = REACH * len(parse)
    between = _between(garment, reach, 0) | _between(garment, reach, 1)
    for side in ("left", "right"):
        y, x = np.nonzero(between & (parse == LIP[f"{side}_arm"]))
        if len(x) < LEAST_SHARE * parse.size:
            continue
        for joint in ("wrist", "elbow"):
            joint_x, joint_y, visible = keypoints[COCO[f"{side}_{joint}"]]
            if visible and np.hypot(x - joint_x, y - joint_y).min() <= NEAR * len(parse):
                return True
    return False


def _between(mask: NDArray[np.bool_], reach: float, axis: int) -> NDArray[np.bool_]:
    """Pixels (H, W) with a pixel of the mask before and after them along an axis, each at most ``reach`` away."""

    def near_before(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        place = np.indices(mask.shape)[axis]
        last = np.maximum.accumulate(np.where(mask, place, -np.inf), axis)
        return np.asarray(place - last <= reach)

    return near_before(mask) & np.flip(near_before(np.flip(mask, axis)), axis)
