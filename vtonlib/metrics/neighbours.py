"""How near pictures lie to the training set: the test for a generator that only remembers."""

from __future__ import annotations

import torch
from torch import Tensor

EXACT = "donot_use_mm_for_euclid_dist"
"""The faster way by matrix products gives copies a distance that is not zero."""


@torch.no_grad()
def nearest(queries: Tensor, bank: Tensor, batch_size: int = 500) -> tuple[Tensor, Tensor]:
    """The nearest entry of a bank for each query, by Euclidean distance.

    Args:
        queries: (N, ...) pictures or features.
        bank: (M, ...) of the same shape.
        batch_size: queries compared at once.

    Returns:
        Distances (N,) and indices into the bank (N,).
    """
    flat = bank.flatten(1)
    found = [torch.cdist(part, flat, compute_mode=EXACT).min(dim=1) for part in queries.flatten(1).split(batch_size)]
    return torch.cat([f.values for f in found]), torch.cat([f.indices for f in found])
