"""What chapter 01 holds its parser against: answers that take no network."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

NEAREST_SIZE = (32, 24)
"""(height, width) at which pictures are compared; finer ones find no better neighbour and take longer."""


def prior(labels: Tensor, classes: int) -> Tensor:
    """The commonest label of each pixel over many people.

    Args:
        labels: (N, H, W) of the training people.
        classes: how many labels there are.

    Returns:
        (H, W) int64, the same answer for everybody.
    """
    counts = torch.stack([(labels == label).sum(0) for label in range(classes)])
    return counts.argmax(0)


def nearest_person(pictures: Tensor, training: Tensor) -> Tensor:
    """For each picture the training picture with the least squared difference.

    Args:
        pictures: (N, 3, H, W) uint8.
        training: (M, 3, H, W) uint8.

    Returns:
        (N,) int64, numbers of training pictures; their labels are the answer.
    """

    def small(images: Tensor) -> Tensor:
        return F.interpolate(images.float() / 255, NEAREST_SIZE, mode="area").flatten(1)

    return torch.cdist(small(pictures), small(training)).argmin(1)
