"""PRGAN, the "GAN with person representation" of VITON's comparison: PG2's two generators told of a garment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import l1_loss
from torch.optim import Adam

from vtonlib.data.representations.viton import CHANNELS
from vtonlib.losses.gan import objective
from vtonlib.models.pg2 import FirstGenerator, SecondGenerator
from vtonlib.models.viton import PERSON_CHANNELS
from vtonlib.nn.patch_discriminator import PatchDiscriminator
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.registry import register
from vtonlib.training.schedule import hold_then_decay
from vtonlib.training.seeding import seeded
from vtonlib.training.stage import Losses, Phase
from vtonlib.training.told import ToldStage

SHORT = 10_000
"""Runs of fewer steps take a larger step size than the paper's, and let it fall at the end."""

TOLD = PERSON_CHANNELS + 3


class Drawn(NamedTuple):
    """What the two generators give, (B, 3, H, W) each: the first picture, and the one with the difference added."""

    first: Tensor
    second: Tensor


@dataclass(frozen=True)
class PrganConfig:
    """Settings of PRGAN.

    Attributes:
        width: channels of the generators at full resolution.
        discriminator_width: channels of the discriminator at half resolution.
        height: rows of the pictures; columns are three quarters of them.
        learning_rate: Adam's step size for the generators.
        discriminator_rate: for the discriminator.
        steps: of the whole run.
        hold: share of the run in which step sizes stay; then they fall to nothing.
        objective: of the game, one of :data:`vtonlib.losses.gan.OBJECTIVES`.
        pixel_weight: lambda, how much the pixels count beside the game in the second generator.
        head: whether face and hair are told. VITON's paper says so; lecture notes on it show a PRGAN without them.
    """

    width: int = 128
    discriminator_width: int = 64
    height: int = 256
    learning_rate: float = 2e-5
    discriminator_rate: float = 2e-5
    steps: int = 80_000
    hold: float = 1.0
    objective: str = "non_saturating"
    pixel_weight: float = 10.0
    head: bool = True

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the pictures."""
        return self.height, self.height * 3 // 4


@register("prgan")
class PrganStage(ToldStage):
    """A generator draws the person, a second one adds detail that a discriminator finds real."""

    Config = PrganConfig
    config: PrganConfig
    paper: ClassVar[str] = (
        "PRGAN of VITON (Han et al. 2018, arXiv:1711.08447), with the networks of PG2 (Ma et al. 2017, "
        "arXiv:1705.09368)"
    )
    deviation: ClassVar[str] = (
        "both generators train at once, the second on the first one's picture without a gradient; the discriminator "
        "judges patches and sees what the generators are told, where PG2's sees a whole picture alone; the body's mask "
        "is the parse, not a thickened skeleton; in short runs slim width and larger steps that become smaller"
    )

    def __init__(self, config: PrganConfig, seed: int = 0) -> None:
        self.config = config
        self.game = objective(config.objective)
        with seeded(seed):
            self.first = FirstGenerator(TOLD, config.size, config.width)
            self.second = SecondGenerator(TOLD, config.size, config.width)
            self.discriminator = PatchDiscriminator(TOLD + 3, config.discriminator_width)
        self.networks = {"first": self.first, "second": self.second, "discriminator": self.discriminator}
        self.fixed = {}
        rates = dict.fromkeys(("first", "second"), config.learning_rate)
        rates["discriminator"] = config.discriminator_rate
        self.optimisers = {
            name: Adam(self.networks[name].parameters(), rate, betas=(0.5, 0.999)) for name, rate in rates.items()
        }
        self.averages = {}
        self.schedules = dict.fromkeys(rates, hold_then_decay(config.steps, config.hold)) if config.hold < 1 else {}
        self.phases = (
            Phase("first", "first", self.first_loss),
            Phase("discriminator", "discriminator", self.discriminator_loss),
            Phase("second", "second", self.second_loss),
        )

    @classmethod
    def configure(cls, budget: Budget) -> PrganConfig:
        """Take the budget's width and height."""
        if budget.steps >= SHORT:
            return PrganConfig(budget.width, height=budget.height, steps=budget.steps)
        return PrganConfig(budget.width, 2 * budget.width, budget.height, 1e-3, 4e-4, budget.steps, 0.5)

    def told(self, batch: Batch) -> Tensor:
        """The garment and the person representation, (B, 25, H, W), without face and hair if so configured."""
        person = batch["person"]
        if not self.config.head:
            person = person.clone()
            person[:, CHANNELS["face_and_hair"]] -= batch["face"]
        return torch.cat([batch["cloth"], person], dim=1)

    def both(self, batch: Batch) -> Drawn:
        """The first picture, from which no gradient flows back, and the second one."""
        told = self.told(batch)
        with torch.no_grad():
            first = self.first(told).float()
        return Drawn(first, first + self.second(torch.cat([told, first], dim=1)).float())

    def draw(self, batch: Batch) -> Tensor:
        """The second picture."""
        return self.both(batch).second

    def first_loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """Pixels, where those of the person count twice."""
        return {"pixels": _pixels(self.first(self.told(batch)).float(), batch)}

    def second_loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """Look real, and stay close."""
        drawn = self.both(batch).second
        return {
            "game": self.game.generator(self.judge(batch, drawn)),
            "pixels": self.config.pixel_weight * _pixels(drawn, batch),
        }

    def discriminator_loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """Tell photos from drawings of the same person and garment."""
        with torch.no_grad():
            drawn = self.both(batch).second
        return {"game": self.game.discriminator(self.judge(batch, batch["image"]), self.judge(batch, drawn))}

    def judge(self, batch: Batch, picture: Tensor) -> Tensor:
        """Logits of the patches of a picture (B, 3, H, W), seen beside what the generators are told."""
        logits: Tensor = self.discriminator(torch.cat([self.told(batch), picture], dim=1)).float()
        return logits


def _pixels(picture: Tensor, batch: Batch) -> Tensor:
    """|(I' - I) (1 + M)|, with M where the person is."""
    weight = 1 + batch["body"]
    return l1_loss(picture * weight, batch["image"] * weight)
