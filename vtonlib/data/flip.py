"""Mirror images of whole samples: left becomes right in pixels, labels and joints alike.

A mirrored letter stays mirrored, and a caption is left as it is: the wardrobe's name no sides.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from vtonlib.data.keypoints import COCO, COCO_18
from vtonlib.data.label_sets import LIP_SET
from vtonlib.data.sample import GARMENTS, VIEWS, Garment, Sample, View

MIRRORED_JOINTS = tuple(
    COCO[{"left": "right", "right": "left"}.get(side, side) + name[len(side) :]]
    for name in COCO_18
    for side in [name.split("_")[0]]
)
"""For each joint of COCO-18 the number of its counterpart."""

Maps = TypeVar("Maps", bound=np.generic)


def flip_sample(sample: Sample) -> Sample:
    """Mirror every view and every garment of a sample; doing it twice gives the sample back.

    Places of joints and of correspondences may come back with the last digit of a float32 changed.
    """
    worn = {
        "person": sample.cloth, "other_pose": sample.cloth,
        "swap": sample.other_cloth, "other_pose_swap": sample.other_cloth,
    }  # fmt: skip
    views = {slot: getattr(sample, slot) for slot in VIEWS if getattr(sample, slot)}
    garments = {slot: getattr(sample, slot) for slot in GARMENTS if getattr(sample, slot)}
    changed: dict[str, Any] = {slot: flip_garment(garment) for slot, garment in garments.items()}
    for slot, view in views.items():
        garment = worn[slot]
        shop = None if garment is None else garment.image
        changed[slot] = flip_view(view, view.size[1] if shop is None else shop.shape[1])
    return replace(sample, **changed)


def flip_view(view: View, garment_width: int) -> View:
    """Mirror a view.

    Args:
        view: what to mirror.
        garment_width: width of the in-shop picture that the correspondence points into; it is mirrored as well.
    """
    points = view.correspondence
    if points is not None:
        points = _flipped(points)
        points[..., 0] = garment_width - 1 - points[..., 0]
    return replace(
        view,
        image=_flipped(view.image),
        parse=None if view.parse is None else LIP_SET.mirrored()[_flipped(view.parse)],
        neck=None if view.neck is None else _flipped(view.neck),
        keypoints=None if view.keypoints is None else flip_keypoints(view.keypoints, view.size[1]),
        correspondence=points,
        turn_deg=None if view.turn_deg is None else -view.turn_deg,
    )


def flip_garment(garment: Garment) -> Garment:
    """Mirror the pictures of a garment."""
    maps = {name: getattr(garment, name) for name in ("image", "mask", "inner_collar", "label_tag", "alpha")}
    changed: dict[str, Any] = {name: _flipped(array) for name, array in maps.items() if array is not None}
    return replace(garment, **changed)


def flip_keypoints(keypoints: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    """Mirror joints (18, 3) in a picture of a width in pixels; the left wrist becomes the right one."""
    mirrored = keypoints[list(MIRRORED_JOINTS)]
    mirrored[:, 0] = width - 1 - mirrored[:, 0]
    return mirrored


def _flipped(array: NDArray[Maps]) -> NDArray[Maps]:
    """A picture (H, W, ...) with its columns in the other order, in memory of its own."""
    return np.ascontiguousarray(array[:, ::-1])
