"""The clothing-agnostic picture of VITON-HD (Choi et al. 2021, arXiv:2103.16874, section 3.1): tops only.

Arms, torso and neck are painted over with grey along the joints, wide enough to hide the outline of the old garment;
head and lower body are put back. Widths are counted in sixteenths of the distance between the shoulders, as in code of
the same line. Departures: what is left of the old garment beside the strokes is painted over too, since ours may be
loose; and where the hips are out of the picture the torso goes straight down.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vtonlib.data.keypoints import COCO
from vtonlib.data.labels import LIP
from vtonlib.data.sample import View
from vtonlib.errors import VtonError

HEAD = ("sunglasses", "face")
LOWER_BODY = ("pants", "skirt", "left_leg", "right_leg", "left_shoe", "right_shoe")
CLOTHES = ("upper_clothes", "dress", "coat")

UNITS_PER_SHOULDERS = 16
ARM, SIDE, HIPS, NECK = 5, 3, 6, 7
"""Half widths in units of the strokes along the arms, the sides of the torso and the hips, and of the neck's square."""

TORSO_LENGTH = 1.5
"""Distance from the shoulders to the hips in distances between the shoulders, where the hips cannot be seen."""

Point = NDArray[np.floating[Any]]


def agnostic_picture(view: View) -> Tensor:
    """The person without what a top decides: (3, H, W) float32 in [-1, 1], 0 (the middle grey) where painted over.

    Raises:
        VtonError: if the view has no ``parse`` or ``keypoints``, or a shoulder cannot be seen.
    """
    hidden = torch.from_numpy(agnostic_mask(view))
    picture = torch.from_numpy(view.image).permute(2, 0, 1).float() / 127.5 - 1
    return picture.masked_fill(hidden, 0.0)


def agnostic_mask(view: View) -> NDArray[np.bool_]:
    """Pixels (H, W) bool that the agnostic picture paints over.

    Raises:
        VtonError: as :func:`agnostic_picture`.
    """
    parse, keypoints = view.require("parse"), view.require("keypoints")
    joints = {name: keypoints[number, :2] for name, number in COCO.items() if keypoints[number, 2]}
    for side in ("left", "right"):
        if f"{side}_shoulder" not in joints:
            raise VtonError(f"view: field 'keypoints' has no visible {side} shoulder; choose a picture from the front")
    drawn = torso(joints, view.size) | arms(joints, view.size) | neck(joints, view.size)
    kept = np.isin(parse, [LIP[name] for name in HEAD + LOWER_BODY])
    worn = np.isin(parse, [LIP[name] for name in CLOTHES])
    mask: NDArray[np.bool_] = (drawn & ~kept) | worn
    return mask


def _unit(joints: dict[str, Point]) -> float:
    across = joints["left_shoulder"] - joints["right_shoulder"]
    return float(np.hypot(*across)) / UNITS_PER_SHOULDERS


def arms(joints: dict[str, Point], size: tuple[int, int]) -> NDArray[np.bool_]:
    """Strokes along both arms as far as their joints are seen, and from shoulder to shoulder.

    Args:
        joints: the visible joints by name, (x, y) in pixels; both shoulders are among them.
        size: (height, width) of the picture.

    Returns:
        (H, W) bool.
    """
    radius = ARM * _unit(joints)
    drawn = _stroke(joints["left_shoulder"], joints["right_shoulder"], radius, size)
    for side in ("left", "right"):
        chain = [joints.get(f"{side}_{name}") for name in ("shoulder", "elbow", "wrist")]
        for start, end in itertools.pairwise(chain):
            if start is not None and end is not None:
                drawn |= _stroke(start, end, radius, size)
    return drawn


def torso(joints: dict[str, Point], size: tuple[int, int]) -> NDArray[np.bool_]:
    """The quadrangle of shoulders and hips, the hips as far apart as the shoulders, with strokes along its sides.

    Arguments and result as for :func:`arms`.
    """
    left, right = joints["left_shoulder"], joints["right_shoulder"]
    breadth = float(np.hypot(*(left - right)))
    if "left_hip" in joints and "right_hip" in joints:
        middle = (joints["left_hip"] + joints["right_hip"]) / 2
        across = joints["left_hip"] - joints["right_hip"]
        half = across * breadth / max(float(np.hypot(*across)), 1e-6) / 2
        low_left: Point = middle + half
        low_right: Point = middle - half
    else:
        down = np.array([0, TORSO_LENGTH * breadth], np.float32)
        low_left, low_right = left + down, right + down
    unit = _unit(joints)
    inwards = (low_right - low_left) * (HIPS - SIDE) / UNITS_PER_SHOULDERS  # so that its round ends stay at the sides
    return (
        _quadrangle([left, right, low_right, low_left], size)
        | _stroke(left, low_left, SIDE * unit, size)
        | _stroke(right, low_right, SIDE * unit, size)
        | _stroke(low_left + inwards, low_right - inwards, HIPS * unit, size)
    )


def neck(joints: dict[str, Point], size: tuple[int, int]) -> NDArray[np.bool_]:
    """A square round the neck, which stands between the shoulders where its joint is hidden.

    Arguments and result as for :func:`arms`.
    """
    centre = joints.get("neck", (joints["left_shoulder"] + joints["right_shoulder"]) / 2)
    x, y = _grid(size)
    near: NDArray[np.bool_] = np.maximum(abs(x - centre[0]), abs(y - centre[1])) <= NECK * _unit(joints)
    return near


def _stroke(start: Point, end: Point, radius: float, size: tuple[int, int]) -> NDArray[np.bool_]:
    """Pixels within a radius of a line from one point to another."""
    x, y = _grid(size)
    along = end - start
    share = ((x - start[0]) * along[0] + (y - start[1]) * along[1]) / max(float(along @ along), 1e-6)
    share = share.clip(0, 1)
    near: NDArray[np.bool_] = np.hypot(x - start[0] - share * along[0], y - start[1] - share * along[1]) <= radius
    return near


def _quadrangle(corners: list[Point], size: tuple[int, int]) -> NDArray[np.bool_]:
    """Pixels inside a convex quadrangle, whichever way round it goes."""
    x, y = _grid(size)
    sides = [
        (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])
        for a, b in zip(corners, corners[1:] + corners[:1], strict=True)
    ]
    inside: NDArray[np.bool_] = np.all([s >= 0 for s in sides], axis=0) | np.all([s <= 0 for s in sides], axis=0)
    return inside


def _grid(size: tuple[int, int]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    y, x = np.mgrid[: size[0], : size[1]].astype(np.float32)
    return x, y
