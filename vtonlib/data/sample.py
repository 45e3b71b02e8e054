"""One try-on example: a person in up to two poses and two garments, with everything that is known about each picture.

Arrays are raw numpy, as they lie on disk; what networks see is made from them elsewhere. A field that a data set does
not have is None, and whoever needs it asks with :meth:`Sample.require`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vtonlib.data.keypoints import COCO_18
from vtonlib.errors import VtonError

VIEWS = ("person", "other_pose", "swap", "other_pose_swap")
"""The views of a sample: (pose 1, garment 1), (2, 1), (1, 2) and (2, 2)."""

GARMENTS = ("cloth", "other_cloth")
FRAMINGS = ("half", "whole")
CATEGORIES = ("top", "bottom", "dress")


@dataclass(frozen=True, eq=False)
class View:
    """One picture of a dressed person.

    Attributes:
        image: (H, W, 3) uint8, RGB.
        parse: (H, W) uint8, numbers of :data:`vtonlib.data.labels.LIP_20`.
        neck: (H, W) bool, bare skin of the neck, which LIP-20 lacks.
        keypoints: (18, 3) float32, x and y in pixels and 1 where visible, see :mod:`vtonlib.data.keypoints`.
        correspondence: (H, W, 2) float32, for each pixel of the garment the pixel (x, y) of its in-shop picture that
            shows the same point of the cloth; NaN elsewhere.
        framing: ``half`` or ``whole`` body.
        turn_deg: rotation of the body about the vertical axis in degrees; 0 faces the camera.

    Raises:
        VtonError: if a field has another type or shape than this.
    """

    image: NDArray[np.uint8]
    parse: NDArray[np.uint8] | None = None
    neck: NDArray[np.bool_] | None = None
    keypoints: NDArray[np.float32] | None = None
    correspondence: NDArray[np.float32] | None = None
    framing: str | None = None
    turn_deg: float | None = None

    def __post_init__(self) -> None:
        height, width = self.image.shape[:2]
        _check("image", self.image, np.uint8, (height, width, 3))
        _check("parse", self.parse, np.uint8, (height, width))
        _check("neck", self.neck, np.bool_, (height, width))
        _check("keypoints", self.keypoints, np.float32, (len(COCO_18), 3))
        _check("correspondence", self.correspondence, np.float32, (height, width, 2))
        _check_choice("framing", self.framing, FRAMINGS)

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the picture."""
        return self.image.shape[0], self.image.shape[1]

    def require(self, name: str) -> Any:
        """A field that must be there.

        Raises:
            VtonError: if it is None.
        """
        return _require(self, name, "view")


@dataclass(frozen=True, eq=False)
class Garment:
    """A garment as a shop shows it, from the front and without a body.

    Attributes:
        garment_id: the same for every picture of this garment.
        image: (H, W, 3) uint8, RGB; None if the garment is only known from a sentence or from who wears it.
        mask: (H, W) bool, pixels of the garment.
        inner_collar: (H, W) bool, the inside of the back collar, which a body would hide.
        label_tag: (H, W) bool, the brand's label in the collar.
        alpha: (H, W) float32 in [0, 1], the share of skin that shows through; 0 is opaque.
        category: ``top``, ``bottom`` or ``dress``.
        attributes: names of shape and fabric, and numbers such as ``sheer``.
        caption: an English phrase that describes it.

    Raises:
        VtonError: if a field has another type or shape than this, or a map has no picture.
    """

    garment_id: str
    image: NDArray[np.uint8] | None = None
    mask: NDArray[np.bool_] | None = None
    inner_collar: NDArray[np.bool_] | None = None
    label_tag: NDArray[np.bool_] | None = None
    alpha: NDArray[np.float32] | None = None
    category: str | None = None
    attributes: dict[str, str | float] = field(default_factory=dict)
    caption: str | None = None

    def __post_init__(self) -> None:
        masks = ("mask", "inner_collar", "label_tag")
        if self.image is None:
            for name in (*masks, "alpha"):
                if getattr(self, name) is not None:
                    raise VtonError(f"field {name!r} is there and 'image' is not; give both, or neither")
        else:
            height, width = self.image.shape[:2]
            _check("image", self.image, np.uint8, (height, width, 3))
            for name in masks:
                _check(name, getattr(self, name), np.bool_, (height, width))
            _check("alpha", self.alpha, np.float32, (height, width))
        _check_choice("category", self.category, CATEGORIES)

    def require(self, name: str) -> Any:
        """A field that must be there.

        Raises:
            VtonError: if it is None.
        """
        return _require(self, name, f"garment {self.garment_id}")


@dataclass(frozen=True, eq=False)
class Sample:
    """One person, two garments, and up to four views: two poses times two garments.

    Attributes:
        person_id: the same for every picture of this person.
        cloth: garment 1.
        person: pose 1 in garment 1.
        other_cloth: garment 2, the one to try on.
        other_pose: pose 2 in garment 1.
        swap: pose 1 in garment 2: the truth of unpaired try-on.
        other_pose_swap: pose 2 in garment 2.
        attributes: of the person: gender presentation, hair length, sunglasses, hat, body size.
        skin_rgb: mean colour of the skin, three numbers in 0..255.
        background_id: the same for pictures before the same background.
    """

    person_id: str
    cloth: Garment
    person: View
    other_cloth: Garment | None = None
    other_pose: View | None = None
    swap: View | None = None
    other_pose_swap: View | None = None
    attributes: dict[str, str | float | bool] = field(default_factory=dict)
    skin_rgb: tuple[int, int, int] | None = None
    background_id: int | None = None

    def require(self, path: str) -> Any:
        """A field that must be there, by its name, or by names joined with dots: ``require("swap.parse")``.

        Raises:
            VtonError: if it is None.
        """
        return _require(self, path, f"sample of person {self.person_id}")


def _require(owner: Any, path: str, who: str) -> Any:
    value = owner
    for name in path.split("."):
        value = getattr(value, name)
        if value is None:
            raise VtonError(f"{who}: has no field {path!r}; use a data set that provides it, such as the wardrobe")
    return value


def _check(name: str, array: NDArray[Any] | None, dtype: type[np.generic], shape: tuple[int, ...]) -> None:
    if array is not None and (array.dtype != dtype or array.shape != shape):
        raise VtonError(
            f"field {name!r} is {array.dtype} of shape {array.shape}; give {np.dtype(dtype)} of shape {shape}"
        )


def _check_choice(name: str, value: str | None, choices: tuple[str, ...]) -> None:
    if value is not None and value not in choices:
        raise VtonError(f"field {name!r} is {value!r}; give one of {', '.join(choices)}")
