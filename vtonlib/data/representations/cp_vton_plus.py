"""CP-VTON+'s person representations (Minar et al. 2020, CVPR workshops), with the values of its code.

Three changes to CP-VTON: the neck belongs to the silhouette, the matcher no longer sees hair (long hair misled it), and
the try-on module also keeps trousers, skirt and legs, which it could only guess before.
"""

from __future__ import annotations

import torch
from torch import Tensor

from vtonlib.data.labels import LIP_20
from vtonlib.data.representations.cp_vton import CLOTHES, pose, reserved, signed_shape
from vtonlib.data.views import Views, for_views

KEPT_FOR_MATCHING = ("hat", "sunglasses", "face")
KEPT_FOR_TRY_ON = ("hat", "hair", "sunglasses", "pants", "skirt", "face", "left_leg", "right_leg")

CHANNELS = {"body_shape": slice(0, 1), "kept": slice(1, 4), "pose": slice(4, 22)}
"""Where the parts stand in both representations."""


@for_views
def matching_representation(views: Views) -> Tensor:
    """What the geometric matcher sees: (22, H, W) in [-1, 1], in the order of :data:`CHANNELS`.

    Raises:
        VtonError: if the view has no ``parse``, ``neck`` or ``keypoints``.
    """
    return torch.cat([body_shape(views), reserved(views, KEPT_FOR_MATCHING), pose(views)], dim=1)


@for_views
def try_on_representation(views: Views) -> Tensor:
    """What the try-on module sees: (22, H, W) in [-1, 1], in the order of :data:`CHANNELS`.

    Raises:
        VtonError: if the view has no ``parse``, ``neck`` or ``keypoints``.
    """
    return torch.cat([body_shape(views), reserved(views, KEPT_FOR_TRY_ON), pose(views)], dim=1)


@for_views
def body_shape(views: Views) -> Tensor:
    """The whole person with the neck, at 16 x 12 and back: (1, H, W) in [-1, 1]."""
    neck: Tensor = views.require("neck").float().unsqueeze(1)
    return signed_shape(torch.maximum(views.region(LIP_20[1:]), neck))


@for_views
def composition_target(views: Views, labels: tuple[str, ...] = CLOTHES) -> Tensor:
    """The mask of the worn clothes, which the composition mask is held against: (1, H, W) in {0, 1}."""
    return views.region(labels)
