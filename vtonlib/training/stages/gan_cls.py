"""GAN-CLS as a stage: people painted from sentences, with the switches that chapter 03 turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim import Adam

from vtonlib.data.feed import Feed
from vtonlib.data.outfits import GARMENT_ATTRIBUTES, Outfits
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
from vtonlib.training.wrong_sentences import near_misses, other_garments

SIDE = 64
"""Rows and columns of the paper's pictures, and of those that are judged and shown."""

FAR_ENOUGH = 0.2
"""Mean distance per number, of a range of 2, from which on two pictures of one sentence are different enough."""

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
        side: rows and columns of the pictures that are painted; 64 in the paper.
        plain: people stand before a light grey instead of their own background.
        pairs: key in :data:`vtonlib.losses.gan_cls.WEIGHTS`: how much wrong pairs and fakes count; ``none`` leaves the
            wrong pairs out.
        wrong_sentences: how many wrong sentences each real picture is shown with; 1 in the paper.
        near_misses: instead of those, one that is wrong in the sleeve and one that is wrong in the colour, see
            :func:`vtonlib.training.wrong_sentences.near_misses`.
        compare: D adds a dot product of text and picture, see
            :class:`vtonlib.models.text.gan_cls.GanClsDiscriminator`.
        variety: weight of a reward for G when two pictures of one sentence differ (Yang et al. 2019, arXiv:1901.09024);
            0 leaves it out, and with it that each sentence is painted twice in G's turn.
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
    side: int = SIDE
    plain: bool = False
    pairs: str = "reed"
    wrong_sentences: int = 1
    near_misses: bool = False
    compare: bool = False
    variety: float = 0.0
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
        "instead of being halved now and then; a moving average of the generator; in the smoke and cpu profiles: "
        "32 x 32 pictures of people before a plain grey, a slim width, 16 numbers of noise, batches of 16, learning "
        "rates of 5e-4, two wrong sentences that miss narrowly, weights of 1 for wrong pairs and fakes, a dot product "
        "of text and picture in the discriminator (arXiv:1802.05637), and a reward for two different pictures of one "
        "sentence (arXiv:1901.09024)"
    )

    def __init__(self, config: GanClsConfig, seed: int = 0) -> None:
        self.config = config
        size = (config.side, config.side)
        told = config.augmented or config.text
        with seeded(seed):
            painter = GanClsGenerator(size, config.width, told, config.projected, config.noise)
            self.generator = ToldGenerator(painter, config.text, config.augmented)
            self.discriminator = GanClsDiscriminator(
                size, min(config.width, SEEING), config.text, config.projected, compare=config.compare
            )
            first = [cast(nn.Linear, network.project[0]) for network in (painter, self.discriminator)]
            for layer in (*first, self.discriminator.compare):
                if layer is not None:
                    nn.init.normal_(layer.weight, std=config.loudness)
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
        """The paper's with the budget's width; slim networks are given few steps, and all that helps within few."""
        half_life = 0.03 * budget.steps * budget.batch_size
        config = GanClsConfig(width=budget.width, steps=budget.steps, ema_half_life=half_life)
        if budget.width >= cls.Config.width:
            return config
        return replace(
            config,
            noise=16,
            side=32,
            plain=True,
            pairs="effective",
            near_misses=True,
            compare=True,
            variety=6.0,
            learning_rate=5e-4,
            discriminator_learning_rate=5e-4,
        )

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Feed:
        """``image`` (B, 3, S, S) in [-1, 1], ``text`` (B, 40) of its sentence, and what that says of the garment."""
        config = cls.configure(budget)
        people = upper_bodies("train", config.side, plain=config.plain)
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
        if self.config.near_misses:
            others = near_misses(batch, rng)  # (B, K)
        else:
            others = other_garments(batch, self.config.wrong_sentences, rng)
        again = seen.repeat_interleave(others.shape[1], dim=0)
        wrong = self.discriminator.answer(again, text[others.flatten()]).float()
        return {"adversarial": discriminator_loss(right, wrong, fake, self.weights)}

    def generator_loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """G through D, for the batch's sentences and, for GAN-INT, for some in between; the augmentation's KL.

        Where variety is rewarded it is half of the sentences, each painted twice.
        """
        text = self.heard(batch["text"])
        if self.config.variety > 0:
            text = text[: len(text) // 2].repeat_interleave(2, dim=0)
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
        if self.config.variety > 0:
            losses["variety"] = -self.config.variety * variety(picture.float())
        return losses

    def heard(self, text: Tensor) -> Tensor:
        """The text codes (B, 40) as both networks are told them."""
        return torch.zeros_like(text) if self.config.deaf else text

    def painted(self, text: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor | None]:
        """Pictures (B, 3, S, S) of text codes with fresh noise, and the augmentation's divergence if it is on."""
        noise = torch.randn(len(text), self.config.noise, generator=rng).to(text.device)
        eps = torch.randn(len(text), self.config.augmented, generator=rng).to(text.device)
        return cast(tuple[Tensor, Tensor | None], self.generator(noise, text, eps))

    @torch.no_grad()
    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """A picture (3, S, S) in [-1, 1] of each ``text`` (B, 40), from the average if there is one."""
        text = self.heard(batch["text"])
        noise = torch.randn(len(text), self.config.noise, generator=rng).to(text.device)
        eps = text.new_zeros(len(text), self.config.augmented)
        picture: Tensor = self.shipped()["generator"].eval()(noise, text, eps)[0]
        return picture.float()

    def paint(self, codes: Tensor, seed: int) -> Tensor:
        """A picture (N, 3, 64, 64) in [-1, 1] of each text code (N, 40), on the CPU, with z drawn from a seed.

        It is enlarged where the stage paints smaller ones.
        """
        device = next(self.generator.parameters()).device
        rng = torch.Generator().manual_seed(seed)
        parts = [self.predict({"text": part.to(device)}, rng).cpu() for part in codes.split(64)]
        return shown(torch.cat(parts))

    def people(self, split: str, once: bool = False) -> Outfits:
        """Real people just as the stage's pictures show them, see :func:`vtonlib.data.upper_bodies.upper_bodies`."""
        return upper_bodies(split, self.config.side, once, self.config.plain)

    def evaluate(self) -> dict[str, Score]:
        """How often the shipped detector sees on a picture what a held-out sentence says: each attribute's accuracy."""
        from vtonlib.zoo.store import load  # the zoo imports the stages

        detector = load("attribute_detector.cpu")
        assert isinstance(detector, AttributeDetectorStage)
        held_out = self.people("test", once=True)
        told = detector.tell(self.paint(read(held_out.sentences), seed=0))
        return said(told, {name: held_out.tensors[name] for name in GARMENT_ATTRIBUTES})


def read(sentences: Sequence[str]) -> Tensor:
    """Text codes (N, 40) of sentences, by the reader that ships with the book."""
    from vtonlib.zoo.store import load  # the zoo imports the stages

    reader = load("text_reader.cpu")
    assert isinstance(reader, TextReaderStage)
    return reader.read(sentences)


def variety(pictures: Tensor) -> Tensor:
    """How much two pictures of one sentence differ, up to what is enough: a mean over the pairs, a scalar.

    The paper divides by the distance between the two z as well, which is nearly the same for all pairs.

    Args:
        pictures: (2N, 3, S, S), both pictures of a sentence next to each other.
    """
    distances = (pictures[0::2] - pictures[1::2]).abs().mean((1, 2, 3))
    return distances.clamp(max=FAR_ENOUGH).mean()


def shown(pictures: Tensor) -> Tensor:
    """Pictures (N, 3, S, S) in [-1, 1] as they are judged and shown: smaller ones are enlarged to 64 x 64."""
    if pictures.shape[-1] >= SIDE:
        return pictures
    return F.interpolate(pictures, (SIDE, SIDE), mode="bicubic", align_corners=False).clamp(-1, 1)


def mirrored(pictures: Tensor, rng: torch.Generator) -> Tensor:
    """About half of the pictures (B, 3, H, W) left for right; no sentence tells the sides apart."""
    turned = torch.rand(len(pictures), 1, 1, 1, generator=rng).to(pictures.device) < 0.5
    return torch.where(turned, pictures.flip(3), pictures)


def _floats(batch: Batch) -> Batch:
    return {**batch, "image": to_pictures(batch["image"])}
