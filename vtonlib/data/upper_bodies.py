"""Described people from the head to below the hips, all in one framing: what a small text-to-image GAN has to paint.

Half of the wardrobe's people stand far away and show their shoes; their garment has a quarter of the pixels that it has
on the other half, who are near. Cut out by the length of the trunk, all are near.
"""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor
from torch.nn import functional as F

from vtonlib.data.keypoints import COCO
from vtonlib.data.outfits import SENTENCE_VIEWS, Outfits, outfits
from vtonlib.data.sample import VIEWS

SOURCE = 128
"""Side of the squares that are cut from, whatever is wanted, since far people need them."""

TRUNKS = 2.2
"""Side of what is cut out, in lengths from the neck to the hips: what the near people's own pictures show."""

BACKGROUND = 235
"""Grey level that stands behind people who are cut out of their background, too."""

ABOVE = 0.4
"""Where the neck comes to lie, as a share of the side from the top."""


@cache
def upper_bodies(split: str, side: int = 64, once: bool = False, plain: bool = False) -> Outfits:
    """Described people of a split, cut out.

    Args:
        split: ``train`` or ``test``.
        side: rows and columns of the pictures.
        once: every sentence once, with one picture, instead of with two.
        plain: a light grey stands behind the people instead of their own background.

    Returns:
        As :func:`vtonlib.data.outfits.outfits`, but with no other tensors than ``image`` (N, 3, side, side) uint8 and
        the attributes' values.
    """
    people = outfits(split, SOURCE, SENTENCE_VIEWS if once else VIEWS)
    pictures = people.tensors["image"]
    if plain:
        pictures = torch.where(people.tensors["labels"][:, None] > 0, pictures, pictures.new_tensor(BACKGROUND))
    pictures = cut_out(pictures, people.tensors["keypoints"], side)
    values = {name: tensor for name, tensor in people.tensors.items() if tensor.dtype == torch.int64}
    return Outfits(people.names, people.sentences, {"image": pictures, **values})


def cut_out(pictures: Tensor, keypoints: Tensor, side: int) -> Tensor:
    """Cut people out of their pictures.

    Args:
        pictures: (N, 3, S, S) uint8.
        keypoints: (N, 18, 3), x, y in their pixels, whether seen or not.
        side: of the results, which are averaged where they are smaller than what was cut out.

    Returns:
        (N, 3, side, side) uint8; beyond the edge its last pixels are repeated.
    """
    neck = keypoints[:, COCO["neck"], :2]
    hips = keypoints[:, [COCO["right_hip"], COCO["left_hip"]], :2].mean(1)
    edges = (TRUNKS * (hips - neck).norm(dim=1)).round().long().clamp(min=1)
    lefts = (neck[:, 0] - edges / 2).round().long()
    tops = (neck[:, 1] - ABOVE * edges).round().long()
    size = pictures.shape[-1]
    parts = []
    for picture, left, top, edge in zip(pictures, lefts, tops, edges, strict=True):
        reach = torch.arange(int(edge))
        columns, rows = (left + reach).clamp(0, size - 1), (top + reach).clamp(0, size - 1)
        part = picture[:, rows[:, None], columns].float()[None]
        parts.append(F.interpolate(part, (side, side), mode="bilinear", antialias=True, align_corners=False))
    return torch.cat(parts).round().clamp(0, 255).byte()
