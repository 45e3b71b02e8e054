"""Whether colours stay inside their regions: what compositional mapping promises.

A measure of ours; FashionGAN (Zhu et al. 2017, arXiv:1710.07346) shows it in pictures only.
"""

from __future__ import annotations

import torch
from torch import Tensor

from vtonlib.errors import VtonError
from vtonlib.metrics.average import average
from vtonlib.metrics.score import Score

LEAST = 20
"""Pixels that a region must have to count."""


def colour_purity(pictures: Tensor, labels: Tensor) -> Score:
    """The share of pixels whose colour is nearer to their own region's than to another's.

    A region's colour is its median, channel by channel. Regions are those of the person: the background neither counts
    nor competes. Where two regions have one colour, as bare arms and bare legs do, nothing can be said of either, so
    pixels of a region count only against regions whose colour differs by more than :data:`APART`.

    Args:
        pictures: (N, 3, H, W) in [-1, 1].
        labels: (N, H, W) integers, the map that the picture was painted upon; 0 is background.

    Returns:
        The mean over the pictures that have two regions of different colour.

    Raises:
        VtonError: if the shapes do not fit, or no picture has two such regions.
    """
    if labels.shape != (len(pictures), *pictures.shape[2:]):
        raise VtonError(
            f"pictures are {tuple(pictures.shape)}, maps {tuple(labels.shape)}; give (N, 3, H, W), (N, H, W)"
        )
    pairs = zip(pictures, labels, strict=True)
    values = torch.tensor([_purity(picture, regions) for picture, regions in pairs], dtype=torch.float64)
    size = f"{pictures.shape[2]}x{pictures.shape[3]}"
    return average(values, f"share of pixels nearest to the median colour of their own region, {size}")


APART = 0.2
"""Distance of two colours in [-1, 1] from which they can be told apart."""


def _purity(picture: Tensor, labels: Tensor) -> float:
    """Of one picture; NaN where no two regions can be told apart."""
    present = [number for number in labels.unique().tolist() if number and int((labels == number).sum()) >= LEAST]
    medians = [picture[:, labels == number].median(1).values for number in present]
    right = judged = 0
    for number, own in zip(present, medians, strict=True):
        others = [median for median in medians if float((median - own).norm()) > APART]
        if not others:
            continue
        colours = picture[:, labels == number]
        nearest = torch.stack([(colours - median[:, None]).norm(dim=0) for median in others]).amin(0)
        right += int(((colours - own[:, None]).norm(dim=0) <= nearest).sum())
        judged += colours.shape[1]
    return right / judged if judged else float("nan")
