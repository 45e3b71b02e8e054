"""Garments as a shop shows them, with what the renderer knows: inner collars, and what shines through.

A shop lays a garment out empty, so its picture shows the inside of the back neck and the brand's label, which a neck
would hide. Sheer cloth lies before white, so its picture is paler than the cloth: :func:`unmixed` undoes that.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from vtonlib.data.layout import read_facts, sample_names
from vtonlib.data.memory import load_fields
from vtonlib.data.sample import CATEGORIES, GARMENTS
from vtonlib.data.wardrobe_set import wardrobe_set

SHOP_WHITE = 0.8
"""Share of white in a shop's picture of sheer cloth, over the share of skin that would show through on a person."""


@dataclass(frozen=True, eq=False)
class ShopGarments:
    """G garments.

    Attributes:
        image: (G, 3, H, W) uint8, before white.
        mask: (G, H, W) bool.
        inner: (G, H, W) bool, the inside of the back collar, its label included; a part of ``mask``.
        sheer: (G,) float32 in [0, 1], the share of skin that shows through, 0 for most.
        category: (G,) int64, index into :data:`vtonlib.data.sample.CATEGORIES`.
    """

    image: Tensor
    mask: Tensor
    inner: Tensor
    sheer: Tensor
    category: Tensor


def shop_garments(split: str, height: int) -> ShopGarments:
    """All garments of a split of the wardrobe, two of each sample.

    Args:
        split: ``train`` or ``test``.
        height: H; W is three quarters of it.
    """
    size = (height, height * 3 // 4)
    root = wardrobe_set(size)
    fields = ("image", "mask", "inner_collar", "label_tag")
    loaded = load_fields(root, split, [f"{owner}.{field}" for owner in GARMENTS for field in fields], size)
    image, mask, inner, tag = (torch.cat([loaded[f"{owner}.{field}"] for owner in GARMENTS]) for field in fields)
    names = sample_names(root, split)
    facts = [read_facts(root, split, name)["garments"] for name in names]
    known = [entry[owner] for owner in GARMENTS for entry in facts]
    sheer = torch.tensor([float(garment["attributes"].get("sheer", 0)) for garment in known])
    category = torch.tensor([CATEGORIES.index(garment["category"]) for garment in known])
    return ShopGarments(image, mask, (inner | tag) & mask, sheer, category)


def without_inner_collar(cloth: Tensor, mask: Tensor, inner: Tensor) -> tuple[Tensor, Tensor]:
    """A garment without the inside of its collar: white there, and no part of the mask.

    Args:
        cloth: (N, 3, H, W) in [-1, 1].
        mask: (N, 1, H, W) in {0, 1}.
        inner: (N, 1, H, W) in {0, 1}.

    Returns:
        Cloth and mask, of the same shapes.
    """
    return cloth * (1 - inner) + inner, mask * (1 - inner)


def unmixed(cloth: Tensor, sheer: Tensor) -> Tensor:
    """The colour of the cloth itself, without the white that shines through in the shop: of ``cloth``'s shape.

    A pixel of the shop's picture is (1 - w) cloth + w white with w = :data:`SHOP_WHITE` times ``sheer``.

    Args:
        cloth: (N, 3, H, W) in [-1, 1], the shop's picture.
        sheer: (N, 1, H, W) in [0, 1], or of a shape that broadcasts.
    """
    return (1 - (1 - cloth) / (1 - SHOP_WHITE * sheer)).clamp(-1, 1)


def over_skin(cloth: Tensor, sheer: Tensor, skin: Tensor) -> Tensor:
    """Cloth as it looks on a body, (1 - s) cloth + s skin: of ``cloth``'s shape.

    It knows one layer under the cloth. Folds, shade, and clothes that are worn beneath are not in it.

    Args:
        cloth: (N, 3, H, W) in [-1, 1], the cloth's own colour, see :func:`unmixed`.
        sheer: s, (N, 1, H, W) in [0, 1], or of a shape that broadcasts.
        skin: (N, 3, 1, 1) in [-1, 1], see :func:`vtonlib.data.representations.skin.skin_colour`.
    """
    return (1 - sheer) * cloth + sheer * skin
