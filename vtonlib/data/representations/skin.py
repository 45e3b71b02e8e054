"""The colour of a person's skin, from what can be seen of it: what shines through sheer cloth."""

from __future__ import annotations

import torch
from torch import Tensor

from vtonlib.data.views import Views

SKIN = ("face", "left_arm", "right_arm")


def skin_colour(views: Views) -> Tensor:
    """The median of face, arms and neck, each colour for itself: (N, 3, 1, 1) float32 in [-1, 1].

    A neck that is not marked is left out. Where no skin is seen, the middle grey.

    Raises:
        VtonError: if the views have no ``parse``.
    """
    seen = views.region(SKIN)
    if views.neck is not None:
        seen = torch.maximum(seen, views.neck.float().unsqueeze(1))
    pictures = views.pictures()
    hidden = torch.where(seen.bool(), pictures, torch.nan)
    median = hidden.flatten(2).nanmedian(2).values.nan_to_num(0.0)
    return median[:, :, None, None]
