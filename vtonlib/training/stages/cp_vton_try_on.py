"""CP-VTON's try-on module, which chapter 08 trains beside VITON's refinement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn.functional import l1_loss
from torch.optim import Adam

from vtonlib.data.feed import Feed
from vtonlib.data.representations.cp_vton import CHANNELS, person_representation
from vtonlib.data.representations.surroundings import surroundings
from vtonlib.data.views import Views
from vtonlib.data.warp_task import WarpTask
from vtonlib.data.worn import worn_garments
from vtonlib.geometry.sampling import warp
from vtonlib.losses.composition import MaskTarget, mask_miss
from vtonlib.models.cp_vton import Rendering, TryOnModule
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.registry import register
from vtonlib.training.schedule import hold_then_decay
from vtonlib.training.seeding import seeded
from vtonlib.training.stage import Losses, Phase
from vtonlib.training.stages.cp_vton_matcher import CpVtonMatcherStage
from vtonlib.training.try_on import See, TryOnStage, feed, perceptual_loss

SHORT = 20_000
"""Runs of fewer steps take a larger step size than the paper's."""


@dataclass(frozen=True)
class CpVtonTryOnConfig:
    """Settings of the try-on module.

    Attributes:
        width: channels at half resolution.
        height: rows of the pictures; columns are three quarters of them.
        learning_rate: Adam's step size; it is held for half of the run and then falls to nothing.
        steps: of the whole run.
        perceptual: backbone of the perceptual loss, one of :data:`vtonlib.nn.backbones.NAMES`.
        perceptual_weight: how much its layers together count, in mean absolute differences of pixels.
        mask_target: what the composition mask is held against, see :func:`vtonlib.losses.composition.mask_miss`.
        mask_weight: of that term.
        surroundings: keep what the garment does not replace as the head is kept, see
            :func:`vtonlib.data.representations.surroundings.surroundings`; CP-VTON+ keeps legs and trousers.
        matcher: name in the zoo of the matcher that warps the garments.
    """

    width: int = 64
    height: int = 256
    learning_rate: float = 1e-4
    steps: int = 200_000
    perceptual: str = "vgg19"
    perceptual_weight: float = 1.0
    mask_target: MaskTarget = "warped_mask"
    mask_weight: float = 1.0
    surroundings: bool = False
    matcher: str = "cp_vton_matcher.cpu"

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the pictures."""
        return self.height, self.height * 3 // 4


@register("cp_vton_try_on")
class CpVtonTryOnStage(TryOnStage):
    """One U-Net renders the person and says where the warped garment is better."""

    Config = CpVtonTryOnConfig
    config: CpVtonTryOnConfig
    paper: ClassVar[str] = "CP-VTON (Wang et al. 2018, arXiv:1807.07688), section 3.2 and equation 6"
    deviation: ClassVar[str] = (
        "logits are not normalised; tops, bottoms and dresses; other clothes and the background are kept like the "
        "head; garments are warped while it trains and not stored as JPEG; below 256 x 192 fewer levels; in "
        "short runs slim width, larger, fewer steps, and the features of our own parser for VGG19's"
    )

    def __init__(self, config: CpVtonTryOnConfig, seed: int = 0) -> None:
        from vtonlib.zoo.store import load  # the zoo imports the stages

        self.config = config
        with seeded(seed):
            self.module = TryOnModule(config.size, config.width)
        matcher = load(config.matcher)
        assert isinstance(matcher, CpVtonMatcherStage)
        self.matcher = matcher
        self.networks = {"module": self.module}
        self.perceptual = perceptual_loss(config.perceptual, config.perceptual_weight)
        self.fixed = {"matcher": matcher.matcher} | ({"perceptual": self.perceptual} if self.perceptual else {})
        self.optimisers = {"module": Adam(self.module.parameters(), config.learning_rate, betas=(0.5, 0.999))}
        self.averages = {}
        self.schedules = {"module": hold_then_decay(config.steps)}
        self.phases = (Phase("module", "module", self.loss),)

    @classmethod
    def configure(cls, budget: Budget) -> CpVtonTryOnConfig:
        """Take the budget's width and height; short runs take ten times the paper's step size."""
        short = budget.steps < SHORT
        rate = CpVtonTryOnConfig.learning_rate * (10 if short else 1)
        backbone = "human_parser" if short else "vgg19"
        return CpVtonTryOnConfig(budget.width, budget.height, rate, budget.steps, backbone, surroundings=True)

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Feed:
        """Training people in their garments, all four views of each: see :func:`vtonlib.training.try_on.feed`."""
        return feed(worn_garments("train", budget.height), see(cls.configure(budget)), budget, seed)

    def loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """Equation 6: the result by its pixels and by what a backbone sees, and the composition mask."""
        warped, warped_mask = self.warped(batch)
        rendering = self.render(batch["person"], warped)
        result = rendering.wearing(warped)
        losses = {
            "pixels": l1_loss(result, batch["image"]),
            "mask": self.config.mask_weight * mask_miss(rendering.mask, warped_mask, self.config.mask_target),
        }
        if self.perceptual:
            losses["perceptual"] = self.perceptual(result, batch["image"])
        return losses

    def warped(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """The garments and their masks as the matcher warps them."""
        told = {"person": batch["matched"], "cloth": batch["cloth"], "cloth_mask": batch["cloth_mask"]}
        grid = self.matcher.predict(told, torch.Generator())
        return warp(batch["cloth"], grid, "border"), warp(batch["cloth_mask"], grid)

    def render(self, person: Tensor, warped: Tensor) -> Rendering:
        """What the module makes of a person representation and a warped garment."""
        rendering = self.module(person, warped)
        return Rendering(rendering.picture.float(), rendering.mask.float())

    @torch.no_grad()
    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """The result and, as a fourth channel, the composition mask: (B, 4, H, W)."""
        self.module.eval()
        warped, _ = self.warped(batch)
        rendering = self.render(batch["person"], warped)
        return torch.cat([rendering.wearing(warped), rendering.mask], dim=1)

    def compose_all(self, task: WarpTask) -> tuple[Tensor, Tensor]:
        """The results (N, 3, H, W) and composition masks (N, 1, H, W) of a list, on the CPU."""
        both = self.in_parts(task, see(self.config), lambda batch: self.predict(batch, torch.Generator()))
        return both[:, :3], both[:, 3:]

    def warp_all(self, task: WarpTask) -> tuple[Tensor, Tensor]:
        """The warped garments (N, 3, H, W) and their masks (N, 1, H, W) of a list, on the CPU."""
        both = self.in_parts(task, see(self.config), lambda batch: torch.cat(self.warped(batch), dim=1))
        return both[:, :3], both[:, 3:]

    def try_on(self, task: WarpTask) -> Tensor:
        """The results."""
        return self.compose_all(task)[0]


def see(config: CpVtonTryOnConfig) -> See:
    """CP-VTON's 22 channels: ``matched`` for the matcher, which was trained with them, and ``person`` for the module.

    Where ``config`` wishes so, the latter hold the surroundings beside the head.
    """

    def represent(person: Views, category: Tensor) -> Batch:
        matched = person_representation(person)
        channels = matched.clone()
        if config.surroundings:  # black is -1, so what is added stands on it
            channels[:, CHANNELS["head"]] += (person.pictures() + 1) * surroundings(person, category)
        return {"person": channels, "matched": matched}

    return represent
