"""How well attributes were told: what FashionGAN's released reader of sentences is trained with (arXiv:1710.07346)."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from vtonlib.errors import VtonError


def attribute_loss(logits: Mapping[str, Tensor], values: Mapping[str, Tensor]) -> Tensor:
    """Sum over attributes of the mean cross-entropy.

    Args:
        logits: (B, values) of each attribute, by name.
        values: (B,) int64, the true value of each attribute, by name.

    Returns:
        Scalar >= 0.

    Raises:
        VtonError: if the names differ.
    """
    if logits.keys() != values.keys():
        raise VtonError(f"attributes told are {sorted(logits)}, true ones {sorted(values)}; give the same names")
    return torch.stack([cross_entropy(logits[name], values[name]) for name in logits]).sum()
