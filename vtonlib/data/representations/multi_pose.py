"""What a try-on in another pose takes off and what it leaves, by the category of the garment.

MG-VTON (Dong et al. 2019, arXiv:1902.11026) dresses people in tops and takes off everything that is upper clothes, a
dress or a coat. The wardrobe has trousers, skirts and dresses, too, so what is taken off depends on the garment. Its
pictures have a plain background; ours have rooms, which do not move with the person.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional as F

from vtonlib.data.labels import LIP, LIP_20
from vtonlib.data.occlusion import GARMENT_LABELS
from vtonlib.data.sample import CATEGORIES
from vtonlib.data.views import Views
from vtonlib.errors import VtonError

TAKEN_OFF = {
    "top": ("upper_clothes", "dress", "coat"),
    "bottom": ("pants", "skirt", "dress"),
    "dress": ("upper_clothes", "dress", "coat", "pants", "skirt"),
}
"""Labels that make room for a garment of each category; for a top they are the paper's."""


def region_by_category(views: Views, category: Tensor, labels: Mapping[str, tuple[str, ...]]) -> Tensor:
    """Where each person has labels that depend on a garment's category: (N, 1, H, W) float32 in {0, 1}.

    Args:
        views: N people.
        category: (N,) int64, index into :data:`vtonlib.data.sample.CATEGORIES`.
        labels: of LIP-20, for each category.

    Raises:
        VtonError: if the views have no ``parse``, or there is not one category for each.
    """
    parse = views.require("parse").long()
    if category.shape != parse.shape[:1]:
        raise VtonError(f"category is {tuple(category.shape)}; give ({len(parse)},), one for each person")
    chosen = torch.zeros(len(CATEGORIES), len(LIP_20), device=parse.device)
    for row, name in enumerate(CATEGORIES):
        chosen[row, [LIP[label] for label in labels[name]]] = 1
    return chosen[category].gather(1, parse.flatten(1)).view(len(parse), 1, *parse.shape[1:])


def without_clothes(views: Views, category: Tensor) -> Tensor:
    """I_wo, the reference with the middle grey for what is taken off: (N, 3, H, W) in [-1, 1].

    Arms keep their colours, and with them the old sleeve's edge.
    """
    return views.pictures() * (1 - region_by_category(views, category, TAKEN_OFF))


def garment_region(views: Views, category: Tensor) -> Tensor:
    """Where a parsing has what a garment of the category would be: (N, 1, H, W) float32 in {0, 1}."""
    return region_by_category(views, category, GARMENT_LABELS)


def room(reference: Tensor, synthesised: Tensor) -> Tensor:
    """Where the wall behind the person can be seen before and after: (N, 1, H, W) float32 in {0, 1}.

    Both parsings must say background there, and at all neighbours, since a pixel at an edge is part person.

    Args:
        reference: (N, H, W) labels of the reference.
        synthesised: (N, H, W) labels of the person in the other pose.
    """
    person = ((reference != 0) | (synthesised != 0)).float().unsqueeze(1)
    return 1 - F.max_pool2d(person, 3, stride=1, padding=1)


def wall(pictures: Tensor, seen: Tensor) -> Tensor:
    """The wall behind a person: (N, 3, H, W) in [-1, 1].

    Where it was hidden stands the mean of what is seen of it in the same row, or else in the whole picture.

    Args:
        pictures: (N, 3, H, W) in [-1, 1].
        seen: (N, 1, H, W) in {0, 1}, where they show the wall.
    """
    summed, count = (pictures * seen).sum(3, keepdim=True), seen.sum(3, keepdim=True)
    everywhere = summed.sum(2, keepdim=True) / count.sum(2, keepdim=True).clamp(min=1)
    mean = torch.where(count > 0, summed / count.clamp(min=1), everywhere)
    return seen * pictures + (1 - seen) * mean
