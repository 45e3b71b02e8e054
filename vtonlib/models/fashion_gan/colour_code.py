"""How FashionGAN's release tells its second stage a map: three colours for each label, blurred.

From the released code of Zhu et al. 2017 (arXiv:1710.07346); the paper gives the map itself. Six labels have the
six orders of three values, the background is grey.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from vtonlib.models.fashion_gan.shape import LABELS
from vtonlib.nn.expect import expect

QUARTERS = ((2, 2, 2), (3, 2, 1), (2, 3, 1), (1, 3, 2), (1, 2, 3), (2, 1, 3), (3, 1, 2))
"""Colour of each label of :data:`vtonlib.data.label_sets.FASHIONGAN_7`, background first, in quarters."""

BLUR = 5
"""Rows and columns of the Gaussian, whose deviation is one pixel."""


def colour_code(shape: Tensor) -> Tensor:
    """Paint a map of labels.

    Args:
        shape: (B, 7, H, W), one-hot for the release's code; a soft map gives mixed colours.

    Returns:
        (B, 3, H, W) in [-0.5, 0.25]: about [-0.25, 0.25] inside, grey (0) on background. It is darker at the border,
        where the blur finds black outside.

    Raises:
        VtonError: if there are not seven channels.
    """
    expect("map", shape, LABELS, *shape.shape[2:])
    colours = torch.tensor(QUARTERS, dtype=shape.dtype, device=shape.device) / 4
    painted = torch.einsum("blhw,lc->bchw", shape, colours)
    return _blur(painted) - 0.5


def _blur(picture: Tensor) -> Tensor:
    """A Gaussian over each channel of (B, C, H, W), with zeros outside."""
    away = torch.arange(BLUR, dtype=picture.dtype, device=picture.device) - BLUR // 2
    bell = torch.exp(-away.square() / 2)
    kernel = torch.outer(bell, bell) / bell.sum() ** 2
    channels = picture.shape[1]
    return F.conv2d(picture, kernel.expand(channels, 1, -1, -1), padding=BLUR // 2, groups=channels)
