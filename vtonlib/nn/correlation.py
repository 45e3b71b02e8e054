"""How well each place of one feature map fits each place of another.

Rocco et al. 2017, "Convolutional neural network architecture for geometric matching" (arXiv:1703.05593), section 3.2
and equation 1; Wang et al. 2018 (CP-VTON, arXiv:1807.07688), section 3.1. The order of the channels is that of both
codes, column by column, since trained regressors depend on it.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from vtonlib.errors import VtonError

EPSILON = 1e-6
"""Added to the squared length, so that a place without any feature stays zero."""


def unit_length(features: Tensor) -> Tensor:
    """Divide the vector of each place by its length: (B, C, H, W) to (B, C, H, W).

    The divisor is sqrt(sum of squares + 1e-6), as in the codes of both papers.
    """
    return features / (features.square().sum(dim=1, keepdim=True) + EPSILON).sqrt()


def correlate(searched: Tensor, asking: Tensor) -> Tensor:
    """Dot products of all places of one map with all places of another.

    Args:
        searched: (B, C, h, w); its places become the channels, **column by column**: channel k is row k % h of
            column k // h.
        asking: (B, C, H, W); its places stay where they are.

    Returns:
        (B, h * w, H, W); within [-1, 1] if both have unit length.

    Raises:
        VtonError: if batches or channels differ.
    """
    if searched.dim() != 4 or asking.dim() != 4 or searched.shape[:2] != asking.shape[:2]:
        raise VtonError(
            f"features are {tuple(searched.shape)} and {tuple(asking.shape)}; give two maps (B, C, rows, columns) "
            "that agree in B and C"
        )
    places = searched.transpose(2, 3).flatten(2)  # (B, C, w * h), columns one after the other
    scores = torch.einsum("bck,bcn->bkn", places, asking.flatten(2))
    correlation: Tensor = scores.unflatten(2, asking.shape[2:])
    return correlation


def competing(correlation: Tensor) -> Tensor:
    """Let the candidates of each place compete: ReLU, then unit length over the channels (CNNGeometric, section 3.2).

    A place with one clear partner keeps a large value, a place with many equal ones gets many small values. CP-VTON
    leaves this out.

    Args:
        correlation: (B, K, H, W).

    Returns:
        (B, K, H, W) in [0, 1].
    """
    return unit_length(F.relu(correlation))
