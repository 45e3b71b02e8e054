"""CNNGeometric: an affine map and a spline, learned from shapes that were warped at random and from no person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.optim import Adam

from vtonlib.data.feed import Feed
from vtonlib.data.synthetic_warps import PAPER, AffineRanges, SyntheticWarps
from vtonlib.data.wardrobe_set import SHIPPED
from vtonlib.data.warp_task import WarpTask, warp_task
from vtonlib.data.worn import worn_garments
from vtonlib.geometry.compose import compose_affine
from vtonlib.metrics.score import Score
from vtonlib.metrics.warps import judge_warp
from vtonlib.models.cnn_geometric import CnnGeometric, TwoStepMatcher
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.matching import match_in_parts, shrunk
from vtonlib.training.registry import register
from vtonlib.training.schedule import one_cycle
from vtonlib.training.seeding import seeded
from vtonlib.training.stage import Losses, Phase, Stage

LOSS_GRID = (20, 20)
"""Points at which two transformations are compared."""


@dataclass(frozen=True)
class CnnGeometricConfig:
    """Settings of the matcher in two steps.

    Attributes:
        width: channels of each tower's first convolution.
        height: rows of the pictures; columns are three quarters of them.
        learning_rate: Adam's greatest step size.
        steps: of the whole run.
    """

    width: int = 16
    height: int = 256
    learning_rate: float = 1e-3
    steps: int = 20_000

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the pictures."""
        return self.height, self.height * 3 // 4


@register("cnn_geometric")
class CnnGeometricStage(Stage):
    """Two networks, each trained on warps of its own kind; the masks of garments are the pictures."""

    Config = CnnGeometricConfig
    paper: ClassVar[str] = "CNNGeometric (Rocco et al. 2017, arXiv:1703.05593), sections 3 and 4, with its grid loss"
    deviation: ClassVar[str] = (
        "garments' masks instead of photographs; a small tower that is trained along instead of VGG16; a start close "
        "to the identity; one cycle of the step size; nothing is cropped between the two steps; few steps in the cpu "
        "profile"
    )
    source: ClassVar[str] = "cloth_mask"
    """Name in a batch of what is warped."""
    channels: ClassVar[int] = 1
    """Of what is warped."""
    ranges: ClassVar[AffineRanges] = PAPER
    """Of the affine maps that are drawn in training."""

    def __init__(self, config: CnnGeometricConfig, seed: int = 0) -> None:
        self.config = config
        with seeded(seed):
            self.affine = CnnGeometric("affine", config.size, channels=self.channels, width=config.width)
            self.tps = CnnGeometric("tps", config.size, channels=self.channels, width=config.width)
        self.networks = {"affine": self.affine, "tps": self.tps}
        self.optimisers = {
            name: Adam(network.parameters(), lr=config.learning_rate) for name, network in self.networks.items()
        }
        self.averages = {}
        self.schedules = {name: one_cycle(config.steps) for name in self.networks}
        self.phases = (Phase("affine", "affine", self.affine_loss), Phase("tps", "tps", self.tps_loss))
        self._warps = {kind: SyntheticWarps(kind, config.size, ranges=self.ranges) for kind in ("affine", "tps")}
        self._points = {"affine": SyntheticWarps("affine", LOSS_GRID), "tps": SyntheticWarps("tps", LOSS_GRID)}

    @classmethod
    def configure(cls, budget: Budget) -> CnnGeometricConfig:
        """Half of the budget's width, since there are two networks."""
        return CnnGeometricConfig(width=max(budget.width // 2, 4), height=budget.height, steps=budget.steps)

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Feed:
        """Masks ``cloth_mask`` (B, 1, H, W) in {0, 1} of the training garments, as shops show them."""
        garments = worn_garments("train", budget.height, ("person", "swap")).garments
        return Feed(garments, _floats, budget.batch_size, seed)

    def affine_loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """The grid loss of the affine map."""
        return {"grid": self._grid_loss("affine", batch[self.source], rng)}

    def tps_loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """The grid loss of the spline."""
        return {"grid": self._grid_loss("tps", batch[self.source], rng)}

    def _grid_loss(self, kind: str, pictures: Tensor, rng: torch.Generator) -> Tensor:
        """Mean squared distance of 20 x 20 points under the true and the told transformation."""
        pairs = self._warps[kind].pairs(pictures, rng)
        told = self.networks[kind](pairs.source, pairs.target).float()
        points = self._points[kind]
        return F.mse_loss(points.grid(told), points.grid(pairs.theta))

    @torch.no_grad()
    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """Sampling grids (B, H, W, 2) that take :attr:`source` to ``target`` (B, C, H, W); without one, to itself.

        Pictures may be larger than the networks' own, which see them small. What the affine map pushes out of the frame
        is not lost to the spline, as it is in the paper's two steps.
        """
        both = TwoStepMatcher(self.affine, self.tps).eval()
        small = shrunk(batch, self.config.size)
        steps = both(small[self.source], small.get("target", small[self.source]))
        size = (batch[self.source].shape[2], batch[self.source].shape[3])
        return compose_affine(steps.affine.float(), SyntheticWarps("tps", size).grid(steps.tps.float()))

    def match(self, task: WarpTask) -> Tensor:
        """Sampling grids (N, H, W, 2) on the CPU that take each garment's mask to where the **old** garment was."""
        return match_in_parts(self, task, lambda part: {"target": part.old})

    def evaluate(self) -> dict[str, Score]:
        """End-point error, IoU, L1 and folds on the list ``unpaired``, held against the true swap.

        A network of smaller pictures is judged at the size of the shipped wardrobe, for which it is used.
        """
        task = warp_task("unpaired", max(self.config.height, SHIPPED[0]))
        return judge_warp(self.match(task), task)


def _floats(batch: Batch) -> Batch:
    return {"cloth_mask": batch["mask"][:, None].float()}
