"""DCGAN as a stage, with the switches that chapter 02 turns: objective, normalisation, R1, EMA, intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.optim import Adam

from vtonlib.data.fashion_mnist import load_clothes
from vtonlib.losses.gan import objective, r1_penalty
from vtonlib.metrics.kid import kernel_distance
from vtonlib.metrics.score import Score
from vtonlib.models.dcgan import DCGANDiscriminator, DCGANGenerator
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch, Batches
from vtonlib.training.ema import Ema
from vtonlib.training.registry import register
from vtonlib.training.seeding import seeded
from vtonlib.training.stage import Losses, Phase, Stage
from vtonlib.training.stages.clothes_classifier import ClothesClassifierStage


@dataclass(frozen=True)
class DCGANConfig:
    """Settings of a DCGAN; the defaults are the paper's (section 4) where it names them.

    Attributes:
        width: channels before the last layer of G and after the first of D.
        latent: length of z, drawn uniformly from [-1, 1].
        objective: key in :data:`vtonlib.losses.gan.OBJECTIVES`.
        normalisation: of the discriminator: ``batch``, ``spectral`` or ``none``.
        r1_gamma: weight of the R1 penalty; 0 leaves it out.
        r1_interval: steps between two R1 phases; the weight is multiplied by it ("lazy regularisation").
        ema_half_life: pictures after which the generator's average has half forgotten; 0 keeps no average.
        learning_rate: Adam's step size for G.
        discriminator_learning_rate: Adam's step size for D.
        beta1: Adam's first decay.
        discriminator_interval: steps between two updates of D.
        generator_interval: steps between two updates of G.
    """

    width: int = 128
    latent: int = 100
    objective: str = "non_saturating"
    normalisation: str = "batch"
    r1_gamma: float = 0.0
    r1_interval: int = 16
    ema_half_life: float = 0.0
    learning_rate: float = 2e-4
    discriminator_learning_rate: float = 2e-4
    beta1: float = 0.5
    discriminator_interval: int = 1
    generator_interval: int = 1


@register("dcgan")
class DCGANStage(Stage):
    """Two networks; D learns, then G, then now and then D again by R1."""

    Config = DCGANConfig
    paper: ClassVar[str] = "Radford et al. 2016, arXiv:1511.06434, section 3 and figure 1"
    deviation: ClassVar[str] = (
        "28 x 28 grey pictures, two up-samplings from 7 x 7 instead of four from 4 x 4; slim width, "
        "learning rates of 1e-3 (G) and 5e-4 (D) and a moving average of the generator in the cpu profile"
    )

    def __init__(self, config: DCGANConfig, seed: int = 0) -> None:
        self.config = config
        with seeded(seed):
            self.generator = DCGANGenerator(config.latent, config.width)
            self.discriminator = DCGANDiscriminator(config.width, config.normalisation)
        self.networks = {"generator": self.generator, "discriminator": self.discriminator}
        betas = (config.beta1, 0.999)
        self.optimisers = {
            "generator": Adam(self.generator.parameters(), lr=config.learning_rate, betas=betas),
            "discriminator": Adam(self.discriminator.parameters(), lr=config.discriminator_learning_rate, betas=betas),
        }
        self.averages = {}
        if config.ema_half_life > 0:
            self.averages = {"generator": Ema(self.generator, config.ema_half_life)}
        self.objective = objective(config.objective)
        self.phases = (
            Phase("D", "discriminator", self.discriminator_loss, config.discriminator_interval),
            Phase("G", "generator", self.generator_loss, config.generator_interval),
        )
        if config.r1_gamma > 0:
            self.phases += (Phase("R1", "discriminator", self.r1_loss, config.r1_interval),)

    @classmethod
    def configure(cls, budget: Budget) -> DCGANConfig:
        """Take the budget's width; slim networks take larger steps, since they are given few of them."""
        full = budget.width >= cls.Config.width
        return DCGANConfig(
            width=budget.width,
            learning_rate=2e-4 if full else 1e-3,
            discriminator_learning_rate=2e-4 if full else 5e-4,
            ema_half_life=0.03 * budget.steps * budget.batch_size,
        )

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Batches:
        """Pictures ``image`` of the training split."""
        return Batches({"image": load_clothes("train").images}, budget.batch_size, seed)

    def latents(self, count: int, rng: torch.Generator) -> Tensor:
        """Draw z (count, latent), uniform in [-1, 1], on the generator's device."""
        z = 2 * torch.rand(count, self.config.latent, generator=rng) - 1
        return z.to(next(self.generator.parameters()).device)

    def logits(self, pictures: Tensor) -> Tensor:
        """D's answer (B,) in float32, whatever the layers compute in: bfloat16 keeps three digits of a loss."""
        logits: Tensor = self.discriminator(pictures).float()
        return logits

    def discriminator_loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """D on real and on generated pictures, in two passes so that batch statistics do not mix."""
        real = batch["image"]
        fake = self.generator(self.latents(len(real), rng))
        return {"adversarial": self.objective.discriminator(self.logits(real), self.logits(fake))}

    def generator_loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """G through D, which is frozen meanwhile."""
        fake = self.generator(self.latents(len(batch["image"]), rng))
        return {"adversarial": self.objective.generator(self.logits(fake))}

    def r1_loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """R1 on the real pictures, in float32: second derivatives do not survive bfloat16."""
        real = batch["image"].detach().requires_grad_(True)
        with torch.autocast(real.device.type, enabled=False):
            penalty = r1_penalty(real, self.discriminator(real))
        return {"r1": self.config.r1_gamma * self.config.r1_interval * penalty}

    @torch.no_grad()
    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """As many pictures (B, 1, 28, 28) in [-1, 1] as the batch has, from the average if there is one."""
        pictures: Tensor = self.shipped()["generator"].eval()(self.latents(len(batch["image"]), rng))
        return pictures

    @torch.no_grad()
    def sample(self, count: int, seed: int) -> Tensor:
        """Pictures (count, 1, 28, 28) in [-1, 1] from z drawn with a seed."""
        rng = torch.Generator().manual_seed(seed)
        return self.predict({"image": torch.empty(count)}, rng)

    def evaluate(self) -> dict[str, Score]:
        """KID of 2,000 samples to the held-out pictures in the features of the shipped classifier."""
        from vtonlib.zoo.store import load  # the zoo imports the stages

        judge = load("clothes_classifier.cpu")
        assert isinstance(judge, ClothesClassifierStage)
        held_out = load_clothes("held_out").images
        fakes = self.sample(len(held_out), seed=0).cpu()
        return {"kid": kernel_distance(held_out, fakes, judge.classifier)}
