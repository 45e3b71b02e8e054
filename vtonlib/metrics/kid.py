"""The kernel distance between two sets of pictures (Binkowski et al. 2018, arXiv:1801.01401, section 4).

KID is the squared maximum mean discrepancy between features under the cubic polynomial kernel
k(x, y) = (x.y / d + 1)^3, estimated without bias. The paper's features come from an Inception network; ours come from a
network that the book trained, so our figures compare with each other and with nothing outside the book.
"""

from __future__ import annotations

import warnings
from typing import Protocol

import torch
from torch import Tensor, nn
from torchmetrics.image.kid import KernelInceptionDistance

from vtonlib.errors import VtonError
from vtonlib.metrics.score import Score


class FeatureNetwork(Protocol):
    """A network with a feature layer."""

    num_features: int

    def features(self, picture: Tensor) -> Tensor:
        """Map pictures (B, C, H, W) to features (B, num_features)."""


class _Given(nn.Module):
    """Stands where torchmetrics expects a network: the features have been computed already."""

    def __init__(self, num_features: int) -> None:
        super().__init__()
        self.num_features = num_features

    def forward(self, features: Tensor) -> Tensor:
        return features


@torch.no_grad()
def extract(pictures: Tensor, network: FeatureNetwork, batch_size: int = 500) -> Tensor:
    """Features (N, num_features) in float64 of pictures (N, C, H, W)."""
    return torch.cat([network.features(part) for part in pictures.split(batch_size)]).double()


def kernel_distance(real: Tensor, fake: Tensor, network: FeatureNetwork, resamples: int = 300, seed: int = 0) -> Score:
    """KID between two sets of pictures, with a 95 % interval over the pictures.

    Args:
        real: (N, C, H, W) pictures, in any range that the network takes.
        fake: (N, C, H, W) pictures in the same range.
        network: gives the features.
        resamples: bootstrap draws for the interval.
        seed: of those draws.

    Returns:
        The unbiased estimate over all pictures; it may be slightly negative for equal distributions.

    Raises:
        VtonError: if a set has fewer than two pictures or values that are not finite, or the sets differ in size.
    """
    for name, pictures in (("real", real), ("fake", fake)):
        if len(pictures) < 2 or not bool(torch.isfinite(pictures).all()):
            raise VtonError(f"{name}: KID needs two or more pictures of finite values, got {len(pictures)}")
    return kernel_distance_of_features(extract(real, network), extract(fake, network), resamples, seed)


def kernel_distance_of_features(real: Tensor, fake: Tensor, resamples: int = 300, seed: int = 0) -> Score:
    """KID between two sets of features (N, d) each; see :func:`kernel_distance`."""
    count = len(real)
    if count != len(fake):
        raise VtonError(f"KID compares sets of equal size here, got {count} real and {len(fake)} fake pictures")
    real, fake = real.double(), fake.double()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*will save all extracted features.*")
        metric = KernelInceptionDistance(feature=_Given(real.shape[1]), subsets=1, subset_size=count)
    metric.set_dtype(torch.float64)
    # torchmetrics shuffles with the global generator even when the subset is the whole set.
    with torch.random.fork_rng():
        metric.update(real, real=True)
        metric.update(fake, real=False)
        value = float(metric.compute()[0])
    low, high = _bootstrap(real, fake, resamples, seed)
    settings = f"KID, cubic kernel, {count} + {count} pictures, {real.shape[1]} features, {resamples} resamples"
    return Score(value, settings, (low, high))


def _bootstrap(real: Tensor, fake: Tensor, resamples: int, seed: int) -> tuple[float, float]:
    """A percentile interval, by drawing pictures with replacement.

    A picture that is drawn twice must not be compared with itself, or every resample would be biased upwards: pairs of
    one picture are left out, and the mean runs over the pairs that remain.
    """
    k_rr, k_ff, k_rf = _kernel(real, real), _kernel(fake, fake), _kernel(real, fake)
    k_rr.fill_diagonal_(0)
    k_ff.fill_diagonal_(0)
    generator = torch.Generator().manual_seed(seed)

    def draw(count: int) -> Tensor:
        chosen = torch.randint(count, (resamples, count), generator=generator)
        return torch.zeros(resamples, count, dtype=torch.float64).scatter_add_(
            1, chosen, torch.ones_like(chosen, dtype=torch.float64)
        )

    w_r, w_f = draw(len(real)), draw(len(fake))  # (resamples, N): how often each picture was drawn
    within_r = ((w_r @ k_rr) * w_r).sum(1) / (w_r.sum(1).square() - w_r.square().sum(1))
    within_f = ((w_f @ k_ff) * w_f).sum(1) / (w_f.sum(1).square() - w_f.square().sum(1))
    across = ((w_r @ k_rf) * w_f).sum(1) / (w_r.sum(1) * w_f.sum(1))
    low, high = torch.quantile(within_r + within_f - 2 * across, torch.tensor([0.025, 0.975]).double())
    return float(low), float(high)


def _kernel(x: Tensor, y: Tensor) -> Tensor:
    return (x @ y.T / x.shape[1] + 1) ** 3
