"""What a method that learned nothing scores: the floor that every result of the book stands beside.

Two pictures of one person agree in everything but the clothes, so similarity over the whole picture makes "change
nothing" look good. A figure means something once its floor is known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from torch import Tensor

from vtonlib.errors import VtonError
from vtonlib.metrics.score import Score

Measure = Callable[[Tensor, Tensor], Score]
"""Takes results and truths (N, C, H, W) in [-1, 1]."""


def change_nothing(person: Tensor, truth: Tensor, measure: Measure) -> Score:
    """The score of leaving every person in the old garment.

    Args:
        person: (N, C, H, W) the pictures that try-on starts from.
        truth: of the same shape, the same people in the new garment.
        measure: such as :func:`vtonlib.metrics.ssim.ssim`; wrap it to give it a mask.
    """
    return _named("change nothing", measure(person, truth))


def mean_picture(training: Tensor, truth: Tensor, measure: Measure) -> Score:
    """The score of the mean of all training pictures, the same for everyone.

    Args:
        training: (M, C, H, W) pictures like the truth, of other people.
        truth: (N, C, H, W).
        measure: such as :func:`vtonlib.metrics.ssim.ssim`.

    Raises:
        VtonError: if there is no training picture.
    """
    if not len(training):
        raise VtonError("mean picture: there are no training pictures; give one at least")
    mean = training.double().mean(0, keepdim=True).to(truth.dtype)
    return _named(f"mean of {len(training)} training pictures", measure(mean.expand_as(truth), truth))


def _named(floor: str, score: Score) -> Score:
    return replace(score, settings=f"{floor}: {score.settings}")
