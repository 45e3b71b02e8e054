"""What CP-VTON's try-on module and its relatives have in common: a matcher that rests, and a U-Net that composes."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import l1_loss
from torch.optim import Adam

from vtonlib.data.feed import Feed
from vtonlib.data.warp_task import WarpTask
from vtonlib.data.worn import worn_garments
from vtonlib.geometry.sampling import warp
from vtonlib.models.cp_vton import Rendering
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.matching import LatticeStage
from vtonlib.training.schedule import hold_then_decay
from vtonlib.training.seeding import seeded
from vtonlib.training.stage import Losses, Phase
from vtonlib.training.try_on import See, TryOnStage, feed, perceptual_loss

SHORT = 20_000
"""Runs of fewer steps take a larger step size than the papers'."""


@dataclass(frozen=True)
class TryOnModuleConfig:
    """Settings of a try-on module.

    Attributes:
        width: channels at half resolution.
        height: rows of the pictures; columns are three quarters of them.
        learning_rate: Adam's step size; it is held for half of the run and then falls to nothing.
        steps: of the whole run.
        perceptual: backbone of the perceptual loss, one of :data:`vtonlib.nn.backbones.NAMES`.
        perceptual_weight: how much its layers together count, in mean absolute differences of pixels.
        mask_weight: of the composition mask's distance from what is asked of it.
        matcher: name in the zoo of the matcher that warps the garments.
    """

    width: int = 64
    height: int = 256
    learning_rate: float = 1e-4
    steps: int = 200_000
    perceptual: str = "vgg19"
    perceptual_weight: float = 1.0
    mask_weight: float = 1.0
    matcher: str = "cp_vton_matcher.cpu"

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the pictures."""
        return self.height, self.height * 3 // 4


class TryOnModuleStage(TryOnStage):
    """One U-Net renders the person and says where the warped garment is better.

    A subclass says which network, what it is told, and what is asked of its mask.
    """

    config: TryOnModuleConfig

    def __init__(self, config: TryOnModuleConfig, seed: int = 0) -> None:
        from vtonlib.zoo.store import load  # the zoo imports the stages

        self.config = config
        with seeded(seed):
            self.module = self.build(config)
        matcher = load(config.matcher)
        assert isinstance(matcher, LatticeStage)
        self.matcher = matcher
        self.networks = {"module": self.module}
        self.perceptual = perceptual_loss(config.perceptual, config.perceptual_weight)
        self.fixed = {"matcher": matcher.matcher} | ({"perceptual": self.perceptual} if self.perceptual else {})
        self.optimisers = {"module": Adam(self.module.parameters(), config.learning_rate, betas=(0.5, 0.999))}
        self.averages = {}
        self.schedules = {"module": hold_then_decay(config.steps)}
        self.phases = (Phase("module", "module", self.loss),)

    @staticmethod
    @abstractmethod
    def build(config: TryOnModuleConfig) -> nn.Module:
        """The network."""

    @staticmethod
    @abstractmethod
    def told(config: TryOnModuleConfig) -> See:
        """What the networks are told of people: ``matched`` for the matcher, and ``person`` for the module."""

    @abstractmethod
    def answer(self, person: Tensor, warped: Tensor, warped_mask: Tensor) -> Rendering:
        """The network's answer for a person representation, a warped garment and its mask."""

    @abstractmethod
    def mask_miss(self, mask: Tensor, warped_mask: Tensor, worn_mask: Tensor) -> Tensor:
        """How far a composition mask is from what is asked of it, a scalar."""

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Feed:
        """Training people in their garments, all four views of each: see :func:`vtonlib.training.try_on.feed`."""
        return feed(worn_garments("train", budget.height), cls.told(cls.configure(budget)), budget, seed)

    def loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """The result by its pixels and by what a backbone sees, and the composition mask."""
        warped, warped_mask = self.warped(batch)
        rendering = self.render(batch["person"], warped, warped_mask)
        result = rendering.wearing(warped)
        missed = self.mask_miss(rendering.mask, warped_mask, batch["worn_mask"])
        losses = {"pixels": l1_loss(result, batch["image"]), "mask": self.config.mask_weight * missed}
        if self.perceptual:
            losses["perceptual"] = self.perceptual(result, batch["image"])
        return losses

    def warped(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """The garments and their masks as the matcher warps them."""
        told = {"person": batch["matched"], "cloth": batch["cloth"], "cloth_mask": batch["cloth_mask"]}
        grid = self.matcher.predict(told, torch.Generator())
        return warp(batch["cloth"], grid, "border"), warp(batch["cloth_mask"], grid)

    def render(self, person: Tensor, warped: Tensor, warped_mask: Tensor) -> Rendering:
        """What the module makes of a person representation, a warped garment and its mask."""
        rendering = self.answer(person, warped, warped_mask)
        return Rendering(rendering.picture.float(), rendering.mask.float())

    @torch.no_grad()
    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """The result and, as a fourth channel, the composition mask: (B, 4, H, W)."""
        self.module.eval()
        warped, warped_mask = self.warped(batch)
        rendering = self.render(batch["person"], warped, warped_mask)
        return torch.cat([rendering.wearing(warped), rendering.mask], dim=1)

    def compose_all(self, task: WarpTask) -> tuple[Tensor, Tensor]:
        """The results (N, 3, H, W) and composition masks (N, 1, H, W) of a list, on the CPU."""
        both = self.in_parts(task, self.told(self.config), lambda batch: self.predict(batch, torch.Generator()))
        return both[:, :3], both[:, 3:]

    def warp_all(self, task: WarpTask) -> tuple[Tensor, Tensor]:
        """The warped garments (N, 3, H, W) and their masks (N, 1, H, W) of a list, on the CPU."""
        both = self.in_parts(task, self.told(self.config), lambda batch: torch.cat(self.warped(batch), dim=1))
        return both[:, :3], both[:, 3:]

    def try_on(self, task: WarpTask) -> Tensor:
        """The results."""
        return self.compose_all(task)[0]


def pace(budget: Budget) -> tuple[float, int, str]:
    """Step size, steps and backbone of the perceptual loss for a budget.

    Short runs take ten times the papers' step size, and the features of our own parser for VGG19's.
    """
    if budget.steps < SHORT:
        return 10 * TryOnModuleConfig.learning_rate, budget.steps, "human_parser"
    return TryOnModuleConfig.learning_rate, budget.steps, "vgg19"
