"""How far colours are off, with chroma told apart from brightness.

Photographs differ more in brightness than in chroma: a network that has seen little paints grey clothes of the right
brightness first. A measure of ours for short runs; FashionGAN's released code takes L1.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import huber_loss

from vtonlib.errors import VtonError


def colour_loss(painted: Tensor, photo: Tensor, chroma: float, weights: Tensor | None = None) -> Tensor:
    """Huber loss of brightness (the mean of red, green and blue) and of chroma.

    Args:
        painted: (B, 3, H, W) in [-1, 1].
        photo: of the same shape.
        chroma: how many times a difference in chroma counts, which is what is left of a colour without brightness.
        weights: (B, H, W) of the pixels, 1 in the mean; None counts all alike.

    Returns:
        A scalar: squares for differences below 1, linear above.

    Raises:
        VtonError: if shapes do not fit.
    """
    if painted.shape != photo.shape or (weights is not None and weights.shape != (len(photo), *photo.shape[2:])):
        sizes = f"{tuple(painted.shape)}, {tuple(photo.shape)}, {None if weights is None else tuple(weights.shape)}"
        raise VtonError(f"painted, photo and weights are {sizes}; give (B, 3, H, W) twice and (B, H, W)")
    off = painted - photo
    brightness = off.mean(1, keepdim=True)
    parts = torch.cat([brightness, chroma * (off - brightness)], dim=1)
    each = huber_loss(parts, torch.zeros_like(parts), reduction="none").mean(1)
    return 2 * (each if weights is None else each * weights).mean()


def rarity(labels: Tensor, power: float) -> Tensor:
    """A weight for each pixel of maps (B, H, W): its label's share of the batch to the power of ``-power``.

    The mean weight is 1. With power 0 all pixels count alike, with 1 all labels do, but for those below a thousandth.
    """
    share = torch.bincount(labels.flatten()) / labels.numel()
    weights = share.clamp(min=1e-3).pow(-power)[labels]
    return weights / weights.mean()
