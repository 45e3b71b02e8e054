"""What a try-on has no business with: the trousers below a new top, the top above new trousers, the wall behind.

VITON (Han et al. 2018, arXiv:1711.08447) notes that its network has to invent trousers, and that they can be kept in
the same way as face and hair. CP-VTON+ (Minar et al. 2020) does so for tops; the wardrobe also has trousers, skirts and
dresses, so what is kept depends on the garment's category. The papers' pictures have a plain background; ours have
rooms, so the background is kept, too, but not up to the edge of the old clothes, which would tell their cut.
"""

from __future__ import annotations

import torch
from torch import Tensor

from vtonlib.data.labels import LIP, LIP_20
from vtonlib.data.representations.coarse_shape import coarse_by_area
from vtonlib.data.sample import CATEGORIES
from vtonlib.data.views import Views
from vtonlib.errors import VtonError

SHOES = ("left_shoe", "right_shoe")
OTHER_CLOTHES = {
    "top": ("pants", "skirt", "socks", *SHOES),
    "bottom": ("upper_clothes", "coat", *SHOES),
    "dress": SHOES,
}
"""Labels of LIP-20 that a garment of each category leaves as they are."""


def surroundings(views: Views, category: Tensor) -> Tensor:
    """:func:`other_clothes` and :func:`background_apart` together: (N, 1, H, W) float32 in {0, 1}."""
    return torch.maximum(other_clothes(views, category), background_apart(views))


def background_apart(views: Views) -> Tensor:
    """The background, but for the surroundings of the person: (N, 1, H, W) float32 in {0, 1}.

    A silhouette of 16 x 12 cells is all that a person representation tells of the body's outline. Background is kept
    where that silhouette, enlarged, is zero, so that it tells no more.

    Raises:
        VtonError: if the views have no ``parse``.
    """
    return (coarse_by_area(views.region(LIP_20[1:])) == 0).float()


def other_clothes(views: Views, category: Tensor) -> Tensor:
    """Where people wear what a garment of this category does not replace: (N, 1, H, W) float32 in {0, 1}.

    Args:
        views: N people.
        category: (N,) int64, of the garment that each is to put on, index into
            :data:`vtonlib.data.sample.CATEGORIES`.

    Raises:
        VtonError: if the views have no ``parse``, or there is not one category for each.
    """
    parse = views.require("parse").long()
    if category.shape != parse.shape[:1]:
        raise VtonError(f"category is {tuple(category.shape)}; give ({len(parse)},), one for each person")
    kept = torch.zeros(len(CATEGORIES), len(LIP_20), device=parse.device)
    for row, name in enumerate(CATEGORIES):
        kept[row, [LIP[label] for label in OTHER_CLOTHES[name]]] = 1
    return kept[category].gather(1, parse.flatten(1)).view(len(parse), 1, *parse.shape[1:])
