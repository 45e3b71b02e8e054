"""The mean absolute difference of two pictures, as a share of the range from black to white."""

from __future__ import annotations

from torch import Tensor

from vtonlib.metrics.average import average
from vtonlib.metrics.pairs import check_pictures, size_of
from vtonlib.metrics.score import Score


def l1(result: Tensor, truth: Tensor, mask: Tensor | None = None) -> Score:
    """The mean over pictures of their mean absolute difference, between 0 and 1.

    Half of the training loss of the same name, whose pictures span two units from black to white.

    Args:
        result: (N, C, H, W) in [-1, 1].
        truth: of the same shape.
        mask: (N, 1, H, W) in {0, 1}; only pixels inside count, and a picture without any is left out.

    Raises:
        VtonError: if shapes or ranges are wrong, or every mask is empty.
    """
    region = "whole" if mask is None else "masked"
    settings = f"L1, {region}, {result.shape[1]} channels, range 0..1, {size_of(truth)}"
    return average(l1_of_each(result, truth, mask), settings)


def l1_of_each(result: Tensor, truth: Tensor, mask: Tensor | None = None) -> Tensor:
    """:func:`l1` of each picture: (N,) float64, NaN where its mask is empty."""
    check_pictures(result, truth, mask)
    difference = (result.double() - truth.double()).abs().mean(1, keepdim=True) / 2
    if mask is None:
        return difference.flatten(1).mean(1)
    weight = mask.double()
    return (difference * weight).flatten(1).sum(1) / weight.flatten(1).sum(1)
