"""A DCGAN that draws the class of clothes it is asked for: the conditional GAN of chapter 03."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.optim import Adam

from vtonlib.data.fashion_mnist import CLASSES, load_clothes
from vtonlib.losses.gan import cross_entropy_discriminator, non_saturating_generator
from vtonlib.metrics.said import said
from vtonlib.metrics.score import Score
from vtonlib.models.conditional_dcgan import ConditionalDiscriminator, ConditionalGenerator
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch, Batches
from vtonlib.training.ema import Ema
from vtonlib.training.registry import register
from vtonlib.training.seeding import seeded
from vtonlib.training.stage import Losses, Phase, Stage
from vtonlib.training.stages.clothes_classifier import ClothesClassifierStage


@dataclass(frozen=True)
class ConditionalDCGANConfig:
    """Settings of a conditional DCGAN.

    Attributes:
        width: channels before the last layer of G and after the first of D.
        latent: length of z, drawn uniformly from [-1, 1].
        way: how D is told the label, key in :data:`vtonlib.models.conditional_dcgan.WAYS`.
        ema_half_life: pictures after which the generator's average has half forgotten; 0 keeps no average.
        learning_rate: Adam's step size for G.
        discriminator_learning_rate: Adam's step size for D.
    """

    width: int = 128
    latent: int = 100
    way: str = "channels"
    ema_half_life: float = 0.0
    learning_rate: float = 2e-4
    discriminator_learning_rate: float = 2e-4


@register("conditional_dcgan")
class ConditionalDCGANStage(Stage):
    """Two networks that are both told the label; D learns, then G."""

    Config = ConditionalDCGANConfig
    paper: ClassVar[str] = "Mirza & Osindero 2014, arXiv:1411.1784, section 3, with the layers of arXiv:1511.06434"
    deviation: ClassVar[str] = (
        "convolutions instead of linear and maxout layers; 28 x 28 pictures of clothes; slim width, learning rates of "
        "1e-3 (G) and 5e-4 (D) and a moving average of the generator in the smoke and cpu profiles"
    )

    def __init__(self, config: ConditionalDCGANConfig, seed: int = 0) -> None:
        self.config = config
        with seeded(seed):
            self.generator = ConditionalGenerator(len(CLASSES), config.latent, config.width)
            self.discriminator = ConditionalDiscriminator(len(CLASSES), config.width, config.way)
        self.networks = {"generator": self.generator, "discriminator": self.discriminator}
        rates = {"generator": config.learning_rate, "discriminator": config.discriminator_learning_rate}
        self.optimisers = {
            name: Adam(network.parameters(), lr=rates[name], betas=(0.5, 0.999))
            for name, network in self.networks.items()
        }
        self.averages = {}
        if config.ema_half_life > 0:
            self.averages = {"generator": Ema(self.generator, config.ema_half_life)}
        self.phases = (
            Phase("D", "discriminator", self.discriminator_loss),
            Phase("G", "generator", self.generator_loss),
        )

    @classmethod
    def configure(cls, budget: Budget) -> ConditionalDCGANConfig:
        """Take the budget's width; slim networks take larger steps, since they are given few of them."""
        full = budget.width >= cls.Config.width
        return ConditionalDCGANConfig(
            width=budget.width,
            learning_rate=2e-4 if full else 1e-3,
            discriminator_learning_rate=2e-4 if full else 5e-4,
            ema_half_life=0.03 * budget.steps * budget.batch_size,
        )

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Batches:
        """Pictures ``image`` and class numbers ``label`` of the training split."""
        clothes = load_clothes("train")
        return Batches({"image": clothes.images, "label": clothes.labels}, budget.batch_size, seed)

    def draw(self, labels: Tensor, rng: torch.Generator) -> Tensor:
        """Pictures (B, 1, 28, 28) in [-1, 1] of classes (B,) with fresh z, uniform in [-1, 1]."""
        z = 2 * torch.rand(len(labels), self.config.latent, generator=rng) - 1
        pictures: Tensor = self.generator(z.to(labels.device), labels)
        return pictures

    def discriminator_loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """D on real pictures with their labels, and on pictures that were drawn for the same labels."""
        real, label = batch["image"], batch["label"]
        fake = self.draw(label, rng)
        logits = [self.discriminator(pictures, label).float() for pictures in (real, fake)]
        return {"adversarial": cross_entropy_discriminator(*logits)}

    def generator_loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """G through D, which is told the label that G was told."""
        fake = self.draw(batch["label"], rng)
        return {"adversarial": non_saturating_generator(self.discriminator(fake, batch["label"]).float())}

    @torch.no_grad()
    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """A picture (1, 28, 28) in [-1, 1] of each ``label`` (B,), from the average if there is one."""
        z = 2 * torch.rand(len(batch["label"]), self.config.latent, generator=rng) - 1
        pictures: Tensor = self.shipped()["generator"].eval()(z.to(batch["label"].device), batch["label"])
        return pictures.float()

    def sample(self, labels: Tensor, seed: int) -> Tensor:
        """Pictures (N, 1, 28, 28) in [-1, 1] of classes (N,) int64 with z drawn from a seed, on the CPU."""
        device = next(self.generator.parameters()).device
        return self.predict({"label": labels.to(device)}, torch.Generator().manual_seed(seed)).cpu()

    def evaluate(self) -> dict[str, Score]:
        """How often the shipped classifier sees on a picture the class that was asked for."""
        from vtonlib.zoo.store import load  # the zoo imports the stages

        judge = load("clothes_classifier.cpu")
        assert isinstance(judge, ClothesClassifierStage)
        labels = torch.arange(1000) % len(CLASSES)
        logits = judge.predict({"image": self.sample(labels, seed=0)}, torch.Generator())
        return said({"class": logits.argmax(1)}, {"class": labels})
