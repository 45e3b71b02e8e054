"""CP-VTON with the pose to take beside what it always sees: the second baseline of MG-VTON's table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.nn.functional import l1_loss
from torch.optim import Adam

from vtonlib.data.feed import Feed
from vtonlib.data.pose_task import PoseTask
from vtonlib.data.representations import mg_vton
from vtonlib.data.representations.cp_vton import CHANNELS, person_representation
from vtonlib.data.representations.surroundings import surroundings
from vtonlib.data.views import Views
from vtonlib.geometry.bending import offset_smoothness
from vtonlib.geometry.sampling import warp
from vtonlib.geometry.thin_plate import LatticeTps
from vtonlib.losses.composition import mask_miss
from vtonlib.models.cp_vton import INNERMOST, PERSON_CHANNELS, GeometricMatcher, Rendering
from vtonlib.nn.halvings import halvings
from vtonlib.nn.regression import start_near
from vtonlib.nn.unet import UNet
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.matching import START_SPREAD
from vtonlib.training.multi_pose import MultiPoseStage
from vtonlib.training.posed import POSE, feed
from vtonlib.training.registry import register
from vtonlib.training.schedule import hold_then_decay
from vtonlib.training.seeding import seeded
from vtonlib.training.stage import Losses, Phase
from vtonlib.training.stages.cp_vton_matcher import SMOOTHNESS
from vtonlib.training.try_on import perceptual_loss

SHORT = 20_000
"""Runs of fewer steps take a larger step size than the paper's."""


@dataclass(frozen=True)
class CpVtonPoseConfig:
    """Settings of CP-VTON with a pose; see :mod:`vtonlib.training.stages.cp_vton_matcher` and ``cp_vton_try_on``.

    Attributes:
        width: channels at half resolution.
        height: rows of the pictures; columns are three quarters of them.
        learning_rate: Adam's step size; it is held for half of the run and then falls to nothing.
        steps: of the whole run.
        smoothness: weight of the nodes' second differences.
        perceptual: backbone of the perceptual loss, one of :data:`vtonlib.nn.backbones.NAMES`.
        perceptual_weight: how much its layers together count, in mean absolute differences of pixels.
        mask_weight: of the composition mask's distance from the warped garment's.
    """

    width: int = 64
    height: int = 256
    learning_rate: float = 1e-4
    steps: int = 200_000
    smoothness: float = SMOOTHNESS
    perceptual: str = "vgg19"
    perceptual_weight: float = 1.0
    mask_weight: float = 1.0

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the pictures."""
        return self.height, self.height * 3 // 4


@register("cp_vton_pose")
class CpVtonPoseStage(MultiPoseStage):
    """The matcher and the try-on module of CP-VTON learn side by side from pairs of poses."""

    Config = CpVtonPoseConfig
    config: CpVtonPoseConfig
    paper: ClassVar[str] = (
        "CP-VTON (Wang et al. 2018, arXiv:1807.07688) with the target's pose appended, as MG-VTON (Dong et al. 2019, "
        "arXiv:1902.11026), section 4.3, compares with it"
    )
    deviation: ClassVar[str] = (
        "as the book's CP-VTON; both networks learn in one run, the module from warps that still change; how the pose "
        "is appended is our choice: as further channels of the person representation"
    )

    def __init__(self, config: CpVtonPoseConfig, seed: int = 0) -> None:
        self.config = config
        channels = PERSON_CHANNELS + POSE
        with seeded(seed):
            self.matcher = GeometricMatcher(config.size, config.width, channels)
            self.module = UNet(channels + 3, 4, halvings(config.size, INNERMOST), config.width)
            linear = self.matcher.regressor.linear
            start_near(linear, torch.zeros(linear.out_features), START_SPREAD)
        self.spline = LatticeTps(self.matcher.lattice, config.size)
        self.networks = {"matcher": self.matcher, "module": self.module}
        self.perceptual = perceptual_loss(config.perceptual, config.perceptual_weight)
        self.fixed = {"spline": self.spline} | ({"perceptual": self.perceptual} if self.perceptual else {})
        self.optimisers = {
            name: Adam(network.parameters(), config.learning_rate, betas=(0.5, 0.999))
            for name, network in self.networks.items()
        }
        self.averages = {}
        self.schedules = dict.fromkeys(self.networks, hold_then_decay(config.steps))
        self.phases = (
            Phase("matcher", "matcher", self.matcher_loss),
            Phase("module", "module", self.module_loss),
        )

    @classmethod
    def configure(cls, budget: Budget) -> CpVtonPoseConfig:
        """Take the budget's width and height; short runs take ten times the paper's step size."""
        if budget.steps >= SHORT:
            return CpVtonPoseConfig(budget.width, budget.height, steps=budget.steps)
        rate = 10 * CpVtonPoseConfig.learning_rate
        return CpVtonPoseConfig(budget.width, budget.height, rate, budget.steps, perceptual="human_parser")

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Feed:
        """Pairs of training people: see :func:`vtonlib.training.posed.feed`."""
        return feed(budget, see, seed)

    def matcher_loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """CP-VTON's equation 3 with a smoothness."""
        offsets = self.offsets(batch)
        warped = warp(batch["cloth"], self.spline(offsets), "border")
        worn = batch["image"] * batch["worn_mask"] + (1 - batch["worn_mask"])
        smoothness = offset_smoothness(offsets, self.spline.lattice)
        return {"miss": F.l1_loss(warped, worn), "smoothness": self.config.smoothness * smoothness}

    def module_loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """CP-VTON's equation 6."""
        with torch.no_grad():
            warped, mask = self.warped(batch)
        rendering = self.rendered(batch, warped)
        result = rendering.wearing(warped)
        missed = mask_miss(rendering.mask, mask, "warped_mask")
        losses = {"pixels": l1_loss(result, batch["image"]), "mask": self.config.mask_weight * missed}
        if self.perceptual:
            losses["perceptual"] = self.perceptual(result, batch["image"])
        return losses

    def offsets(self, batch: Batch) -> Tensor:
        """The nodes' displacements in float32."""
        theta = self.matcher(batch["person"], batch["cloth"]).float()
        return self.spline.to(theta.device).offsets_from_theta(theta)

    def warped(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """The warped garments (B, 3, H, W) and their masks (B, 1, H, W)."""
        grid = self.spline(self.offsets(batch))
        return warp(batch["cloth"], grid, "border"), warp(batch["cloth_mask"], grid)

    def rendered(self, batch: Batch, warped: Tensor) -> Rendering:
        """What the module makes of people and warped garments."""
        return Rendering.of(self.module(torch.cat([batch["person"], warped], dim=1)).float())

    @torch.no_grad()
    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """The result and, as a fourth channel, the composition mask: (B, 4, H, W)."""
        self.train(False)
        warped, _ = self.warped(batch)
        rendering = self.rendered(batch, warped)
        return torch.cat([rendering.wearing(warped), rendering.mask], dim=1)

    def try_on(self, task: PoseTask) -> Tensor:
        """The results."""
        return self.in_parts(task, see_all, lambda batch: self.predict(batch, torch.Generator()))[:, :3]


def see(reference: Views, target: Views, category: Tensor) -> Batch:
    """``person`` (B, 40, H, W): CP-VTON's 22 channels of the reference and its surroundings, and the joints to take."""
    channels = person_representation(reference)
    channels[:, CHANNELS["head"]] += (reference.pictures() + 1) * surroundings(reference, category)  # black is -1
    return {"person": torch.cat([channels, mg_vton.pose(target)], dim=1)}


def see_all(task: PoseTask) -> Batch:
    """What is known of a list."""
    known = see(task.reference, task.target, task.category)
    return known | {"cloth": task.cloth, "cloth_mask": task.cloth_mask}
