"""What FashionGAN does to maps and pictures when it is used: smooth the map, keep hair and face, balance the skin.

From the released code of Zhu et al. 2017 (arXiv:1710.07346), whose paper also copies hair and face from the photo. Hair
and face look good only because they are the photo's own: show pictures before and after.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from vtonlib.data.label_sets import FASHIONGAN_7
from vtonlib.errors import VtonError

SMOOTHED = 5
"""Rows and columns over which a map is smoothed; the release's Gaussian is so wide that it is nearly a mean."""

KEPT = ("hair", "face")
SKIN = ("legs", "arms")


def smooth_map(probabilities: Tensor) -> Tensor:
    """Average each label's probability over 5 x 5 pixels, so that ragged edges and lone pixels go.

    Args:
        probabilities: (B, L, H, W), summing to 1 over L.

    Returns:
        Of the same shape and sum; at the border the mean is over the pixels that exist.
    """
    return F.avg_pool2d(probabilities, SMOOTHED, stride=1, padding=SMOOTHED // 2, count_include_pad=False)


def keep_hair_and_face(painted: Tensor, photo: Tensor, old_map: Tensor) -> Tensor:
    """The photo's own pixels where its map says hair or face, the painted ones elsewhere.

    Args:
        painted: (B, 3, H, W).
        photo: of the same shape.
        old_map: (B, H, W) integers of :data:`vtonlib.data.label_sets.FASHIONGAN_7`.

    Raises:
        VtonError: if the sizes differ.
    """
    _expect_same(painted, photo, old_map)
    return torch.where(_where(old_map, KEPT), photo, painted)


def balance_skin(painted: Tensor, photo: Tensor, old_map: Tensor, new_map: Tensor) -> Tensor:
    """Draw painted skin halfway to the skin of the photo: arms to its arms, legs to its legs.

    Inside the new region each channel becomes the mean of what was painted and the old region's median. A region that
    one of the maps lacks is left alone.

    Args:
        painted: (B, 3, H, W).
        photo: of the same shape.
        old_map: (B, H, W) integers of :data:`vtonlib.data.label_sets.FASHIONGAN_7`, of the photo.
        new_map: of the same shape, of what was painted.

    Raises:
        VtonError: if the sizes differ.
    """
    _expect_same(painted, photo, old_map)
    _expect_same(painted, photo, new_map)
    balanced = painted.clone()
    for name in SKIN:
        number = FASHIONGAN_7.number(name)
        for row in range(len(painted)):
            old, new = old_map[row] == number, new_map[row] == number
            if old.any() and new.any():
                median = photo[row][:, old].median(dim=1).values
                balanced[row][:, new] = (painted[row][:, new] + median[:, None]) / 2
    return balanced


def _where(labels: Tensor, names: Sequence[str]) -> Tensor:
    numbers = torch.tensor([FASHIONGAN_7.number(name) for name in names], device=labels.device)
    return torch.isin(labels, numbers)[:, None]


def _expect_same(painted: Tensor, photo: Tensor, labels: Tensor) -> None:
    if painted.shape != photo.shape or labels.shape != (painted.shape[0], *painted.shape[2:]):
        raise VtonError(
            f"picture is {tuple(painted.shape)}, photo {tuple(photo.shape)}, map {tuple(labels.shape)}; give (B, 3, H, "
            "W) twice and (B, H, W)"
        )
