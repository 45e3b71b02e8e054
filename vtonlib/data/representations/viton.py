"""VITON's person representation (Han et al. 2018, arXiv:1711.08447, section 3.1).

Departures from the released code: an unseen joint gives zeros, where the code draws a block in the upper left corner; a
joint goes to the nearest pixel instead of being cut off; and resizing keeps pixel centres in place.
"""

from __future__ import annotations

import torch
from torch import Tensor

from vtonlib.data.heatmaps import squares
from vtonlib.data.labels import LIP_20
from vtonlib.data.representations.coarse_shape import coarse_by_area
from vtonlib.data.views import Views, for_views

FACE_AND_HAIR = ("hat", "hair", "sunglasses", "face")
"""What the representation keeps in colour, because try-on must not change it."""

BODY = tuple(label for label in LIP_20[1:] if label not in FACE_AND_HAIR)

CLOTHES = ("upper_clothes",)

CHANNELS = {"pose": slice(0, 18), "body_shape": slice(18, 19), "face_and_hair": slice(19, 22)}
"""Where the parts stand in :func:`person_representation`."""


@for_views
def person_representation(views: Views) -> Tensor:
    """All 22 channels in the order of :data:`CHANNELS`: (22, H, W), pose and shape in [0, 1], colours in [-1, 1].

    Raises:
        VtonError: if the view has no ``parse`` or no ``keypoints``.
    """
    return torch.cat([pose(views), body_shape(views), face_and_hair(views)], dim=1)


@for_views
def pose(views: Views) -> Tensor:
    """Squares of 11 x 11 ones at 256 rows round each joint: (18, H, W) in {0, 1}."""
    return squares(views.require("keypoints"), views.size)


@for_views
def body_shape(views: Views) -> Tensor:
    """The body but for face and hair, at 16 x 12 and back: (1, H, W) in [0, 1].

    The neck is background here, as it is for VITON's parser.
    """
    return coarse_by_area(views.region(BODY))


@for_views
def face_and_hair(views: Views) -> Tensor:
    """Face and hair in colour: (3, H, W) in [-1, 1], and 0, the middle grey, elsewhere."""
    return views.pictures() * views.region(FACE_AND_HAIR)


@for_views
def clothing_mask(views: Views, labels: tuple[str, ...] = CLOTHES) -> Tensor:
    """M0, the mask that the coarse generator predicts beside the picture: (1, H, W) in {0, 1}.

    Args:
        views: the person.
        labels: of LIP-20; the paper's are those of a top. For other garments see
            :data:`vtonlib.data.occlusion.GARMENT_LABELS`.
    """
    return views.region(labels)
