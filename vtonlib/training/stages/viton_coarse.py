"""VITON's coarse generator, which chapter 06 trains: a person in a garment from what no garment changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn.functional import l1_loss
from torch.optim import Adam

from vtonlib.data.feed import Feed
from vtonlib.data.representations.surroundings import surroundings
from vtonlib.data.representations.viton import CHANNELS, person_representation
from vtonlib.data.views import Views
from vtonlib.data.warp_task import WarpTask
from vtonlib.data.worn import worn_garments
from vtonlib.errors import VtonError
from vtonlib.models.viton import Coarse, CoarseGenerator
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.registry import register
from vtonlib.training.schedule import hold_then_decay
from vtonlib.training.seeding import seeded
from vtonlib.training.stage import Losses, Phase
from vtonlib.training.try_on import See, TryOnStage, feed, perceptual_loss

SHORT = 10_000
"""Runs of fewer steps take a larger step size than the paper's, and let it fall at the end."""

SHORT_PERCEPTUAL_WEIGHT = 0.3
"""In short runs. Chosen on training people kept aside: with 1, colours inside the garment stay behind."""


@dataclass(frozen=True)
class VitonCoarseConfig:
    """Settings of the coarse generator.

    Attributes:
        width: channels at half resolution.
        height: rows of the pictures; columns are three quarters of them.
        learning_rate: Adam's step size.
        steps: of the whole run.
        hold: share of the run in which the step size stays; then it falls to nothing. The paper never lets it fall.
        perceptual: backbone of the perceptual loss, one of :data:`vtonlib.nn.backbones.NAMES`.
        perceptual_weight: how much its layers together count, in mean absolute differences of pixels; 3 in the code.
        without: part of the person representation that is left out, ``pose``, ``body_shape`` or ``face_and_hair``, to
            see what it is for; its channels are zero then. Empty for none.
        surroundings: keep what the garment does not replace as face and hair are kept, see
            :func:`vtonlib.data.representations.surroundings.surroundings`; the paper's network has to invent it.
    """

    width: int = 64
    height: int = 256
    learning_rate: float = 2e-4
    steps: int = 15_000
    hold: float = 1.0
    perceptual: str = "vgg19"
    perceptual_weight: float = 3.0
    without: str = ""
    surroundings: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the pictures."""
        return self.height, self.height * 3 // 4


@register("viton_coarse")
class VitonCoarseStage(TryOnStage):
    """The multi-task encoder-decoder learns from people in their own garments."""

    Config = VitonCoarseConfig
    config: VitonCoarseConfig
    paper: ClassVar[str] = "VITON (Han et al. 2018, arXiv:1711.08447), section 3.2 and equation 2"
    deviation: ClassVar[str] = (
        "tops, bottoms and dresses, whose pixels are the renderer's and not a parser's; other clothes and the "
        "background are kept like face and hair; below 256 x 192 fewer levels; in short runs slim width, larger steps "
        "that become smaller at the end, and the features of our own parser for VGG19's"
    )

    def __init__(self, config: VitonCoarseConfig, seed: int = 0) -> None:
        self.config = config
        with seeded(seed):
            self.generator = CoarseGenerator(config.size, config.width)
        self.networks = {"generator": self.generator}
        self.perceptual = perceptual_loss(config.perceptual, config.perceptual_weight)
        self.fixed = {"perceptual": self.perceptual} if self.perceptual else {}
        self.optimisers = {"generator": Adam(self.generator.parameters(), config.learning_rate, betas=(0.5, 0.999))}
        self.averages = {}
        self.schedules = {"generator": hold_then_decay(config.steps, config.hold)} if config.hold < 1 else {}
        self.phases = (Phase("generator", "generator", self.loss),)

    @classmethod
    def configure(cls, budget: Budget) -> VitonCoarseConfig:
        """Take the budget's width and height; short runs take twenty times the paper's step size."""
        short = budget.steps < SHORT
        rate = VitonCoarseConfig.learning_rate * (20 if short else 1)
        hold = 0.5 if short else 1.0
        backbone, weight = ("human_parser", SHORT_PERCEPTUAL_WEIGHT) if short else ("vgg19", 3.0)
        return VitonCoarseConfig(
            budget.width, budget.height, rate, budget.steps, hold, backbone, weight, surroundings=True
        )

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Feed:
        """Training people in their garments, all four views of each: see :func:`vtonlib.training.try_on.feed`."""
        return feed(worn_garments("train", budget.height), see(cls.configure(budget)), budget, seed)

    def loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """Equation 2: the picture by its pixels and by what a backbone sees, the garment's mask by its pixels."""
        coarse = self.generator(batch["cloth"], self.known(batch["person"]), rng)
        losses = {
            "pixels": l1_loss(coarse.picture.float(), batch["image"]),
            "mask": l1_loss(coarse.mask.float(), batch["worn_mask"]),
        }
        if self.perceptual:
            losses["perceptual"] = self.perceptual(coarse.picture, batch["image"])
        return losses

    def known(self, person: Tensor) -> Tensor:
        """The person representation (B, 22, H, W) without the part that is left out."""
        if not self.config.without:
            return person
        if self.config.without not in CHANNELS:
            raise VtonError(f"without is {self.config.without!r}; choose one of {', '.join(CHANNELS)}")
        person = person.clone()
        person[:, CHANNELS[self.config.without]] = 0
        return person

    @torch.no_grad()
    def imagine(self, batch: Batch) -> Coarse:
        """The coarse picture and the mask for ``cloth`` and ``person``."""
        self.generator.eval()
        coarse = self.generator(batch["cloth"], self.known(batch["person"]))
        return Coarse(coarse.picture.float(), coarse.mask.float())

    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """Picture and mask, (B, 4, H, W) in [-1, 1]."""
        return torch.cat(self.imagine(batch), dim=1)

    def imagine_all(self, task: WarpTask) -> Coarse:
        """The coarse pictures and masks of a list, on the CPU."""
        both = self.in_parts(task, see(self.config), lambda batch: torch.cat(self.imagine(batch), dim=1))
        return Coarse(both[:, :3], both[:, 3:])

    def try_on(self, task: WarpTask) -> Tensor:
        """The coarse pictures."""
        return self.imagine_all(task).picture


def see(config: VitonCoarseConfig) -> See:
    """VITON's 22 channels, where ``config`` wishes so with the surroundings beside face and hair."""

    def represent(person: Views, category: Tensor) -> Batch:
        channels = person_representation(person)
        if config.surroundings:
            channels[:, CHANNELS["face_and_hair"]] += person.pictures() * surroundings(person, category)
        return {"person": channels}

    return represent
