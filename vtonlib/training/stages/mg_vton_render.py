"""MG-VTON's refinement render, which chapter 13 trains: where to take the garment's own pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn.functional import l1_loss
from torch.optim import Adam

from vtonlib.data.feed import Feed
from vtonlib.data.pose_task import PoseTask
from vtonlib.models.mg_vton.render import RefinementRender, Rendered
from vtonlib.profiles import Budget
from vtonlib.training.alignment import Aligned, feed, in_the_room
from vtonlib.training.batches import Batch
from vtonlib.training.multi_pose import MultiPoseStage
from vtonlib.training.registry import register
from vtonlib.training.schedule import hold_then_decay
from vtonlib.training.seeding import seeded
from vtonlib.training.stage import Losses, Phase
from vtonlib.training.stages.mg_vton_pose_matcher import PARSER
from vtonlib.training.stages.mg_vton_warp_gan import MgVtonWarpGanStage
from vtonlib.training.try_on import perceptual_loss

SHORT = 5_000
"""Runs of fewer steps take a larger step size than the paper's, and let it fall at the end."""


@dataclass(frozen=True)
class MgVtonRenderConfig:
    """Settings of the refinement render.

    Attributes:
        width: channels at full size.
        height: rows of the pictures; columns are three quarters of them.
        learning_rate: Adam's step size.
        steps: of the whole run.
        hold: share of the run in which the step size stays; then it falls to nothing. The paper never lets it fall.
        perceptual: backbone of the perceptual loss, one of :data:`vtonlib.nn.backbones.NAMES`.
        perceptual_weight: mu_1, how much its layers together count, in mean absolute differences of pixels.
        cloth_reward: mu_2, how much the use of the warped garment is worth.
        pixel_weight: of the result's mean absolute difference, which the paper does not have.
        composes: False draws the picture instead of a mask, the paper's "w/o Mask".
        held_inside: the mask is zero outside the warped garment's; in the paper it may go anywhere.
        parser: name in the zoo of the conditional parser whose labels the pairs carry.
        warp_gan: name in the zoo of the Warp-GAN.
    """

    width: int = 64
    height: int = 256
    learning_rate: float = 2e-4
    steps: int = 6_530
    hold: float = 1.0
    perceptual: str = "vgg19"
    perceptual_weight: float = 1.0
    cloth_reward: float = 0.1
    pixel_weight: float = 0.0
    composes: bool = True
    held_inside: bool = True
    parser: str = PARSER
    warp_gan: str = "mg_vton_warp_gan.cpu"


@register("mg_vton_render")
class MgVtonRenderStage(MultiPoseStage):
    """One network composes the warped garment and the Warp-GAN's picture, while all others rest."""

    Config = MgVtonRenderConfig
    config: MgVtonRenderConfig
    paper: ClassVar[str] = "MG-VTON (Dong et al. 2019, arXiv:1902.11026), section 3.3"
    deviation: ClassVar[str] = (
        "the mask is held inside the warped garment's; the weights are ours, since the paper gives none; the wall "
        "behind the person is kept where it stays in sight; tops, bottoms and dresses; in short runs slim width, "
        "larger steps that become smaller, the difference of pixels beside the perceptual one, and the features of "
        "our own parser for VGG19's"
    )

    def __init__(self, config: MgVtonRenderConfig, seed: int = 0) -> None:
        from vtonlib.zoo.store import load  # the zoo imports the stages

        self.config = config
        with seeded(seed):
            self.render = RefinementRender(config.width, composes=config.composes)
        coarse = load(config.warp_gan)
        assert isinstance(coarse, MgVtonWarpGanStage)
        self.networks = {"render": self.render}
        self.perceptual = perceptual_loss(config.perceptual, config.perceptual_weight)
        self.rest_on(coarse)
        self.optimisers = {"render": Adam(self.render.parameters(), config.learning_rate, betas=(0.5, 0.999))}
        self.averages = {}
        self.schedules = {"render": hold_then_decay(config.steps, config.hold)} if config.hold < 1 else {}
        self.phases = (Phase("render", "render", self.loss),)

    @classmethod
    def configure(cls, budget: Budget) -> MgVtonRenderConfig:
        """Take the budget's width and height; short runs take ten times the paper's step size."""
        if budget.steps >= SHORT:
            return MgVtonRenderConfig(budget.width, budget.height, steps=budget.steps)
        rate = 10 * MgVtonRenderConfig.learning_rate
        return MgVtonRenderConfig(
            budget.width,
            budget.height,
            rate,
            budget.steps,
            0.5,
            "human_parser",
            perceptual_weight=0.3,
            cloth_reward=0.02,  # with 0.1 a short run pastes everything, and a constant mask of 0.7 is better
            pixel_weight=1.0,
        )

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Feed:
        """Pairs of training people: see :func:`vtonlib.training.alignment.feed`."""
        return feed(budget, cls.configure(budget).parser, seed)

    def rest_on(self, coarse: MgVtonWarpGanStage) -> None:
        """Take the coarse pictures from this Warp-GAN."""
        self.coarse = coarse
        self.fixed = {"generator": coarse.generator} | coarse.alignment.networks
        self.fixed |= {"perceptual": self.perceptual} if self.perceptual else {}

    def loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """The paper's equation for the render.

        The reward is the paper's norm as a mean over pixels. It is never negative.
        """
        rendered = self.compose(batch)
        losses = {}
        if self.config.composes:
            losses["cloth"] = self.config.cloth_reward * (1 - rendered.mask).abs().mean()
        if self.config.pixel_weight:
            losses["pixels"] = self.config.pixel_weight * l1_loss(rendered.picture, batch["image"])
        if self.perceptual:
            losses["perceptual"] = self.perceptual(rendered.picture, batch["image"])
        return losses

    def compose(self, batch: Batch) -> Rendered:
        """The result and its mask, in float32."""
        with torch.no_grad():
            aligned = self.coarse.align(batch)
            self.coarse.generator.eval()
            coarse = self.coarse.render(batch, aligned)
        return self.refine(batch, aligned, coarse)

    def refine(self, batch: Batch, aligned: Aligned, coarse: Tensor) -> Rendered:
        """The result and its mask from a coarse picture (B, 3, H, W)."""
        inside = aligned.mask if self.config.held_inside and self.config.composes else None
        rendered = self.render(aligned.cloth, coarse, batch["pose"], inside)
        picture, mask = rendered.picture.float(), rendered.mask.float()
        if self.coarse.config.keeps_room and not self.config.composes:
            picture = in_the_room(picture, batch["reference"], batch["room"])
        return Rendered(picture, mask)

    @torch.no_grad()
    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """The result and, as a fourth channel, the composition mask: (B, 4, H, W)."""
        self.render.eval()
        return torch.cat(self.compose(batch), dim=1)

    def compose_all(self, task: PoseTask) -> Rendered:
        """The results (N, 3, H, W) and composition masks (N, 1, H, W) of a list, on the CPU."""
        see = self.coarse.alignment.see
        both = self.in_parts(task, see, lambda batch: self.predict(batch, torch.Generator()))
        return Rendered(both[:, :3], both[:, 3:])

    def try_on(self, task: PoseTask) -> Tensor:
        """The results."""
        return self.compose_all(task).picture
