"""The clothes that a try-on has no business with: the trousers below a new top, the top above new trousers.

VITON (Han et al. 2018, arXiv:1711.08447) notes that its network has to invent them, and that they can be
kept in the same way as face and hair. CP-VTON+ (Minar et al. 2020) does so for tops; the wardrobe also has trousers,
skirts and dresses, so what is kept depends on the garment's category.
"""

from __future__ import annotations

import torch
from torch import Tensor

from vtonlib.data.labels import LIP, LIP_20
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
