"""Intersection over union: of labels over a whole set, and of one mask in each picture."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from vtonlib.errors import VtonError
from vtonlib.metrics.average import average
from vtonlib.metrics.score import Score


def iou_of_classes(predicted: Tensor, truth: Tensor, names: Sequence[str]) -> dict[str, Score]:
    """IoU of each label, with pixels counted over the whole set, as parsers report it.

    Args:
        predicted: (N, H, W) integers below ``len(names)``.
        truth: of the same shape.
        names: of the labels, in the order of their numbers.

    Returns:
        A score for each label that either side has anywhere; the others have no IoU.

    Raises:
        VtonError: if shapes differ or a label has no name.
    """
    table = _confusion(predicted, truth, len(names))
    both, either = table.diagonal(), table.sum(0) + table.sum(1) - table.diagonal()
    settings = f"pixels of {len(truth)} pictures, {truth.shape[1]}x{truth.shape[2]}"
    return {
        name: Score(float(both[number] / either[number]), f"IoU of {name}, {settings}")
        for number, name in enumerate(names)
        if either[number] > 0
    }


def mean_iou(predicted: Tensor, truth: Tensor, names: Sequence[str], without: Sequence[str] = ()) -> Score:
    """The mean over labels of :func:`iou_of_classes`.

    Args:
        predicted: (N, H, W) integers below ``len(names)``.
        truth: of the same shape.
        names: of the labels.
        without: labels that are left out of the mean, such as the background.

    Raises:
        VtonError: if shapes differ, a label has no name, or none is left.
    """
    scores = {n: s for n, s in iou_of_classes(predicted, truth, names).items() if n not in without}
    if not scores:
        raise VtonError("mean IoU: no label is left; name fewer in 'without'")
    left_out = f" without {', '.join(without)}" if without else ""
    settings = (
        f"mean IoU of {len(scores)} of {len(names)} labels that occur{left_out}, pixels of {len(truth)} pictures, "
        f"{truth.shape[1]}x{truth.shape[2]}"
    )
    return Score(sum(score.value for score in scores.values()) / len(scores), settings)


def mask_iou(predicted: Tensor, truth: Tensor, threshold: float = 0.5) -> Score:
    """The mean over pictures of the IoU of one mask, such as the warped cloth's.

    Args:
        predicted: (N, 1, H, W) in [0, 1]; above the threshold is inside.
        truth: of the same shape.
        threshold: for both.

    Returns:
        The mean over the pictures in which either mask has a pixel.

    Raises:
        VtonError: if shapes differ, or no picture has a pixel in a mask.
    """
    _check(predicted, truth)
    inside, expected = (predicted > threshold).flatten(1), (truth > threshold).flatten(1)
    values = (inside & expected).sum(1).double() / (inside | expected).sum(1).double()
    return average(values, f"IoU of masks above {threshold:g}, {truth.shape[-2]}x{truth.shape[-1]}")


def _confusion(predicted: Tensor, truth: Tensor, classes: int) -> Tensor:
    """How many pixels of each true label (rows) got each label (columns): (classes, classes) float64."""
    _check(predicted, truth)
    for name, labels in (("predicted", predicted), ("truth", truth)):
        low, high = int(labels.min()), int(labels.max())
        if low < 0 or high >= classes:
            raise VtonError(f"{name}: holds label {low if low < 0 else high}; give labels 0..{classes - 1}")
    pairs = truth.long().flatten() * classes + predicted.long().flatten()
    return torch.bincount(pairs, minlength=classes**2).view(classes, classes).double()


def _check(predicted: Tensor, truth: Tensor) -> None:
    if predicted.shape != truth.shape:
        raise VtonError(f"predicted is {tuple(predicted.shape)}, truth {tuple(truth.shape)}; give equal shapes")
