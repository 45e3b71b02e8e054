"""What the stages of all matchers with a lattice have in common: examples, the warp, its losses and its figures."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.optim import Adam

from vtonlib.data.feed import Feed
from vtonlib.data.views import Views, to_pictures
from vtonlib.data.wardrobe_set import SHIPPED
from vtonlib.data.warp_task import WarpTask, warp_task
from vtonlib.data.worn import worn_garments
from vtonlib.geometry.bending import grid_interval_loss, offset_smoothness
from vtonlib.geometry.sampling import warp
from vtonlib.geometry.thin_plate import LatticeTps
from vtonlib.metrics.score import Score
from vtonlib.metrics.warps import judge_warp
from vtonlib.models.cp_vton import GeometricMatcher
from vtonlib.nn.regression import start_near
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.schedule import hold_then_decay
from vtonlib.training.seeding import seeded
from vtonlib.training.stage import Losses, Phase, Stage

START_SPREAD = 0.01
"""Deviation of the last layer's first weights; the smaller it is, the longer the layers before wait for a gradient."""

AT_ONCE = 50
"""People that are matched together."""

SHORT = 20_000
"""Runs of fewer steps take a larger step size than the paper's."""


@dataclass(frozen=True)
class MatcherConfig:
    """Settings of a matcher with a lattice of nodes.

    Attributes:
        width: channels of each tower's first convolution.
        height: rows of the pictures; columns are three quarters of them.
        learning_rate: Adam's step size; it is held for half of the run and then falls to nothing.
        steps: of the whole run.
        smoothness: weight of the nodes' second differences; 0 in the papers.
        grid_interval: weight of CP-VTON+'s grid-interval consistency.
    """

    width: int = 64
    height: int = 256
    learning_rate: float = 1e-4
    steps: int = 200_000
    smoothness: float = 0.0
    grid_interval: float = 0.0

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the pictures."""
        return self.height, self.height * 3 // 4


class LatticeStage(Stage):
    """A matcher that moves the nodes of a spline, trained on people in their own garments.

    A subclass says which network, what it is shown, and what the warped garment is held against. Training starts close
    to the warp that changes nothing, where the papers' code starts with nodes thrown about by random weights.
    """

    Config = MatcherConfig

    def __init__(self, config: MatcherConfig, seed: int = 0) -> None:
        self.config = config
        with seeded(seed):
            self.matcher = self.build(config)
            linear = self.matcher.regressor.linear
            start_near(linear, torch.zeros(linear.out_features), START_SPREAD)
        self.spline = LatticeTps(self.matcher.lattice, config.size)
        self.networks = {"matcher": self.matcher}
        self.optimisers = {"matcher": Adam(self.matcher.parameters(), lr=config.learning_rate, betas=(0.5, 0.999))}
        self.averages = {}
        self.schedules = {"matcher": hold_then_decay(config.steps)}
        self.phases = (Phase("matcher", "matcher", self.loss),)

    @classmethod
    @abstractmethod
    def build(cls, config: MatcherConfig) -> GeometricMatcher:
        """The network."""

    @staticmethod
    @abstractmethod
    def see(person: Views) -> Tensor:
        """What the network is shown of the people: (B, C, H, W)."""

    @abstractmethod
    def theta(self, batch: Batch) -> Tensor:
        """The network's answer for ``person`` and the garment of a batch: (B, 2 N)."""

    @abstractmethod
    def miss(self, batch: Batch, grid: Tensor) -> Tensor:
        """The paper's distance of the warped garment from the worn one, a scalar."""

    @classmethod
    def configure(cls, budget: Budget) -> MatcherConfig:
        """Take the budget's width and height; short runs take ten times the paper's step size."""
        rate = MatcherConfig.learning_rate * (10 if budget.steps < SHORT else 1)
        return MatcherConfig(budget.width, budget.height, rate, budget.steps)

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Feed:
        """Training people in their garments, all four views of each.

        ``person`` is what :meth:`see` makes of them; ``cloth`` (B, 3, H, W) and ``cloth_mask`` (B, 1, H, W) are the
        garment in the shop, ``worn_cloth`` before white and ``worn_mask`` the same garment on the person.
        """
        worn = worn_garments("train", budget.height)
        return Feed(worn.examples, _maker(cls.see, worn.garments), budget.batch_size, seed)

    def loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """The paper's distance, and what keeps the spline from folding."""
        theta = self.theta(batch).float()
        offsets = self.warper(theta).offsets_from_theta(theta)
        grid = self.warper(theta)(offsets)
        losses = {"miss": self.miss(batch, grid)}
        if self.config.smoothness:
            losses["smoothness"] = self.config.smoothness * offset_smoothness(offsets, self.spline.lattice)
        if self.config.grid_interval:
            losses["grid_interval"] = self.config.grid_interval * grid_interval_loss(grid)
        return losses

    @torch.no_grad()
    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """Sampling grids (B, H, W, 2): for each pixel of the person the place in the garment's picture.

        The pictures may be larger than the network's own: it sees them small, and its spline warps them at their size.
        """
        self.matcher.eval()
        theta = self.theta(shrunk(batch, self.config.size)).float()
        size = (batch["cloth"].shape[2], batch["cloth"].shape[3])
        spline = self.warper(theta) if size == self.config.size else self.warper(theta).at(size)
        grid: Tensor = spline(spline.offsets_from_theta(theta))
        return grid

    def match(self, task: WarpTask) -> Tensor:
        """Sampling grids (N, H, W, 2) on the CPU for all people of a list, from what is known of them."""
        return match_in_parts(self, task, lambda part: {"person": self.see(part.person)})

    def evaluate(self) -> dict[str, Score]:
        """End-point error, IoU, L1 and folds on the list ``unpaired``, held against the true swap.

        A network of smaller pictures is judged at the size of the shipped wardrobe, for which it is used.
        """
        task = warp_task("unpaired", max(self.config.height, SHIPPED[0]))
        return judge_warp(self.match(task), task)

    def warper(self, like: Tensor) -> LatticeTps:
        """The spline, where a tensor is."""
        return self.spline.to(like.device)


def match_in_parts(stage: Stage, task: WarpTask, known: Callable[[WarpTask], Batch]) -> Tensor:
    """The grids (N, H, W, 2) on the CPU that a stage predicts for a list, some people at a time.

    Args:
        stage: predicts from ``cloth``, ``cloth_mask`` and what ``known`` adds.
        task: the list.
        known: what the stage is told of the people of a part of the list.
    """
    device = next(next(iter(stage.networks.values())).parameters()).device
    grids = []
    for rows in torch.arange(len(task.cloth)).split(AT_ONCE):
        part = task.only(rows.tolist())
        batch = {"cloth": part.cloth, "cloth_mask": part.cloth_mask} | known(part)
        batch = {name: tensor.to(device) for name, tensor in batch.items()}
        grids.append(stage.predict(batch, torch.Generator()).cpu())
    return torch.cat(grids)


def shrunk(batch: Batch, size: tuple[int, int]) -> Batch:
    """The pictures of a batch at another size, each pixel the mean of those that it stands for."""
    return {name: F.interpolate(pictures, size, mode="area") for name, pictures in batch.items()}


def l1_of_cloth(batch: Batch, grid: Tensor) -> Tensor:
    """CP-VTON's equation 3: mean absolute difference of the warped garment and the worn one before white."""
    return F.l1_loss(warp(batch["cloth"], grid, "border"), batch["worn_cloth"])


def _maker(see: Callable[[Views], Tensor], garments: dict[str, Tensor]) -> Callable[[Batch], Batch]:
    def make(batch: Batch) -> Batch:
        person = Views.inside(batch, "person")
        worn = batch["worn"][:, None].float()
        return {
            "person": see(person),
            "cloth": to_pictures(garments["image"][batch["garment"]]),
            "cloth_mask": garments["mask"][batch["garment"]][:, None].float(),
            "worn_cloth": person.pictures() * worn + (1 - worn),
            "worn_mask": worn,
        }

    return make
