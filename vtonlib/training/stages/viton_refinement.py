"""VITON's refinement network, which chapter 08 trains: how much of the warped garment goes into the picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import l1_loss
from torch.optim import Adam

from vtonlib.data.feed import Feed
from vtonlib.data.outline_warps import fit_outlines, outline_warps, well_seen
from vtonlib.data.warp_task import WarpTask
from vtonlib.data.worn import worn_garments
from vtonlib.geometry.sampling import warp
from vtonlib.losses.composition import total_variation
from vtonlib.models.viton import Coarse, RefinementNetwork, compose
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.registry import register
from vtonlib.training.seeding import seeded
from vtonlib.training.stage import Losses, Phase
from vtonlib.training.stages.viton_coarse import VitonCoarseStage, see
from vtonlib.training.try_on import AT_ONCE, TryOnStage, feed, perceptual_loss, resized

SHORT = 3_000
"""Runs of fewer steps take a larger step size than the paper's."""

COARSEST = 3
"""Layers of the backbone that count: conv3_2, conv4_2 and conv5_2 of VGG19 in the paper."""

FEWEST_PAIRS, PASSES = 40, 4
"""Warped garments that are computed at least, and how often a run sees each of them, unless there are no more."""


class Refined(NamedTuple):
    """A try-on with what it was made of.

    Attributes:
        result: (N, 3, H, W) in [-1, 1].
        alpha: (N, 1, H, W) in [0, 1], the composition mask.
        warped: (N, 3, H, W) in [-1, 1], the warped garment.
        coarse: the coarse picture, and the mask that the garment was warped to unless the true one was given.
    """

    result: Tensor
    alpha: Tensor
    warped: Tensor
    coarse: Coarse


@dataclass(frozen=True)
class VitonRefinementConfig:
    """Settings of the refinement network.

    Attributes:
        width: channels.
        height: rows of the pictures; columns are three quarters of them.
        learning_rate: Adam's step size.
        perceptual: backbone of the perceptual loss, one of :data:`vtonlib.nn.backbones.NAMES`.
        perceptual_weight: how much its three coarsest layers together count, in mean absolute differences of pixels.
        pixel_weight: of the result's mean absolute difference; the code has it, the paper does not.
        warp_reward: lambda_warp, how much the use of the warped garment is worth.
        smoothness: lambda_TV, weight of :func:`vtonlib.losses.composition.total_variation`.
        masked: alpha is zero outside the garment's mask, as in the code.
        coarse: name in the zoo of the coarse generator.
    """

    width: int = 64
    height: int = 256
    learning_rate: float = 2e-4
    perceptual: str = "vgg19"
    perceptual_weight: float = 0.8
    pixel_weight: float = 0.2
    warp_reward: float = 0.1
    smoothness: float = 0.246
    masked: bool = True
    coarse: str = "viton_coarse.cpu"

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the pictures."""
        return self.height, self.height * 3 // 4


@register("viton_refinement")
class VitonRefinementStage(TryOnStage):
    """A small network learns where the warped garment is better than the coarse picture."""

    Config = VitonRefinementConfig
    config: VitonRefinementConfig
    paper: ClassVar[str] = "VITON (Han et al. 2018, arXiv:1711.08447), section 3.3 and equations 4 and 5"
    deviation: ClassVar[str] = (
        "garments are warped by the person's outline to the garment's and not back; the coarse generator rests in "
        "evaluation mode; in short runs few warped garments, larger steps, and the features of our own parser for "
        "VGG19's"
    )

    def __init__(self, config: VitonRefinementConfig, seed: int = 0) -> None:
        from vtonlib.zoo.store import load  # the zoo imports the stages

        self.config = config
        with seeded(seed):
            self.refiner = RefinementNetwork(config.width)
        coarse = load(config.coarse)
        assert isinstance(coarse, VitonCoarseStage)
        self.coarse = coarse
        self.networks = {"refiner": self.refiner}
        self.perceptual = perceptual_loss(config.perceptual, config.perceptual_weight, COARSEST)
        self.fixed = {"generator": coarse.generator} | ({"perceptual": self.perceptual} if self.perceptual else {})
        self.optimisers = {"refiner": Adam(self.refiner.parameters(), config.learning_rate, betas=(0.5, 0.999))}
        self.averages = {}
        self.phases = (Phase("refiner", "refiner", self.loss),)

    @classmethod
    def configure(cls, budget: Budget) -> VitonRefinementConfig:
        """Take the budget's width and height; short runs take ten times the paper's step size."""
        short = budget.steps < SHORT
        rate = VitonRefinementConfig.learning_rate * (10 if short else 1)
        return VitonRefinementConfig(budget.width, budget.height, rate, "human_parser" if short else "vgg19")

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Feed:
        """Training people in their garments, which ``warp`` (B, H, W, 2) brings onto them by their outlines."""
        worn = worn_garments("train", budget.height)
        seen = torch.nonzero(well_seen(worn.examples["worn"].float())).flatten()
        count = min(len(seen), max(FEWEST_PAIRS, budget.steps * budget.batch_size // PASSES))
        rows = seen[torch.linspace(0, len(seen) - 1, count).long()]
        examples = {name: tensor[rows] for name, tensor in worn.examples.items()}
        examples["warp"] = outline_warps(worn, rows.tolist())
        coarse = VitonCoarseStage.configure(budget)
        return feed(replace(worn, examples=examples), see(coarse), budget, seed)

    def loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """Equation 5, and the difference of pixels that the code adds to it.

        The reward is written as a cost, 1 minus the mean of alpha, which has the same gradient and is never negative.
        """
        warped = warp(batch["cloth"], batch["warp"].float(), "border")
        coarse = self.imagine(batch).picture
        alpha = self.alpha(warped, coarse, batch["worn_mask"])
        result = compose(alpha, warped, coarse)
        losses = {
            "pixels": self.config.pixel_weight * l1_loss(result, batch["image"]),
            "warp": self.config.warp_reward * (1 - alpha.mean()),
            "smoothness": self.config.smoothness * total_variation(alpha),
        }
        if self.perceptual:
            losses["perceptual"] = self.perceptual(result, batch["image"])
        return losses

    def alpha(self, warped: Tensor, coarse: Tensor, mask: Tensor) -> Tensor:
        """The composition mask (B, 1, H, W) in [0, 1], inside the garment's mask (B, 1, H, W) if so configured."""
        alpha: Tensor = self.refiner(warped, coarse).float()
        return alpha * mask if self.config.masked else alpha

    @torch.no_grad()
    def imagine(self, batch: Batch) -> Coarse:
        """The coarse picture and mask, at the size of the batch whatever that of the coarse generator is."""
        size = (batch["cloth"].shape[2], batch["cloth"].shape[3])
        own = self.coarse.config.size
        coarse = self.coarse.imagine({name: resized(batch[name], own) for name in ("cloth", "person")})
        return Coarse(resized(coarse.picture, size).clamp(-1, 1), resized(coarse.mask, size).clamp(-1, 1))

    @torch.no_grad()
    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """The result and, as a fourth channel, alpha inside the mask that the coarse generator predicts: (B, 4, H, W).

        ``warp`` holds the warps.
        """
        self.refiner.eval()
        warped = warp(batch["cloth"], batch["warp"].float(), "border")
        coarse = self.imagine(batch)
        alpha = self.alpha(warped, coarse.picture, coarse.region)
        return torch.cat([compose(alpha, warped, coarse.picture), alpha], dim=1)

    def refine_all(self, task: WarpTask, true_masks: bool = False) -> Refined:
        """All steps from people and garments to pictures, on the CPU.

        Args:
            task: the list.
            true_masks: warp and compose with the region where the garment is really seen, which training knows and
                try-on does not: what is lost between them is the price of the predicted mask.
        """
        imagined = self.in_parts(task, see(self.coarse.config), lambda batch: torch.cat(self.imagine(batch), dim=1))
        coarse = Coarse(imagined[:, :3], imagined[:, 3:])
        region = task.worn if true_masks else coarse.region
        warped = warp(task.cloth, fit_outlines(task.cloth_mask[:, 0], region[:, 0]), "border")
        with torch.no_grad():
            self.refiner.eval()
            parts = zip(
                *(each.to(self.device).split(AT_ONCE) for each in (warped, coarse.picture, region)), strict=True
            )
            alpha = torch.cat([self.alpha(*part).cpu() for part in parts])
        return Refined(compose(alpha, warped, coarse.picture), alpha, warped, coarse)

    def try_on(self, task: WarpTask) -> Tensor:
        """The results."""
        return self.refine_all(task).result
