"""CAGAN: takes one garment off and puts another on, from pictures alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn.functional import l1_loss
from torch.optim import Adam

from vtonlib.data.feed import Feed
from vtonlib.data.swap_task import SwapTask, swap_task
from vtonlib.data.views import to_pictures
from vtonlib.data.warp_task import WarpTask
from vtonlib.data.worn import worn_garments
from vtonlib.errors import VtonError
from vtonlib.losses.gan import objective
from vtonlib.metrics.score import Score
from vtonlib.metrics.try_on import judge_try_on
from vtonlib.models.cagan import AnalogyGenerator, Swap
from vtonlib.nn.patch_discriminator import PatchDiscriminator
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.registry import register
from vtonlib.training.schedule import hold_then_decay
from vtonlib.training.seeding import seeded
from vtonlib.training.stage import Losses, Phase
from vtonlib.training.try_on import AT_ONCE, TryOnStage

SHORT = 5_000
"""Runs of fewer steps take a larger step size than the paper's, and let it fall at the end."""


@dataclass(frozen=True)
class CaganConfig:
    """Settings of CAGAN.

    Attributes:
        width: channels of generator and discriminator at half resolution.
        height: rows of the pictures; columns are three quarters of them.
        learning_rate: Adam's step size for both players.
        steps: of the whole run.
        hold: share of the run in which step sizes stay; then they fall to nothing.
        objective: of the game, one of :data:`vtonlib.losses.gan.OBJECTIVES`.
        identity_weight: gamma_i, the price of painting anything over.
        cycle_weight: gamma_c, of coming back to the picture when the garments are swapped back.
    """

    width: int = 64
    height: int = 128
    learning_rate: float = 2e-4
    steps: int = 10_000
    hold: float = 1.0
    objective: str = "non_saturating"
    identity_weight: float = 0.1
    cycle_weight: float = 1.0

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the pictures."""
        return self.height, self.height * 3 // 4


@register("cagan")
class CaganStage(TryOnStage):
    """Swap, and swap back; a discriminator asks whether a person wears the garment beside."""

    Config = CaganConfig
    config: CaganConfig
    paper: ClassVar[str] = "CAGAN (Jetchev and Bergmann 2017, arXiv:1709.04695)"
    deviation: ClassVar[str] = (
        "the discriminator judges patches with instance normalisation, and both kinds of false pairs together weigh as "
        "much as the real ones, where each does in public code; the other garment is one of the same category "
        "and the same for every visit of a person; pictures are neither cut nor flipped; in short runs slim width and "
        "larger steps that become smaller"
    )

    def __init__(self, config: CaganConfig, seed: int = 0) -> None:
        self.config = config
        self.game = objective(config.objective)
        with seeded(seed):
            self.generator = AnalogyGenerator(config.size, config.width)
            self.discriminator = PatchDiscriminator(6, config.width)
        self.networks = {"generator": self.generator, "discriminator": self.discriminator}
        self.fixed = {}
        self.optimisers = {
            name: Adam(network.parameters(), config.learning_rate, betas=(0.5, 0.999))
            for name, network in self.networks.items()
        }
        self.averages = {}
        falling = hold_then_decay(config.steps, config.hold) if config.hold < 1 else None
        self.schedules = dict.fromkeys(self.networks, falling) if falling else {}
        self.phases = (
            Phase("discriminator", "discriminator", self.discriminator_loss),
            Phase("generator", "generator", self.generator_loss),
        )

    @classmethod
    def configure(cls, budget: Budget) -> CaganConfig:
        """Take the budget's width and height; short runs take five times the paper's step size."""
        short = budget.steps < SHORT
        rate, hold = (5 * CaganConfig.learning_rate, 0.5) if short else (CaganConfig.learning_rate, 1.0)
        return CaganConfig(budget.width, budget.height, rate, budget.steps, hold)

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Feed:
        """Training people in their garments, all four views of each, each with another garment of the same category.

        ``image`` x_i, ``cloth`` y_i and ``other`` y_j, (B, 3, H, W) in [-1, 1].
        """
        worn = worn_garments("train", budget.height)
        images, categories = worn.garments["image"], worn.garments["category"]
        examples = {
            "image": worn.examples["person.image"],
            "garment": worn.examples["garment"],
            "other": others(worn.examples["garment"], categories, torch.Generator().manual_seed(seed)),
        }

        def make(batch: Batch) -> Batch:
            cloth, other = images[batch["garment"]], images[batch["other"]]
            return {"image": to_pictures(batch["image"]), "cloth": to_pictures(cloth), "other": to_pictures(other)}

        return Feed(examples, make, budget.batch_size, seed)

    def swap(self, batch: Batch) -> Swap:
        """The generator's answer for a batch."""
        swap = self.generator(batch["image"], batch["cloth"], batch["other"])
        return Swap(swap.alpha.float(), swap.picture.float())

    def generator_loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """Look as if the other garment were worn, change little, and come back when the garments change places."""
        swap = self.swap(batch)
        swapped = swap.on(batch["image"])
        back = self.swap({"image": swapped, "cloth": batch["other"], "other": batch["cloth"]}).on(swapped)
        return {
            "game": self.game.generator(self.judge(swapped, batch["other"])),
            "identity": self.config.identity_weight * swap.alpha.mean(),
            "cycle": self.config.cycle_weight * l1_loss(back, batch["image"]),
        }

    def discriminator_loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """Photos beside the garment that is worn are real; swaps, and photos beside another garment, are not."""
        with torch.no_grad():
            swapped = self.swap(batch).on(batch["image"])
        real = self.judge(batch["image"], batch["cloth"])
        wrong = torch.cat([self.judge(swapped, batch["other"]), self.judge(batch["image"], batch["other"])])
        return {"game": self.game.discriminator(real, wrong)}

    def judge(self, person: Tensor, cloth: Tensor) -> Tensor:
        """Logits of the patches: does this person wear this garment?"""
        logits: Tensor = self.discriminator(torch.cat([person, cloth], dim=1)).float()
        return logits

    @torch.no_grad()
    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """The result and, as a fourth channel, alpha: (B, 4, H, W)."""
        self.generator.eval()
        swap = self.swap(batch)
        return torch.cat([swap.on(batch["image"]), swap.alpha], dim=1)

    def try_on(self, task: WarpTask) -> Tensor:
        """The results of a list of :func:`vtonlib.data.swap_task.swap_task`, on the CPU.

        Raises:
            VtonError: for a list without the worn garments' pictures.
        """
        if not isinstance(task, SwapTask):
            raise VtonError("CAGAN needs the picture of the worn garment; load the list with swap_task, not warp_task")
        known = {"image": task.person.pictures(), "cloth": task.old_cloth, "other": task.cloth}
        results = []
        for rows in torch.arange(len(task.cloth)).split(AT_ONCE):
            part = {name: tensor[rows].to(self.device) for name, tensor in known.items()}
            results.append(self.predict(part, torch.Generator())[:, :3].cpu())
        return torch.cat(results)

    def evaluate(self) -> dict[str, Score]:
        """SSIM and L1 on the list ``unpaired``, held against the true swap."""
        task = swap_task("unpaired", self.config.height)
        return judge_try_on(self.try_on(task), task)


def others(garments: Tensor, categories: Tensor, rng: torch.Generator) -> Tensor:
    """For each of N examples another garment of the same category: (N,) int64.

    Args:
        garments: (N,) int64, those that are worn.
        categories: (G,) int64, of all garments; each category has two or more.
        rng: draws them.
    """
    chosen = torch.empty_like(garments)
    for category in categories.unique():
        same = torch.nonzero(categories == category).flatten()
        place = torch.full_like(categories, -1)
        place[same] = torch.arange(len(same))
        wearers = torch.nonzero(categories[garments] == category).flatten()
        further = torch.randint(1, len(same), (len(wearers),), generator=rng)
        chosen[wearers] = same[(place[garments[wearers]] + further) % len(same)]
    return chosen
