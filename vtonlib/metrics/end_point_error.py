"""How far a warp misses: the distance between where it looks and where it should, in pixels.

The measure of optical flow (Baker et al. 2011, International Journal of Computer Vision 92, section 4.1). Masks and
colours cannot tell a warp that slides the print along the cloth from one that does not; this can.
"""

from __future__ import annotations

import torch
from torch import Tensor

from vtonlib.errors import VtonError
from vtonlib.metrics.average import average
from vtonlib.metrics.score import Score


def end_point_error(predicted: Tensor, truth: Tensor) -> Score:
    """The mean over pictures of the mean distance over their pixels; lower is better.

    Args:
        predicted: (N, H, W, 2) for each pixel of the person the pixel (x, y) of the in-shop picture, such as
            :func:`vtonlib.geometry.sampling.to_pixels` makes of a sampling grid.
        truth: of the same shape, NaN where there is no truth: the samples' ``correspondence``.

    Raises:
        VtonError: if shapes differ, no pixel has a truth, or the prediction is not finite where there is one.
    """
    settings = f"end-point error in pixels, {truth.shape[1]}x{truth.shape[2]}"
    return average(end_point_error_of_each(predicted, truth), settings)


def end_point_error_of_each(predicted: Tensor, truth: Tensor) -> Tensor:
    """:func:`end_point_error` of each picture: (N,) float64, NaN where none of its pixels has a truth."""
    if predicted.shape != truth.shape or truth.dim() != 4 or truth.shape[-1] != 2:
        raise VtonError(
            f"predicted is {tuple(predicted.shape)}, truth {tuple(truth.shape)}; give two equal (N, H, W, 2)"
        )
    known = ~truth.isnan().any(-1)
    distance = torch.linalg.vector_norm(predicted.double() - truth.double(), dim=-1)
    if not bool(distance[known].isfinite().all()):
        raise VtonError("predicted: is not finite where the truth is known; look at the warp before its score")
    mean: Tensor = distance.masked_fill(~known, 0).flatten(1).sum(1) / known.flatten(1).sum(1)
    return mean
