"""CP-VTON's person representation (Wang et al. 2018, arXiv:1807.07688, section 3.1), with the values of its code.

It has VITON's parts, but another order and other values: everything lies in [-1, 1], the silhouette includes the head,
and the head stands before black. Departure: a joint is drawn where it is visible, not where x and y are above 1.
"""

from __future__ import annotations

import torch
from torch import Tensor

from vtonlib.data.heatmaps import squares
from vtonlib.data.labels import LIP_20
from vtonlib.data.representations.coarse_shape import coarse_by_triangle
from vtonlib.data.views import Views, for_views

HEAD = ("hat", "hair", "sunglasses", "face")
CLOTHES = ("upper_clothes", "dress", "coat")

CHANNELS = {"body_shape": slice(0, 1), "head": slice(1, 4), "pose": slice(4, 22)}
"""Where the parts stand in :func:`person_representation`."""


@for_views
def person_representation(views: Views) -> Tensor:
    """All 22 channels in the order of :data:`CHANNELS`: (22, H, W) in [-1, 1].

    Raises:
        VtonError: if the view has no ``parse`` or no ``keypoints``.
    """
    return torch.cat([body_shape(views), head(views), pose(views)], dim=1)


@for_views
def body_shape(views: Views) -> Tensor:
    """The whole person, head included, at 16 x 12 and back: (1, H, W) in [-1, 1]."""
    return signed_shape(views.region(LIP_20[1:]))


@for_views
def head(views: Views) -> Tensor:
    """Hat, hair, sunglasses and face in colour, black elsewhere: (3, H, W) in [-1, 1]."""
    return reserved(views, HEAD)


@for_views
def pose(views: Views) -> Tensor:
    """Squares of 11 x 11 ones at 256 rows round each joint, -1 elsewhere: (18, H, W) in {-1, 1}."""
    return 2 * squares(views.require("keypoints"), views.size) - 1


@for_views
def worn_cloth(views: Views, labels: tuple[str, ...] = CLOTHES) -> Tensor:
    """c_t, what the warped cloth should look like: the clothes before white, (3, H, W) in [-1, 1]."""
    mask = views.region(labels)
    return views.pictures() * mask + (1 - mask)  # white is 1


@for_views
def worn_mask(views: Views, labels: tuple[str, ...] = CLOTHES) -> Tensor:
    """Where the clothes are: (1, H, W) in {0, 1}."""
    return views.region(labels)


def signed_shape(silhouette: Tensor) -> Tensor:
    """A silhouette (N, 1, H, W) in {0, 1} without its edges, in [-1, 1]."""
    return 2 * coarse_by_triangle(silhouette) - 1


def reserved(views: Views, labels: tuple[str, ...]) -> Tensor:
    """Regions that try-on must not change, before black: (N, 3, H, W) in [-1, 1]."""
    mask = views.region(labels)
    return views.pictures() * mask - (1 - mask)  # black is -1
