"""What FashionGAN's two stages and its baselines have in common: settings, examples, and the game with three pairs.

Zhu et al. 2017 (arXiv:1710.07346), section 3; losses and optimiser as in the authors' released code. A subclass says
what is drawn, what it is drawn upon, and how far it is from the truth.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.optim import Adam

from vtonlib.data.design import design_coding, someone_else, with_text_of
from vtonlib.data.feed import Feed
from vtonlib.data.outfits import ATTRIBUTES, Outfits, outfits
from vtonlib.data.representations.fashiongan import one_hot
from vtonlib.data.views import to_pictures
from vtonlib.losses.gan import non_saturating_generator
from vtonlib.losses.gan_cls import discriminator_loss, weights
from vtonlib.models.fashion_gan.coding import FIRST_DEVIATION, NOISE
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.ema import Ema
from vtonlib.training.schedule import one_cycle
from vtonlib.training.seeding import seeded
from vtonlib.training.stage import Losses, Phase, Stage

RELEASE_WIDTH = 64
"""Slimmer networks start from larger weights and take larger steps."""

AT_ONCE = 48
"""People that are drawn together."""


@dataclass(frozen=True)
class FashionGanConfig:
    """Settings of a stage; the defaults are those of the authors' released code where it has them.

    Attributes:
        width: channels of the outermost layers.
        side: rows and columns of maps and pictures.
        pixel_weight: of the distance to the truth; 100 in the release, 0 in its first version and in the paper.
        pairs: key in :data:`vtonlib.losses.gan_cls.WEIGHTS`.
        deviation: of first weights.
        learning_rate: Adam's greatest step size for G.
        discriminator_learning_rate: the same for D.
        steps: of the whole run, over which the step sizes rise and fall, where the release holds them.
        game_interval: steps between two rounds of the game; in between, G learns from the truth alone; 1 in the
            release.
        rare: how much more rare labels of a map count, from 0 as in the release to 1, where each label counts the same.
        cells: rows and columns of m(S0), for the stages that are shown it.
        ema_half_life: pictures after which the generator's average has half forgotten; 0 keeps none.
    """

    width: int = RELEASE_WIDTH
    side: int = 128
    pixel_weight: float = 100.0
    pairs: str = "effective"
    deviation: float = FIRST_DEVIATION
    learning_rate: float = 2e-4
    discriminator_learning_rate: float = 2e-4
    steps: int = 25_000
    game_interval: int = 1
    rare: float = 0.0
    cells: int = 8
    ema_half_life: float = 0.0

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of maps and pictures."""
        return self.side, self.side


class FashionGanStage(Stage):
    """Two networks that are told the design coding; D learns from right, wrong and fake pairs, then G."""

    Config = FashionGanConfig
    paper: ClassVar[str] = "Zhu et al. 2017, arXiv:1710.07346, section 3, layers of the authors' released code"
    SAYS: ClassVar[tuple[str, ...]] = ("kind", "colour", "sleeve")
    """Attributes of a sentence that what is drawn can show; sentences are wrong only if they differ in these."""

    def __init__(self, config: FashionGanConfig, seed: int = 0) -> None:
        self.config = config
        with seeded(seed):
            self.generator = self.build_generator(config)
            self.discriminator = self.build_discriminator(config)
        self.networks = {"generator": self.generator, "discriminator": self.discriminator}
        rates = {"generator": config.learning_rate, "discriminator": config.discriminator_learning_rate}
        self.optimisers = {
            name: Adam(network.parameters(), lr=rates[name], betas=(0.5, 0.999))
            for name, network in self.networks.items()
        }
        self.averages = {"generator": Ema(self.generator, config.ema_half_life)} if config.ema_half_life else {}
        self.schedules = dict.fromkeys(self.networks, one_cycle(config.steps))
        self.weighed = weights(config.pairs)
        self.phases = (
            Phase("D", "discriminator", self.discriminator_loss, config.game_interval),
            Phase("G", "generator", self.generator_loss, config.game_interval),
        )
        if config.game_interval > 1 and config.pixel_weight:
            self.phases += (Phase("truth", "generator", self.truth_loss),)

    @staticmethod
    @abstractmethod
    def build_generator(config: FashionGanConfig) -> nn.Module:
        """From noise, design coding and condition to what is drawn."""

    @staticmethod
    @abstractmethod
    def build_discriminator(config: FashionGanConfig) -> nn.Module:
        """From what is drawn, design coding and condition to logits."""

    @abstractmethod
    def condition(self, segmentation: Tensor) -> Tensor:
        """What both networks are shown of a map (B, 7, S, S), one-hot."""

    @staticmethod
    @abstractmethod
    def truth(batch: Batch) -> Tensor:
        """What should be drawn, as the discriminator is shown it: (B, C, S, S)."""

    @abstractmethod
    def shown(self, drawn: Tensor) -> Tensor:
        """What the discriminator is shown of the generator's answer: (B, C, S, S)."""

    @abstractmethod
    def miss(self, drawn: Tensor, batch: Batch) -> Tensor:
        """How far the generator's answer is from the truth, a scalar."""

    @classmethod
    def configure(cls, budget: Budget) -> FashionGanConfig:
        """Take the budget's width and height; slim networks are given few steps, and make the most of them.

        They start from DCGAN's weights, take larger steps, play the game in every fourth, and rare labels count more.
        """
        slim = budget.width < RELEASE_WIDTH
        return FashionGanConfig(
            width=budget.width,
            side=budget.height,
            deviation=0.02 if slim else FIRST_DEVIATION,
            learning_rate=4e-3 if slim else 2e-4,
            discriminator_learning_rate=1e-3 if slim else 2e-4,
            steps=budget.steps,
            game_interval=4 if slim else 1,
            rare=0.5 if slim else 0.0,
            ema_half_life=0.02 * budget.steps * budget.batch_size if slim else 0.0,
        )

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Feed:
        """Training people in their own outfits, all four views of each.

        ``image`` (B, 3, S, S) in [-1, 1], ``labels`` (B, S, S) int64 of the seven, ``coding`` (B, 50), and ``said``
        (B,) int64, equal where two sentences tell this stage the same.
        """
        people = outfits("train", budget.height)
        tensors = {name: people.tensors[name] for name in ("image", "labels")}
        tensors |= {"coding": design_coding(people), "said": said_of(people, cls.SAYS)}
        return Feed(tensors, _floats, budget.batch_size, seed)

    def shipped(self) -> dict[str, nn.Module]:
        """The generator alone: nothing in the book asks a trained discriminator of FashionGAN."""
        return {"generator": super().shipped()["generator"]}

    def noise(self, count: int, rng: torch.Generator) -> Tensor:
        """Draw z (count, 80) from N(0, 1), on the generator's device."""
        z = torch.randn(count, NOISE, generator=rng)
        return z.to(next(self.generator.parameters()).device)

    def discriminator_loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """Real with its own sentence, real with a wrong one, drawn with its own: three passes, as in the release."""
        coding, condition, real = batch["coding"], self.condition(one_hot(batch["labels"])), self.truth(batch)
        wrong = with_text_of(coding, someone_else(batch["said"], rng))
        with torch.no_grad():
            fake = self.shown(self.generator(self.noise(len(real), rng), coding, condition))
        pairs = {"right": (real, coding), "wrong": (real, wrong), "fake": (fake, coding)}
        logits = {name: self.discriminator(drawn, told, condition).float() for name, (drawn, told) in pairs.items()}
        return {"adversarial": discriminator_loss(**logits, weighed=self.weighed)}

    def generator_loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """Past the discriminator, and close to the truth."""
        coding, condition = batch["coding"], self.condition(one_hot(batch["labels"]))
        drawn = self.generator(self.noise(len(coding), rng), coding, condition)
        logits = self.discriminator(self.shown(drawn), coding, condition).float()
        losses = {"adversarial": non_saturating_generator(logits)}
        if self.config.pixel_weight:
            losses["pixels"] = self.config.pixel_weight * self.miss(drawn.float(), batch)
        return losses

    def truth_loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """Close to the truth; the discriminator, which costs more than all the rest, is not asked."""
        coding, condition = batch["coding"], self.condition(one_hot(batch["labels"]))
        drawn = self.generator(self.noise(len(coding), rng), coding, condition)
        return {"pixels": self.config.pixel_weight * self.miss(drawn.float(), batch)}

    @torch.no_grad()
    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """What is drawn for ``coding`` (B, 50) upon ``labels`` (B, S, S), from the average if there is one."""
        generator = self.shipped()["generator"].eval()
        condition = self.condition(one_hot(batch["labels"]))
        return self.finished(generator(self.noise(len(condition), rng), batch["coding"], condition).float())

    def finished(self, drawn: Tensor) -> Tensor:
        """The generator's answer as this stage hands it on; by default as it is."""
        return drawn

    def draw(self, labels: Tensor, coding: Tensor, seed: int = 0) -> Tensor:
        """What is drawn for N people, some at a time, on the CPU.

        Args:
            labels: (N, S, S) integers of the seven labels.
            coding: (N, 50), see :func:`vtonlib.data.design.design_coding`.
            seed: of the noise.
        """
        device = next(self.generator.parameters()).device
        rng = torch.Generator().manual_seed(seed)
        parts = []
        for rows in torch.arange(len(labels)).split(AT_ONCE):
            batch = {"labels": labels[rows].long().to(device), "coding": coding[rows].to(device)}
            parts.append(self.predict(batch, rng).cpu())
        return torch.cat(parts)


def said_of(people: Outfits, attributes: Sequence[str]) -> Tensor:
    """(N,) int64: one number for each combination of what sentences say of some attributes."""
    number = torch.zeros(len(people), dtype=torch.int64)
    for name in attributes:
        number = number * len(ATTRIBUTES[name]) + people.tensors[name]
    return number


def _floats(batch: Batch) -> Batch:
    return batch | {"image": to_pictures(batch["image"]), "labels": batch["labels"].long()}
