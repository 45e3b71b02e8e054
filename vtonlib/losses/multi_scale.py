"""Losses for a discriminator of several scales: the game on all of them, and the distance of what they saw.

pix2pixHD (Wang et al. 2018, arXiv:1711.11585, equations 2 and 3) and MG-VTON (Dong et al. 2019, arXiv:1902.11026,
section 3.2).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import l1_loss

from vtonlib.losses.gan import Objective
from vtonlib.nn.multi_scale_discriminator import Judged


def discriminator_loss(game: Objective, real: Sequence[Judged], fake: Sequence[Judged]) -> Tensor:
    """The discriminator's loss, a mean over scales where pix2pixHD sums, so that weights mean the same for any number.

    Args:
        game: the objective.
        real: verdicts on real pictures, one for each scale.
        fake: on generated ones.
    """
    losses = [game.discriminator(ours.logits, theirs.logits) for ours, theirs in zip(real, fake, strict=True)]
    return torch.stack(losses).mean()


def generator_loss(game: Objective, fake: Sequence[Judged]) -> Tensor:
    """The generator's loss, a mean over scales."""
    return torch.stack([game.generator(judged.logits) for judged in fake]).mean()


def feature_matching(real: Sequence[Judged], fake: Sequence[Judged], layers: int = 3) -> Tensor:
    """Mean over scales and the first ``layers`` of the mean absolute difference; no gradient flows to the real side.

    Raises:
        ValueError: if a scale has fewer layers.
    """
    distances = [
        l1_loss(theirs, ours.detach())
        for scale_real, scale_fake in zip(real, fake, strict=True)
        for ours, theirs in zip(
            _first(scale_real.features, layers), _first(scale_fake.features, layers), strict=True
        )
    ]  # fmt: skip
    return torch.stack(distances).mean()


def _first(features: list[Tensor], layers: int) -> list[Tensor]:
    if len(features) < layers:
        raise ValueError(f"{len(features)} layers; {layers} are wanted")
    return features[:layers]
