"""VITON with the pose to take beside what it always sees: the first baseline of MG-VTON's table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn.functional import l1_loss
from torch.optim import Adam

from vtonlib.data.feed import Feed
from vtonlib.data.outline_warps import fit_outlines
from vtonlib.data.pose_task import PoseTask
from vtonlib.data.representations import mg_vton
from vtonlib.data.representations.surroundings import surroundings
from vtonlib.data.representations.viton import CHANNELS, person_representation
from vtonlib.data.views import Views
from vtonlib.geometry.sampling import warp
from vtonlib.losses.composition import total_variation
from vtonlib.models.viton import PERSON_CHANNELS, Coarse, CoarseGenerator, RefinementNetwork, compose
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.multi_pose import MultiPoseStage
from vtonlib.training.posed import POSE, feed
from vtonlib.training.registry import register
from vtonlib.training.schedule import hold_then_decay
from vtonlib.training.seeding import seeded
from vtonlib.training.stage import Losses, Phase
from vtonlib.training.try_on import perceptual_loss

SHORT = 10_000
"""Runs of fewer steps take a larger step size than the paper's, and let it fall at the end."""

COARSEST = 3
"""Layers of the backbone that count for the refinement."""


@dataclass(frozen=True)
class VitonPoseConfig:
    """Settings of VITON with a pose; see :mod:`vtonlib.training.stages.viton_coarse` and ``viton_refinement``.

    Attributes:
        width: channels at half resolution, and of the refinement.
        height: rows of the pictures; columns are three quarters of them.
        learning_rate: Adam's step size for the coarse generator; half of it for the refinement.
        steps: of the whole run.
        hold: share of the run in which step sizes stay; then they fall to nothing.
        refine_every: the refinement learns in every so many steps; its warps take longer than all the rest.
        perceptual: backbone of the perceptual losses, one of :data:`vtonlib.nn.backbones.NAMES`.
        perceptual_weight: of the coarse picture's.
        refined_perceptual_weight: of the result's.
        refined_pixel_weight: of the result's mean absolute difference.
        warp_reward: lambda_warp.
        smoothness: lambda_TV.
    """

    width: int = 64
    height: int = 256
    learning_rate: float = 2e-4
    steps: int = 15_000
    hold: float = 1.0
    refine_every: int = 10
    perceptual: str = "vgg19"
    perceptual_weight: float = 3.0
    refined_perceptual_weight: float = 0.8
    refined_pixel_weight: float = 0.2
    warp_reward: float = 0.1
    smoothness: float = 0.246

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the pictures."""
        return self.height, self.height * 3 // 4


@register("viton_pose")
class VitonPoseStage(MultiPoseStage):
    """The coarse generator and the refinement of VITON learn side by side from pairs of poses."""

    Config = VitonPoseConfig
    config: VitonPoseConfig
    paper: ClassVar[str] = (
        "VITON (Han et al. 2018, arXiv:1711.08447) with the target's pose appended, as MG-VTON (Dong et al. 2019, "
        "arXiv:1902.11026), section 4.3, compares with it"
    )
    deviation: ClassVar[str] = (
        "as the book's VITON; both networks learn in one run, the refinement from coarse pictures that still change; "
        "how the pose is appended is our choice: as further channels of the person representation"
    )

    def __init__(self, config: VitonPoseConfig, seed: int = 0) -> None:
        self.config = config
        with seeded(seed):
            self.generator = CoarseGenerator(config.size, config.width, PERSON_CHANNELS + POSE)
            self.refiner = RefinementNetwork(config.width)
        self.networks = {"generator": self.generator, "refiner": self.refiner}
        self.perceptual = perceptual_loss(config.perceptual, config.perceptual_weight)
        self.refined = perceptual_loss(config.perceptual, config.refined_perceptual_weight, COARSEST)
        backbones = {"perceptual": self.perceptual, "refined": self.refined}
        self.fixed = {name: network for name, network in backbones.items() if network}
        self.optimisers = {
            "generator": Adam(self.generator.parameters(), config.learning_rate, betas=(0.5, 0.999)),
            "refiner": Adam(self.refiner.parameters(), config.learning_rate / 2, betas=(0.5, 0.999)),
        }
        self.averages = {}
        falling = hold_then_decay(config.steps, config.hold) if config.hold < 1 else None
        self.schedules = dict.fromkeys(self.networks, falling) if falling else {}
        self.phases = (
            Phase("generator", "generator", self.coarse_loss),
            Phase("refiner", "refiner", self.refiner_loss, interval=config.refine_every),
        )

    @classmethod
    def configure(cls, budget: Budget) -> VitonPoseConfig:
        """Take the budget's width and height; short runs take twenty times the paper's step size, as chapter 06's."""
        if budget.steps >= SHORT:
            return VitonPoseConfig(budget.width, budget.height, steps=budget.steps)
        rate = 20 * VitonPoseConfig.learning_rate
        return VitonPoseConfig(
            budget.width, budget.height, rate, budget.steps, 0.5, perceptual="human_parser", perceptual_weight=0.3
        )

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Feed:
        """Pairs of training people: see :func:`vtonlib.training.posed.feed`."""
        return feed(budget, see, seed)

    def coarse_loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """VITON's equation 2."""
        coarse = self.generator(batch["cloth"], batch["person"], rng)
        losses = {
            "pixels": l1_loss(coarse.picture.float(), batch["image"]),
            "mask": l1_loss(coarse.mask.float(), batch["worn_mask"]),
        }
        if self.perceptual:
            losses["perceptual"] = self.perceptual(coarse.picture, batch["image"])
        return losses

    def refiner_loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """VITON's equation 5 on garments warped to where they are really worn."""
        with torch.no_grad():
            coarse = self.imagine(batch)
        self.generator.train()
        result, alpha = self.refine(batch, coarse.picture, batch["worn_mask"])
        losses = {
            "pixels": self.config.refined_pixel_weight * l1_loss(result, batch["image"]),
            "warp": self.config.warp_reward * (1 - alpha.mean()),
            "smoothness": self.config.smoothness * total_variation(alpha),
        }
        if self.refined:
            losses["perceptual"] = self.refined(result, batch["image"])
        return losses

    def imagine(self, batch: Batch) -> Coarse:
        """The coarse picture and the garment's mask, from a generator in evaluation mode."""
        self.generator.eval()
        coarse = self.generator(batch["cloth"], batch["person"])
        return Coarse(coarse.picture.float(), coarse.mask.float())

    def refine(self, batch: Batch, coarse: Tensor, region: Tensor) -> tuple[Tensor, Tensor]:
        """Result (B, 3, H, W) and composition mask (B, 1, H, W) for a garment's region (B, 1, H, W) in [0, 1]."""
        grids = fit_outlines(batch["cloth_mask"][:, 0].cpu(), region[:, 0].cpu()).to(coarse)
        warped = warp(batch["cloth"], grids, "border")
        alpha = self.refiner(warped, coarse).float() * region
        return compose(alpha, warped, coarse), alpha

    @torch.no_grad()
    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """The result and, as a fourth channel, alpha: (B, 4, H, W)."""
        self.refiner.eval()
        coarse = self.imagine(batch)
        result, alpha = self.refine(batch, coarse.picture, coarse.region)
        return torch.cat([result, alpha], dim=1)

    def try_on(self, task: PoseTask) -> Tensor:
        """The results."""
        return self.in_parts(task, see_all, lambda batch: self.predict(batch, torch.Generator()))[:, :3]


def see(reference: Views, target: Views, category: Tensor) -> Batch:
    """``person`` (B, 40, H, W): VITON's 22 channels of the reference with its surroundings, and the joints to take."""
    channels = person_representation(reference)
    channels[:, CHANNELS["face_and_hair"]] += reference.pictures() * surroundings(reference, category)
    return {"person": torch.cat([channels, mg_vton.pose(target)], dim=1)}


def see_all(task: PoseTask) -> Batch:
    """What is known of a list."""
    known = see(task.reference, task.target, task.category)
    return known | {"cloth": task.cloth, "cloth_mask": task.cloth_mask}
