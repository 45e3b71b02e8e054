"""What MG-VTON's networks are told (Dong et al. 2019, arXiv:1902.11026, section 3).

The paper gives the parts and the 16 x 12 cells; how they are resampled, what fills the hole where the clothes were, and
the order of channels are our choice: area then bilinear as in VITON, the middle grey, and the order of its formulas.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from vtonlib.data.heatmaps import discs
from vtonlib.data.labels import LIP_20
from vtonlib.data.representations.coarse_shape import coarse_by_area
from vtonlib.data.views import Views, for_views

HAIR = ("hair",)
FACE = ("face",)
CLOTHES = ("upper_clothes", "dress", "coat")

CHANNELS = {"hair": slice(0, 1), "face": slice(1, 2), "body_shape": slice(2, 3)}
"""Where the parts stand in :func:`reference_masks`."""


@for_views
def reference_masks(views: Views) -> Tensor:
    """M = (M_h, M_f, M_b) of the reference: (3, H, W), hair and face in {0, 1}, body shape in [0, 1].

    Raises:
        VtonError: if the view has no ``parse``.
    """
    return torch.cat([views.region(HAIR), views.region(FACE), body_shape(views)], dim=1)


@for_views
def body_shape(views: Views) -> Tensor:
    """M_b, the whole person at 16 x 12 and back: (1, H, W) in [0, 1]."""
    return coarse_by_area(views.region(LIP_20[1:]))


@for_views
def pose(views: Views) -> Tensor:
    """P, discs of radius 4 at 256 rows round the joints of the target: (18, H, W) in {0, 1}.

    Raises:
        VtonError: if the view has no ``keypoints``.
    """
    return discs(views.require("keypoints"), views.size)


@for_views
def parsing(views: Views) -> Tensor:
    """S, the labels as one channel each, background included: (20, H, W) in {0, 1}."""
    return F.one_hot(views.require("parse").long(), len(LIP_20)).permute(0, 3, 1, 2).float()


@for_views
def clothes_mask(views: Views, labels: tuple[str, ...] = CLOTHES) -> Tensor:
    """Where the clothes are, the target of the geometric matcher: (1, H, W) in {0, 1}."""
    return views.region(labels)


@for_views
def reference_without_clothes(views: Views, labels: tuple[str, ...] = CLOTHES) -> Tensor:
    """The reference with the middle grey in place of the clothes: (3, H, W) in [-1, 1].

    Arms keep their colours, and with them the old sleeve's edge.
    """
    return views.pictures() * (1 - views.region(labels))
