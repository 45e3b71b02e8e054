"""How many of the things that exist a generator makes: the test for mode collapse."""

from __future__ import annotations

import torch
from torch import Tensor

from vtonlib.metrics.score import Score


def covered_modes(points: Tensor, centres: Tensor, radius: float = 0.3, share: float = 0.01) -> Score:
    """Number of modes that get their share of the points.

    Args:
        points: (N, d) samples.
        centres: (M, d) of the modes.
        radius: a point within it belongs to the mode.
        share: of all points that a mode needs in order to count.
    """
    distance, mode = torch.cdist(points, centres).min(dim=1)
    counts = torch.bincount(mode[distance <= radius], minlength=len(centres))
    covered = int((counts >= share * len(points)).sum())
    return Score(covered, f"of {len(centres)} modes, {share:.0%} of {len(points)} points within {radius} each")


def covered_classes(labels: Tensor, classes: int, share: float = 0.02) -> Score:
    """Number of classes that get their share of the labels (N,) that a classifier gave to samples."""
    counts = torch.bincount(labels, minlength=classes)
    covered = int((counts >= share * len(labels)).sum())
    return Score(covered, f"of {classes} classes, {share:.0%} of {len(labels)} samples each, by a classifier")
