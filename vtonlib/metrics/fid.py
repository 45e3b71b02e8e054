"""The Fréchet distance between two sets of features (Heusel et al. 2017, arXiv:1706.08500, equation 6).

Both sets are taken for samples of normal distributions, and what is reported is the squared distance of these,
|m - m'|^2 + tr(S + S' - 2 (S S')^(1/2)). Means and covariances are estimated, so the distance of two samples of *one*
distribution is far above zero, and falls as 1 / N: never compare figures of sets of different sizes.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torchmetrics.image.fid import FrechetInceptionDistance

from vtonlib.errors import VtonError


class _AsTheyAre(nn.Identity):
    """Stands where torchmetrics expects a network, since features have been computed already."""

    def __init__(self, num_features: int) -> None:
        super().__init__()
        self.num_features = num_features


def frechet_distance(real: Tensor, fake: Tensor) -> float:
    """FID between two sets of features, which may differ in size.

    Args:
        real: (N, d), N of two or more.
        fake: (M, d), M of two or more.

    Returns:
        zero or more; a hair below zero for equal sets.

    Raises:
        VtonError: if a set has fewer than two rows or values that are not finite, or they differ in d.
    """
    for name, features in (("real", real), ("fake", fake)):
        if len(features) < 2 or not bool(torch.isfinite(features).all()):
            raise VtonError(f"{name}: FID needs two or more pictures of finite features, got {len(features)}")
    if real.shape[1] != fake.shape[1]:
        raise VtonError(f"FID compares features of one length, got {real.shape[1]} and {fake.shape[1]}")
    metric = FrechetInceptionDistance(feature=_AsTheyAre(real.shape[1]))
    metric.set_dtype(torch.float64)
    metric.update(real.double(), real=True)
    metric.update(fake.double(), real=False)
    return float(metric.compute())
