"""MG-VTON's Warp-GAN, which chapter 12 trains: the person in the new pose and garment, coarse but whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import torch
from torch import Tensor
from torch.nn.functional import l1_loss
from torch.optim import Adam

from vtonlib.data.feed import Feed
from vtonlib.data.pose_task import PoseTask
from vtonlib.data.representations.multi_pose import wall
from vtonlib.geometry.sampling import warp
from vtonlib.losses.gan import objective
from vtonlib.losses.multi_scale import discriminator_loss, feature_matching, generator_loss
from vtonlib.models.mg_vton.warp_gan import CHANNELS, WarpGan
from vtonlib.nn.multi_scale_discriminator import Judged, MultiScaleDiscriminator
from vtonlib.profiles import Budget
from vtonlib.training.alignment import Aligned, Alignment, feed, in_the_room
from vtonlib.training.batches import Batch
from vtonlib.training.multi_pose import MultiPoseStage
from vtonlib.training.registry import register
from vtonlib.training.schedule import hold_then_decay
from vtonlib.training.seeding import seeded
from vtonlib.training.stage import Losses, Phase
from vtonlib.training.stages.mg_vton_pose_matcher import PARSER
from vtonlib.training.stages.parsing_matcher import Transformation
from vtonlib.training.try_on import perceptual_loss

SHORT = 10_000
"""Runs of fewer steps take a larger step size than the paper's, and let it fall at the end."""

JUDGED = 3 + CHANNELS["parsing"] + CHANNELS["pose"]
"""Channels that the discriminator sees: a picture, the synthesised labels, the joints."""


@dataclass(frozen=True)
class MgVtonWarpGanConfig:
    """Settings of the Warp-GAN.

    Attributes:
        width: channels of the generator at full size.
        discriminator_width: channels of the discriminator at half size.
        height: rows of the pictures; columns are three quarters of them.
        learning_rate: Adam's step size for both players.
        steps: of the whole run.
        hold: share of the run in which step sizes stay; then they fall to nothing. The paper never lets them fall.
        objective: of the game, one of :data:`vtonlib.losses.gan.OBJECTIVES`.
        game_weight: lambda_1.
        perceptual: backbone of the perceptual loss, one of :data:`vtonlib.nn.backbones.NAMES`.
        perceptual_weight: lambda_2, how much its layers together count, in mean absolute differences of pixels.
        feature_weight: lambda_3, of what the discriminator's first three layers see.
        pixel_weight: lambda_4.
        literal: everything is encoded and warped together, see :class:`vtonlib.models.mg_vton.warp_gan.WarpGan`.
        skips: the encoders' features also skip the bottleneck; the paper's generator has no such thing.
        transformation: what takes the reference to the new pose: ``both`` as in the paper, ``affine``, ``tps`` or
            ``none``.
        warped: ``features`` at the bottleneck as in the paper, or ``pixels`` of the reference.
        keeps_room: the wall behind the person stays as it is where it stays in sight; the paper's pictures have none.
        parser: name in the zoo of the conditional parser.
        matcher: of the garments' matcher.
        parsing_matcher: of the matcher of parsings.
    """

    width: int = 64
    discriminator_width: int = 64
    height: int = 256
    learning_rate: float = 2e-4
    steps: int = 19_589
    hold: float = 1.0
    objective: str = "least_squares"
    game_weight: float = 1.0
    perceptual: str = "vgg19"
    perceptual_weight: float = 10.0
    feature_weight: float = 10.0
    pixel_weight: float = 10.0
    literal: bool = False
    skips: bool = False
    transformation: Transformation | Literal["none"] = "both"
    warped: Literal["features", "pixels"] = "features"
    keeps_room: bool = True
    parser: str = PARSER
    matcher: str = "mg_vton_pose_matcher.cpu"
    parsing_matcher: str = "parsing_matcher.cpu"


@register("mg_vton_warp_gan")
class MgVtonWarpGanStage(MultiPoseStage):
    """A generator that warps the reference's features plays against a discriminator of two scales."""

    Config = MgVtonWarpGanConfig
    config: MgVtonWarpGanConfig
    paper: ClassVar[str] = "MG-VTON (Dong et al. 2019, arXiv:1902.11026), section 3.2"
    deviation: ClassVar[str] = (
        "the reference is encoded apart, and only its features are warped; the game is that of least squares and the "
        "weights are pix2pixHD's, since the paper gives none; the matcher of parsings is our own; the wall behind the "
        "person is kept where it stays in sight; tops, bottoms and dresses; in short runs slim width, larger steps "
        "that become smaller, a game that weighs a tenth, features that skip the bottleneck, and those of our own "
        "parser for VGG19's"
    )

    def __init__(self, config: MgVtonWarpGanConfig, seed: int = 0) -> None:
        self.config = config
        self.game = objective(config.objective)
        with seeded(seed):
            self.generator = WarpGan(config.width, literal=config.literal, skips=config.skips)
            self.discriminator = MultiScaleDiscriminator(JUDGED, config.discriminator_width)
        self.networks = {"generator": self.generator, "discriminator": self.discriminator}
        self._latest: tuple[Batch, Aligned, Tensor] | None = None
        self.alignment = Alignment(config.parser, config.matcher, config.parsing_matcher)
        self.perceptual = perceptual_loss(config.perceptual, config.perceptual_weight)
        self.fixed = self.alignment.networks | ({"perceptual": self.perceptual} if self.perceptual else {})
        self.optimisers = {
            name: Adam(network.parameters(), config.learning_rate, betas=(0.5, 0.999))
            for name, network in self.networks.items()
        }
        self.averages = {}
        falling = hold_then_decay(config.steps, config.hold) if config.hold < 1 else None
        self.schedules = dict.fromkeys(self.networks, falling) if falling else {}
        self.phases = (
            Phase("generator", "generator", self.generator_loss),
            Phase("discriminator", "discriminator", self.discriminator_loss),
        )

    @classmethod
    def configure(cls, budget: Budget) -> MgVtonWarpGanConfig:
        """Take the budget's width and height; short runs take ten times the paper's step size."""
        if budget.steps >= SHORT:
            return MgVtonWarpGanConfig(budget.width, height=budget.height, steps=budget.steps)
        rate = 10 * MgVtonWarpGanConfig.learning_rate
        return MgVtonWarpGanConfig(
            budget.width,
            budget.width,
            budget.height,
            rate,
            budget.steps,
            0.5,
            game_weight=0.1,
            perceptual="human_parser",
            perceptual_weight=3.0,
            feature_weight=1.0,
            skips=True,
        )

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Feed:
        """Pairs of training people: see :func:`vtonlib.training.alignment.feed`."""
        return feed(budget, cls.configure(budget).parser, seed)

    def generator_loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """All four terms of the paper's section 3.2."""
        aligned = self.align(batch)
        fake = self.render(batch, aligned)
        self._latest = batch, aligned, fake.detach()
        judged = self.judge(batch, aligned, fake)
        losses = {
            "pixels": self.config.pixel_weight * l1_loss(fake, batch["image"]),
            "game": self.config.game_weight * generator_loss(self.game, judged),
        }
        if self.config.feature_weight:
            with torch.no_grad():
                real = self.judge(batch, aligned, batch["image"])
            losses["features"] = self.config.feature_weight * feature_matching(real, judged)
        if self.perceptual:
            losses["perceptual"] = self.perceptual(fake, batch["image"])
        return losses

    def discriminator_loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """Tell true pictures from rendered ones, both beside the synthesised labels and the joints.

        Those that the generator's phase has just rendered are taken, as in pix2pixHD's code: rendering is dear.
        """
        if self._latest is None or self._latest[0] is not batch:
            with torch.no_grad():
                aligned = self.align(batch)
                self._latest = batch, aligned, self.render(batch, aligned)
        _, aligned, fake = self._latest
        self._latest = None
        real = self.judge(batch, aligned, batch["image"])
        return {"game": discriminator_loss(self.game, real, self.judge(batch, aligned, fake))}

    def align(self, batch: Batch) -> Aligned:
        """What the resting networks give."""
        wanted = self.config.transformation
        return self.alignment.align(batch, None if wanted == "none" else wanted)

    def render(self, batch: Batch, aligned: Aligned) -> Tensor:
        """The coarse pictures (B, 3, H, W) float32 in [-1, 1]."""
        reference, grid, room = batch["reference"], aligned.grid, batch["room"]
        if self.config.warped == "pixels" and grid is not None:
            reference, grid = warp(reference, grid), None
        cloth = aligned.mask * aligned.cloth
        if self.config.keeps_room:
            cloth = cloth + (1 - aligned.mask) * wall(batch["reference"], room)
        coarse = self.generator(reference, cloth, batch["pose"], aligned.parsing, grid).float()
        return in_the_room(coarse, batch["reference"], room) if self.config.keeps_room else coarse

    def judge(self, batch: Batch, aligned: Aligned, pictures: Tensor) -> list[Judged]:
        """Verdicts on pictures (B, 3, H, W), from the large picture to the small one."""
        judged = self.discriminator(pictures, aligned.parsing, batch["pose"])
        return [Judged(scale.logits.float(), [layer.float() for layer in scale.features]) for scale in judged]

    @torch.no_grad()
    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """The coarse pictures (B, 3, H, W) in [-1, 1]."""
        self.generator.eval()
        return self.render(batch, self.align(batch))

    def try_on(self, task: PoseTask) -> Tensor:
        """The coarse pictures of a list."""
        return self.in_parts(task, self.alignment.see, lambda batch: self.predict(batch, torch.Generator()))
