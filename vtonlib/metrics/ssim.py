"""Structural similarity (Wang et al. 2004, IEEE Transactions on Image Processing 13, equation 13).

Local means, variances and covariances under a Gaussian window of 11 x 11 with standard deviation 1.5, K1 = 0.01, K2 =
0.03, in each channel of RGB, averaged over channels and over the pixels whose window lies inside the picture, as in
scikit-image; torchmetrics also averages the border of 5 pixels, where it mirrors the picture. Published figures differ
by their settings more than systems do, so ours never go without them.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from vtonlib.errors import VtonError
from vtonlib.metrics.average import average
from vtonlib.metrics.pairs import check_pictures, size_of
from vtonlib.metrics.score import Score

WINDOW = 11
SIGMA = 1.5
K1, K2 = 0.01, 0.03
DATA_RANGE = 2.0
"""From black to white in [-1, 1]; SSIM is the same as over [0, 1] with range 1."""


def ssim(result: Tensor, truth: Tensor, mask: Tensor | None = None) -> Score:
    """The mean over pictures of their SSIM, at most 1; higher is better.

    Args:
        result: (N, C, H, W) in [-1, 1].
        truth: of the same shape.
        mask: (N, 1, H, W) in {0, 1}: the map is averaged over these pixels alone. Windows still look 5 pixels beyond
            them. A picture whose mask is empty is left out.

    Raises:
        VtonError: if shapes or ranges are wrong, a picture is smaller than the window, or every mask is empty.
    """
    region = "whole" if mask is None else "masked"
    settings = (
        f"SSIM, {region}, Gaussian {WINDOW}x{WINDOW} sigma {SIGMA}, K {K1}/{K2}, {result.shape[1]} channels, "
        f"range {DATA_RANGE:g}, no border, {size_of(truth)}"
    )
    return average(ssim_of_each(result, truth, mask), settings)


def ssim_of_each(result: Tensor, truth: Tensor, mask: Tensor | None = None) -> Tensor:
    """:func:`ssim` of each picture: (N,) float64, NaN where its mask is empty."""
    check_pictures(result, truth, mask)
    similarity = ssim_map(result, truth)
    if mask is None:
        return similarity.flatten(1).mean(1)
    edge = WINDOW // 2
    weight = mask[:, :, edge:-edge, edge:-edge].double()
    return (similarity * weight).flatten(1).sum(1) / weight.flatten(1).sum(1)


def ssim_map(result: Tensor, truth: Tensor) -> Tensor:
    """The SSIM at every pixel whose window lies inside, mean over channels: (N, 1, H - 10, W - 10) float64."""
    if min(result.shape[2:]) < WINDOW:
        raise VtonError(f"pictures are {size_of(result)}; SSIM needs {WINDOW} pixels at least in each direction")
    x, y = result.double(), truth.double()
    mean_x, mean_y = _windowed(x), _windowed(y)
    # Moments about the mean of the window, weighted with it: the paper's, and no sample correction.
    variance_x = _windowed(x * x) - mean_x**2
    variance_y = _windowed(y * y) - mean_y**2
    covariance = _windowed(x * y) - mean_x * mean_y
    c1, c2 = (K1 * DATA_RANGE) ** 2, (K2 * DATA_RANGE) ** 2
    luminance = (2 * mean_x * mean_y + c1) / (mean_x**2 + mean_y**2 + c1)
    structure = (2 * covariance + c2) / (variance_x + variance_y + c2)
    return (luminance * structure).mean(1, keepdim=True)


def _windowed(pictures: Tensor) -> Tensor:
    """Weighted means under the window, which is the product of one along x and one along y."""
    place = torch.arange(WINDOW, dtype=torch.float64, device=pictures.device) - WINDOW // 2
    weight = (-0.5 * (place / SIGMA) ** 2).exp()
    weight = weight / weight.sum()
    one_by_one = pictures.flatten(0, 1).unsqueeze(1)
    means = F.conv2d(F.conv2d(one_by_one, weight.view(1, 1, 1, -1)), weight.view(1, 1, -1, 1))
    return means.view(*pictures.shape[:2], *means.shape[2:])
