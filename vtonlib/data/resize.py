"""Samples at another size, and as squares."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vtonlib.data.keypoints import resize_keypoints
from vtonlib.data.sample import GARMENTS, VIEWS, Garment, Sample, View
from vtonlib.errors import VtonError

Size = tuple[int, int]
GARMENT_MAPS = ("image", "mask", "inner_collar", "label_tag", "alpha")

Maps = TypeVar("Maps", bound=np.generic)


def resize_sample(sample: Sample, size: Size) -> Sample:
    """Every picture of a sample at (height, width).

    Colours and alpha are averaged where they shrink and interpolated where they grow (Pillow's bilinear filter); labels
    and masks take the nearest pixel, so that no label appears that was not there. Places are scaled with the pictures.
    """
    garments = {slot: getattr(sample, slot) for slot in GARMENTS if getattr(sample, slot)}
    worn_size = _shop_size(sample)
    views = {slot: getattr(sample, slot) for slot in VIEWS if getattr(sample, slot)}
    changed: dict[str, Any] = {slot: _resize_garment(garment, size) for slot, garment in garments.items()}
    changed |= {slot: _resize_view(view, size, worn_size) for slot, view in views.items()}
    return replace(sample, **changed)


def pad_sample(sample: Sample) -> Sample:
    """Every portrait of a sample as a square; see :func:`pad_view`. Correspondences move with their garment's picture.

    Raises:
        VtonError: if a picture is wider than high.
    """
    before, _ = _margins(_shop_size(sample))
    changed: dict[str, Any] = {}
    for slot in VIEWS:
        view = getattr(sample, slot)
        if view is not None:
            points = None if view.correspondence is None else view.correspondence + np.array([before, 0], np.float32)
            changed[slot] = pad_view(replace(view, correspondence=points))
    for slot in GARMENTS:
        garment = getattr(sample, slot)
        if garment is not None:
            maps = {name: getattr(garment, name) for name in GARMENT_MAPS}
            changed[slot] = replace(garment, **{n: _widened(m, "edge") for n, m in maps.items() if m is not None})
    return replace(sample, **changed)


def pad_view(view: View) -> View:
    """A portrait as a square of its height: the outermost columns are repeated, half of them on each side.

    FashionGAN (Zhu et al. 2017, arXiv:1710.07346) works on squares. Labels are repeated with the colours, so that an
    arm that the frame cuts stays an arm; joints move with the picture, and no correspondence is invented.

    Raises:
        VtonError: if the picture is wider than high.
    """
    before, _ = _margins(view.size)
    points, joints = view.correspondence, view.keypoints
    return replace(
        view,
        image=_widened(view.image, "edge"),
        parse=None if view.parse is None else _widened(view.parse, "edge"),
        neck=None if view.neck is None else _widened(view.neck, "edge"),
        keypoints=None if joints is None else joints + np.array([before, 0, 0], np.float32),
        correspondence=None if points is None else _widened(points, "constant", constant_values=np.nan),
    )


def _widened(array: NDArray[Maps], mode: Literal["edge", "constant"], **settings: Any) -> NDArray[Maps]:
    margins = _margins(array.shape[:2])
    return np.pad(array, [(0, 0), margins, (0, 0)][: array.ndim], mode, **settings)


def _margins(size: Size) -> tuple[int, int]:
    """Columns to add on the left and on the right."""
    missing = size[0] - size[1]
    if missing < 0:
        raise VtonError(f"picture of {size[0]} x {size[1]}: is wider than high; give a portrait")
    return missing // 2, missing - missing // 2


def _shop_size(sample: Sample) -> Size:
    """Size of the in-shop pictures; without one there are no correspondences, and the person's will do."""
    height, width = (sample.person.image if sample.cloth.image is None else sample.cloth.image).shape[:2]
    return height, width


def _resize_view(view: View, size: Size, garment_size: Size) -> View:
    if view.size == garment_size == size:
        return view
    points, joints = view.correspondence, view.keypoints
    if points is not None:
        factors = np.array([size[1] / garment_size[1], size[0] / garment_size[0]], np.float32)
        points = (_nearest(points, size) + 0.5) * factors - 0.5
        points = points.clip(0, np.array([size[1] - 1, size[0] - 1], np.float32))
    return replace(
        view,
        image=_smooth(view.image, size),
        parse=None if view.parse is None else _nearest(view.parse, size),
        neck=None if view.neck is None else _nearest(view.neck, size),
        keypoints=None if joints is None else resize_keypoints(joints, view.size, size),
        correspondence=points,
    )


def _resize_garment(garment: Garment, size: Size) -> Garment:
    if garment.image is None or garment.image.shape[:2] == size:
        return garment
    masks = {name: getattr(garment, name) for name in ("mask", "inner_collar", "label_tag")}
    changed: dict[str, Any] = {name: _nearest(mask, size) for name, mask in masks.items() if mask is not None}
    if garment.alpha is not None:
        changed["alpha"] = _smooth(garment.alpha, size).clip(0, 1)
    return replace(garment, image=_smooth(garment.image, size), **changed)


def _smooth(picture: NDArray[Maps], size: Size) -> NDArray[Maps]:
    return np.array(Image.fromarray(picture).resize((size[1], size[0]), Image.Resampling.BILINEAR))


def _nearest(array: NDArray[Maps], size: Size) -> NDArray[Maps]:
    """The pixel (H, W, ...) under the centre of each new pixel."""
    rows, columns = (
        ((np.arange(new) + 0.5) * old / new).astype(int) for new, old in zip(size, array.shape[:2], strict=True)
    )
    nearest: NDArray[Maps] = array[rows[:, None], columns]
    return nearest
