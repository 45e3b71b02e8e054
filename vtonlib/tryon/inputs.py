"""People and garments by name: of the wardrobe's held-out samples, or of the reader's own files.

A name that is a file's is a picture; what is known of it stands beside it. ``me.jpg`` has ``me_keypoints.json`` (18
joints as OpenPose writes them) and ``me_parse.png`` (labels of LIP-20 by number); ``shirt.jpg`` has ``shirt_mask.png``.
Labels and masks that are missing are found by the book's own networks, which know rendered people only.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vtonlib.data import codecs
from vtonlib.data.keypoints import decode_openpose
from vtonlib.data.labels import LIP_20
from vtonlib.data.layout import read_sample, sample_names
from vtonlib.data.mini import wardrobe_mini
from vtonlib.data.sample import CATEGORIES, Garment, View
from vtonlib.data.views import to_pictures
from vtonlib.errors import VtonError

T = TypeVar("T")

PARSER, GARMENT_PARSER = "human_parser.cpu", "garment_parser.cpu"
"""Names in the zoo of the networks that find labels and masks."""


def person(name: str | Path) -> View:
    """A person, or the pose of one.

    Args:
        name: a held-out sample of the wardrobe such as ``000005``, in its first pose and garment, or
            ``000005.other_pose``; or the path of a picture with ``NAME_keypoints.json`` beside it.

    Raises:
        VtonError: if there is no such sample, or a file is missing or damaged.
    """
    if not _is_file(name):
        return _part(str(name), View, ("person", "other_pose"))
    path = Path(name)
    image = _read(path, "picture", codecs.decode_picture)
    joints = _read(_beside(path, "_keypoints.json"), "joints", decode_openpose)
    labels = _beside(path, "_parse.png")
    parse = _read(labels, "labels", codecs.decode_labels) if labels.exists() else find_labels(image)
    if parse.shape != image.shape[:2]:
        raise VtonError(f"{labels}: is {parse.shape}, {path} is {image.shape[:2]}; give labels of the picture's size")
    return View(image, parse=parse, keypoints=joints)


def garment(name: str | Path, category: str = "top") -> Garment:
    """A garment as a shop shows it.

    Args:
        name: a held-out sample of the wardrobe such as ``000005``, whose first garment it is, or
            ``000005.other_cloth``; or the path of a picture before white.
        category: of a picture's garment, ``top``, ``bottom`` or ``dress``; the wardrobe knows its own.

    Raises:
        VtonError: if there is no such sample or category, or a file is missing or damaged.
    """
    if category not in CATEGORIES:
        raise VtonError(f"category is {category!r}; choose one of {', '.join(CATEGORIES)}")
    if not _is_file(name):
        return _part(str(name), Garment, ("cloth", "other_cloth"))
    path = Path(name)
    image = _read(path, "picture", codecs.decode_picture)
    file = _beside(path, "_mask.png")
    mask = _read(file, "mask", codecs.decode_mask) if file.exists() else find_garment(image)
    if mask.shape != image.shape[:2]:
        raise VtonError(f"{file}: is {mask.shape}, {path} is {image.shape[:2]}; give a mask of the picture's size")
    if not mask.any():
        raise VtonError(f"{path}: no garment is seen; give {file.name} beside it, white where the garment is")
    return Garment(path.stem, image, mask, category=category)


def find_labels(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Labels (H, W) of a picture (H, W, 3), by the book's parser; a neck, which LIP-20 lacks, becomes background."""
    from vtonlib.training.stages.human_parser import HumanParserStage
    from vtonlib.zoo.store import load

    stage = load(PARSER)
    assert isinstance(stage, HumanParserStage)
    labels = _at_its_size(stage.parse, image, stage.config.height)
    return np.where(labels < len(LIP_20), labels, 0).astype(np.uint8)


def find_garment(image: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The mask (H, W) of a garment in a shop's picture (H, W, 3), by the book's parser of garments."""
    from vtonlib.training.stages.garment_parser import GarmentParserStage
    from vtonlib.zoo.store import load

    stage = load(GARMENT_PARSER)
    assert isinstance(stage, GarmentParserStage)
    return _at_its_size(lambda pictures: stage.read(pictures).logits.argmax(1), image, stage.config.height) > 0


def _at_its_size(labels: Callable[[Tensor], Tensor], image: NDArray[np.uint8], height: int) -> NDArray[np.int64]:
    """What a network says of a picture that is resized for it, at the picture's own size."""
    pictures = to_pictures(torch.from_numpy(image).permute(2, 0, 1)[None])
    size = (height, height * 3 // 4)
    small = torch.nn.functional.interpolate(pictures, size, mode="bilinear", antialias=True).clamp(-1, 1)
    found = labels(small)[:, None].float()
    large: NDArray[np.int64] = torch.nn.functional.interpolate(found, image.shape[:2])[0, 0].long().numpy()
    return large


def _is_file(name: str | Path) -> bool:
    """Whether a name means a file; one with a folder or the ending of a picture does, even if there is none."""
    path = Path(name)
    return path.suffix.lower() in (".png", ".jpg", ".jpeg", ".webp") or path.exists() or len(path.parts) > 1


def _part(name: str, kind: type[T], slots: tuple[str, str]) -> T:
    """A view or a garment of a held-out sample: the first of two slots unless the name has another after a dot."""
    number, _, chosen = name.partition(".")
    root = wardrobe_mini()
    known = sample_names(root, "test")
    if number not in known:
        raise VtonError(
            f"{name}: is neither a file nor one of the {len(known)} held-out samples; give a picture, or a name such "
            f"as {known[0]}"
        )
    found = getattr(read_sample(root, "test", number), chosen or slots[0], None)
    if not isinstance(found, kind):
        raise VtonError(f"{name}: is no {kind.__name__.lower()} of a sample; try {number}.{slots[1]}")
    return found


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.stem + ending)


def _read(path: Path, what: str, decode: Callable[[bytes], T]) -> T:
    """What a file holds; an error names the file and the mend."""
    try:
        return decode(path.read_bytes())
    except FileNotFoundError:
        raise VtonError(f"{path}: is missing; put the file there that holds the {what}") from None
    except (OSError, ValueError, SyntaxError) as error:  # Pillow has no common class for its errors
        raise VtonError(
            f"{path}: should hold the {what} and is damaged or of another kind ({error}); replace it"
        ) from None
