"""GAN-CLS as a stage: people painted from sentences, with the switches that chapter 03 turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, cast

import torch
from torch import Tensor, nn
from torch.optim import Adam

from vtonlib.data.feed import Feed
from vtonlib.data.outfits import GARMENT_ATTRIBUTES
from vtonlib.data.upper_bodies import upper_bodies
from vtonlib.data.views import to_pictures
from vtonlib.losses.gan import non_saturating_generator
from vtonlib.losses.gan_cls import between, discriminator_loss, interpolating_generator_loss, weights
from vtonlib.metrics.said import said
from vtonlib.metrics.score import Score
from vtonlib.models.text.conditioning_augmentation import KL_WEIGHT
from vtonlib.models.text.gan_cls import GanClsDiscriminator, GanClsGenerator
from vtonlib.models.text.told_generator import ToldGenerator
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.ema import Ema
from vtonlib.training.registry import register
from vtonlib.training.schedule import hold_then_decay
from vtonlib.training.seeding import seeded
from vtonlib.training.stage import Losses, Phase, Stage
from vtonlib.training.stages.attribute_detector import AttributeDetectorStage
from vtonlib.training.stages.text_reader import TextReaderStage

SIDE = 64
"""Rows and columns of the pictures."""

SEEING = 64
"""Channels of the discriminator's outermost map in the released code."""


@dataclass(frozen=True)
class GanClsConfig:
    """Settings of GAN-CLS; the defaults are the released code's, but for the reader's shorter text code.

    Attributes:
        width: channels of the outermost maps of both networks, but at most 64 of the discriminator's.
        text: numbers in the text code.
        projected: numbers that each network makes of it.
        noise: numbers in z, drawn from N(0, 1).
        pairs: key in :data:`vtonlib.losses.gan_cls.WEIGHTS`: how much wrong pairs and fakes count; ``none`` leaves the
            wrong pairs out.
        wrong_sentences: how many wrong sentences each real picture is shown with; 1 in the paper.
        interpolation: weight of GAN-INT's texts in between; 0 leaves them out.
        augmented: numbers that StackGAN's conditioning augmentation draws; 0 leaves it out.
        deaf: both networks are told zeros instead of the text code, for comparison.
        steps: of the whole run, over the last two fifths of which the step sizes fall to nothing.
        ema_half_life: pictures after which the generator's average has half forgotten; 0 keeps no average.
        loudness: standard deviation of the first weights that read the text; 0.02 in the code, with 1024 numbers to a
            text, which makes a short code inaudible beside the noise.
        learning_rate: Adam's step size for G.
        discriminator_learning_rate: Adam's step size for D.
    """

    width: int = 128
    text: int = 40
    projected: int = 128
    noise: int = 100
    pairs: str = "reed"
    wrong_sentences: int = 1
    interpolation: float = 0.0
    augmented: int = 0
    deaf: bool = False
    steps: int = 20_000
    ema_half_life: float = 0.0
    loudness: float = 0.3
    learning_rate: float = 2e-4
    discriminator_learning_rate: float = 2e-4


@register("gan_cls")
class GanClsStage(Stage):
    """A generator that is told a sentence, and a discriminator that is shown right pairs, wrong pairs and fakes."""

    Config = GanClsConfig
    paper: ClassVar[str] = "Reed et al. 2016, arXiv:1605.05396, algorithm 1; StackGAN's augmentation arXiv:1612.03242"
    deviation: ClassVar[str] = (
        "a code of 40 numbers from the text_reader instead of 1024 from char-CNN-RNN; one sentence a picture instead "
        "of the mean of four; upper bodies of the wardrobe, mirrored but not cropped at random; wrong pairs differ in "
        "the garment's kind, colour or sleeve; one look at a picture serves the right and the wrong sentence; first "
        "weights that read the text with a deviation of 0.3 instead of 0.02; rates that fall on a line at the end "
        "instead of being halved now and then; a moving average of the generator; slim width, batches of 16 and "
        "learning rates of 5e-4 in the smoke and cpu profiles"
    )

    def __init__(self, config: GanClsConfig, seed: int = 0) -> None:
        self.config = config
        size = (SIDE, SIDE)
        told = config.augmented or config.text
        with seeded(seed):
            painter = GanClsGenerator(size, config.width, told, config.projected, config.noise)
            self.generator = ToldGenerator(painter, config.text, config.augmented)
            self.discriminator = GanClsDiscriminator(size, min(config.width, SEEING), config.text, config.projected)
            for network in (painter, self.discriminator):
                nn.init.normal_(cast(nn.Linear, network.project[0]).weight, std=config.loudness)
        self.weights = weights(config.pairs)
        self.networks = {"generator": self.generator, "discriminator": self.discriminator}
        rates = {"generator": config.learning_rate, "discriminator": config.discriminator_learning_rate}
        self.optimisers = {
            name: Adam(network.parameters(), lr=rates[name], betas=(0.5, 0.999))
            for name, network in self.networks.items()
        }
        self.averages = {}
        if config.ema_half_life > 0:
            self.averages = {"generator": Ema(self.generator, config.ema_half_life)}
        self.schedules = {name: hold_then_decay(config.steps, hold=0.6) for name in self.networks}
        self.phases = (
            Phase("D", "discriminator", self.discriminator_loss),
            Phase("G", "generator", self.generator_loss),
        )

    @classmethod
    def configure(cls, budget: Budget) -> GanClsConfig:
        """Take the budget's width; slim networks take larger steps, since they are given few of them."""
        full = budget.width >= cls.Config.width
        return GanClsConfig(
            width=budget.width,
            steps=budget.steps,
            learning_rate=2e-4 if full else 5e-4,
            discriminator_learning_rate=2e-4 if full else 5e-4,
            ema_half_life=0.03 * budget.steps * budget.batch_size,
        )

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Feed:
        """``image`` (B, 3, 64, 64) in [-1, 1], ``text`` (B, 40) of its sentence, and what that says of the garment."""
        people = upper_bodies("train", SIDE)
        said_of = {name: people.tensors[name] for name in GARMENT_ATTRIBUTES}
        examples = {"image": people.tensors["image"], "text": read(people.sentences), **said_of}
        return Feed(examples, _floats, budget.batch_size, seed)

    def discriminator_loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """Right pairs, the same pictures with sentences that say something else, and fakes."""
        real = mirrored(batch["image"], rng)
        text = self.heard(batch["text"])
        seen = self.discriminator.see(real)
        right = self.discriminator.answer(seen, text).float()
        fake = self.discriminator(self.painted(text, rng)[0], text).float()
        others = other_garments(batch, self.config.wrong_sentences, rng)  # (B, K)
        again = seen.repeat_interleave(others.shape[1], dim=0)
        wrong = self.discriminator.answer(again, text[others.flatten()]).float()
        return {"adversarial": discriminator_loss(right, wrong, fake, self.weights)}

    def generator_loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """G through D, for the batch's sentences and, for GAN-INT, for some in between; the augmentation's KL."""
        text = self.heard(batch["text"])
        picture, divergence = self.painted(text, rng)
        own = self.discriminator(picture, text).float()
        losses: Losses = {}
        if self.config.interpolation > 0:
            middle = between(text)
            unwritten = self.discriminator(self.painted(middle, rng)[0], middle).float()
            losses["adversarial"] = interpolating_generator_loss(own, unwritten, self.config.interpolation)
        else:
            losses["adversarial"] = non_saturating_generator(own)
        if divergence is not None:
            losses["divergence"] = KL_WEIGHT * divergence.float()
        return losses

    def heard(self, text: Tensor) -> Tensor:
        """The text codes (B, 40) as both networks are told them."""
        return torch.zeros_like(text) if self.config.deaf else text

    def painted(self, text: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor | None]:
        """Pictures (B, 3, 64, 64) of text codes with fresh noise, and the augmentation's divergence if it is on."""
        noise = torch.randn(len(text), self.config.noise, generator=rng).to(text.device)
        eps = torch.randn(len(text), self.config.augmented, generator=rng).to(text.device)
        return cast(tuple[Tensor, Tensor | None], self.generator(noise, text, eps))

    @torch.no_grad()
    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """A picture (3, 64, 64) in [-1, 1] of each ``text`` (B, 40), from the average if there is one."""
        text = self.heard(batch["text"])
        noise = torch.randn(len(text), self.config.noise, generator=rng).to(text.device)
        eps = text.new_zeros(len(text), self.config.augmented)
        picture: Tensor = self.shipped()["generator"].eval()(noise, text, eps)[0]
        return picture.float()

    def paint(self, codes: Tensor, seed: int) -> Tensor:
        """A picture (N, 3, 64, 64) in [-1, 1] of each text code (N, 40), on the CPU, with z drawn from a seed."""
        device = next(self.generator.parameters()).device
        rng = torch.Generator().manual_seed(seed)
        parts = [self.predict({"text": part.to(device)}, rng).cpu() for part in codes.split(64)]
        return torch.cat(parts)

    def evaluate(self) -> dict[str, Score]:
        """How often the shipped detector sees on a picture what a held-out sentence says: each attribute's accuracy."""
        from vtonlib.zoo.store import load  # the zoo imports the stages

        detector = load("attribute_detector.cpu")
        assert isinstance(detector, AttributeDetectorStage)
        held_out = upper_bodies("test", SIDE, once=True)
        told = detector.tell(self.paint(read(held_out.sentences), seed=0))
        return said(told, {name: held_out.tensors[name] for name in GARMENT_ATTRIBUTES})


def read(sentences: Sequence[str]) -> Tensor:
    """Text codes (N, 40) of sentences, by the reader that ships with the book."""
    from vtonlib.zoo.store import load  # the zoo imports the stages

    reader = load("text_reader.cpu")
    assert isinstance(reader, TextReaderStage)
    return reader.read(sentences)


def other_garments(batch: Batch, count: int, rng: torch.Generator) -> Tensor:
    """For each of B examples K others whose garment differs in kind, colour or sleeve: (B, K) int64.

    Where too few of the batch differ any may come.

    Args:
        batch: the B examples.
        count: K, less than B.
        rng: draws among those that fit.
    """
    garments = torch.stack([batch[name] for name in GARMENT_ATTRIBUTES], dim=1).cpu()
    differ = (garments[:, None] != garments[None]).any(2)
    chosen = torch.multinomial(differ.float() + 1e-9, count, generator=rng)
    return chosen.to(batch["text"].device)


def mirrored(pictures: Tensor, rng: torch.Generator) -> Tensor:
    """About half of the pictures (B, 3, H, W) left for right; no sentence tells the sides apart."""
    turned = torch.rand(len(pictures), 1, 1, 1, generator=rng).to(pictures.device) < 0.5
    return torch.where(turned, pictures.flip(3), pictures)


def _floats(batch: Batch) -> Batch:
    return {**batch, "image": to_pictures(batch["image"])}
