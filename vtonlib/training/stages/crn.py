"""CRN with VITON's inputs: one picture from coarse to fine, by its pixels and by what a backbone sees; no adversary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn.functional import l1_loss
from torch.optim import Adam

from vtonlib.models.crn import CascadedRefinementNetwork
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.registry import register
from vtonlib.training.schedule import hold_then_decay
from vtonlib.training.seeding import seeded
from vtonlib.training.stage import Losses, Phase
from vtonlib.training.told import ToldStage
from vtonlib.training.try_on import perceptual_loss

SHORT = 10_000
"""Runs of fewer steps take a larger step size than the paper's, and let it fall at the end."""


@dataclass(frozen=True)
class CrnConfig:
    """Settings of the cascade.

    Attributes:
        width: channels of its fine modules.
        height: rows of the pictures; columns are three quarters of them.
        learning_rate: Adam's step size.
        steps: of the whole run.
        hold: share of the run in which the step size stays; then it falls to nothing. The paper never lets it fall.
        perceptual: backbone of the perceptual loss, one of :data:`vtonlib.nn.backbones.NAMES`.
        perceptual_weight: how much its layers together count, in mean absolute differences of pixels.
    """

    width: int = 512
    height: int = 256
    learning_rate: float = 1e-4
    steps: int = 200_000
    hold: float = 1.0
    perceptual: str = "vgg19"
    perceptual_weight: float = 5.0

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the pictures."""
        return self.height, self.height * 3 // 4


@register("crn")
class CrnStage(ToldStage):
    """The cascade learns from people in their own garments."""

    Config = CrnConfig
    config: CrnConfig
    paper: ClassVar[str] = "CRN (Chen and Koltun 2017, arXiv:1707.09405), as compared in VITON (Han et al. 2018)"
    deviation: ClassVar[str] = (
        "one picture for nine; a start at 4 x 3; other clothes and the background are kept like face and hair; in "
        "short runs slim width, larger steps that become smaller at the end, and the features of our own parser for "
        "VGG19's with the weight of chapter 06"
    )

    def __init__(self, config: CrnConfig, seed: int = 0) -> None:
        self.config = config
        with seeded(seed):
            self.generator = CascadedRefinementNetwork(config.size, config.width)
        self.networks = {"generator": self.generator}
        self.perceptual = perceptual_loss(config.perceptual, config.perceptual_weight)
        self.fixed = {"perceptual": self.perceptual} if self.perceptual else {}
        self.optimisers = {"generator": Adam(self.generator.parameters(), config.learning_rate)}
        self.averages = {}
        self.schedules = {"generator": hold_then_decay(config.steps, config.hold)} if config.hold < 1 else {}
        self.phases = (Phase("generator", "generator", self.loss),)

    @classmethod
    def configure(cls, budget: Budget) -> CrnConfig:
        """Take the budget's width and height; short runs take twenty times the paper's step size."""
        if budget.steps >= SHORT:
            return CrnConfig(budget.width, budget.height, steps=budget.steps)
        rate = 20 * CrnConfig.learning_rate
        return CrnConfig(budget.width, budget.height, rate, budget.steps, 0.5, "human_parser", 0.3)

    def loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """Equation 1: the picture by its pixels and by the layers of a backbone."""
        picture = self.draw(batch)
        losses = {"pixels": l1_loss(picture, batch["image"])}
        if self.perceptual:
            losses["perceptual"] = self.perceptual(picture, batch["image"])
        return losses

    def draw(self, batch: Batch) -> Tensor:
        """The cascade's picture."""
        picture: Tensor = self.generator(batch["cloth"], batch["person"]).float()
        return picture
