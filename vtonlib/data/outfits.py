"""People in described outfits: what FashionGAN and the text-to-image GANs learn from.

Each example is one picture of the wardrobe as a square, its map of seven labels, the sentence about the garment that
its person wears, and what that sentence says as attributes. As in the captions of FashionGAN's data (Zhu et al. 2017,
arXiv:1710.07346), sentences are about tops and dresses; people whose sentence is about trousers are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch import Tensor

from vtonlib.data.label_sets import FASHIONGAN_7
from vtonlib.data.layout import read_facts
from vtonlib.data.memory import HUMAN_ATTRIBUTES, load_fields, names_where
from vtonlib.data.representations.fashiongan import labels_7
from vtonlib.data.sample import VIEWS
from vtonlib.data.text import Vocabulary
from vtonlib.data.views import Views
from vtonlib.data.wardrobe_set import SHIPPED, wardrobe_set
from vtonlib.data.worn import GARMENT_OF
from vtonlib.errors import VtonError

ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "kind": (
        "tee", "blouse", "tank", "shirt", "top", "sweater", "hoodie", "cardigan", "jacket", "blazer", "coat", "dress",
    ),
    "colour": (
        "red", "blue", "white", "pink", "orange", "black", "brown", "green", "purple", "yellow", "khaki", "gray",
        "beige", "silver", "olive", "multicolor",
    ),
    "sleeve": ("none", "short", "three-quarter", "long"),
    "gender": ("woman", "man"),
}  # fmt: skip
"""What a sentence tells of a garment and its wearer: the four attributes of FashionGAN's data, and their values."""

SENTENCE_VIEWS = ("person", "swap")
"""Two of the four views, in which every sentence comes once."""

GARMENT_ATTRIBUTES = ("kind", "colour", "sleeve")
"""Those that change with the garment."""


@dataclass(frozen=True, eq=False)
class Outfits:
    """N people, each in an outfit that a sentence describes.

    Attributes:
        names: of the samples that they come from; views of one sample have the same.
        sentences: about the garment, such as "the lady wore a blue short-sleeved dress."
        tensors: ``image`` (N, 3, S, S) uint8 in RGB; ``labels`` (N, S, S) uint8, numbers of
            :data:`vtonlib.data.label_sets.FASHIONGAN_7`; ``human`` (N, 10) float32 in [0, 1], see
            :func:`vtonlib.data.representations.fashiongan.human_attributes`;
            ``keypoints`` (N, 18, 3) float32, x and y in pixels, visible; and for each of :data:`ATTRIBUTES` (N,) int64,
            the number of its value.
    """

    names: tuple[str, ...]
    sentences: tuple[str, ...]
    tensors: dict[str, Tensor]

    def __len__(self) -> int:
        return len(self.names)

    def only(self, rows: Sequence[int]) -> Outfits:
        """Some of them, in the order of ``rows``."""
        return Outfits(
            tuple(self.names[row] for row in rows),
            tuple(self.sentences[row] for row in rows),
            {name: tensor[list(rows)] for name, tensor in self.tensors.items()},
        )


@cache
def outfits(split: str, side: int, slots: tuple[str, ...] = VIEWS) -> Outfits:
    """Load a split of the wardrobe; the views follow each other.

    Args:
        split: ``train`` or ``test``.
        side: S, rows and columns of the pictures.
        slots: which views of each sample.

    Raises:
        VtonError: for a view that does not exist.
    """
    unknown = [slot for slot in slots if slot not in GARMENT_OF]
    if unknown or not slots:
        raise VtonError(f"slots are {list(slots)}; choose one or more of {', '.join(GARMENT_OF)}")
    size = (side, side * 3 // 4)
    root = wardrobe_set(size)
    names = _described(split, size)
    pictures = [f"{slot}.{field}" for slot in slots for field in ("image", "parse", "neck", "keypoints")]
    loaded = load_fields(root, split, [*pictures, HUMAN_ATTRIBUTES], size, names, square=True)
    garments = [_garment(split, size, name, GARMENT_OF[slot]) for slot in slots for name in names]
    labels = torch.cat([labels_7(Views.inside(loaded, slot)).byte() for slot in slots])
    tensors = {
        "image": torch.cat([loaded[f"{slot}.image"] for slot in slots]),
        "labels": labels,
        "human": _with_extents(loaded[HUMAN_ATTRIBUTES].repeat(len(slots), 1), labels),
        "keypoints": torch.cat([loaded[f"{slot}.keypoints"] for slot in slots]),
    }
    for attribute, values in ATTRIBUTES.items():
        tensors[attribute] = torch.tensor([values.index(garment["attributes"][attribute]) for garment in garments])
    return Outfits(tuple(names) * len(slots), tuple(garment["caption"] for garment in garments), tensors)


@cache
def vocabulary() -> Vocabulary:
    """The words of the training sentences, which a reader of text knows."""
    names = _described("train", SHIPPED)
    return Vocabulary.of(_garment("train", SHIPPED, name, slot)["caption"] for name in names for slot in _OWNERS)


_OWNERS = ("cloth", "other_cloth")


@cache
def _described(split: str, size: tuple[int, int]) -> list[str]:
    """Samples whose both sentences are about tops or dresses."""
    root = wardrobe_set(size)
    return names_where(
        root, split, lambda facts: all(facts["garments"][owner]["category"] != "bottom" for owner in _OWNERS)
    )


@cache
def _garment(split: str, size: tuple[int, int], name: str, owner: str) -> dict[str, Any]:
    """Caption and attributes of a garment, and of who wears it."""
    facts = read_facts(wardrobe_set(size), split, name)
    garment = facts["garments"][owner]
    return {
        "caption": garment["caption"],
        "attributes": garment["attributes"] | {"gender": facts["attributes"]["gender"]},
    }


def _with_extents(human: Tensor, labels: Tensor) -> Tensor:
    """The last two of the ten numbers, width and height, measured on each view's own map; the others stay."""
    person = labels != FASHIONGAN_7.number("background")
    side = labels.shape[-1]
    extents = []
    for axis in (1, 2):  # over rows for the width, over columns for the height
        line = person.any(axis)
        first, last = line.byte().argmax(1), side - 1 - line.flip(1).byte().argmax(1)
        extents.append((last - first + 1) / side)
    return torch.cat([human[:, :8], torch.stack(extents, dim=1)], dim=1)
