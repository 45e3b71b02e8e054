"""MG-VTON's conditional parsing, which chapter 11 trains: labels of a person in another pose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, l1_loss
from torch.optim import Adam

from vtonlib.data.closer import closer
from vtonlib.data.feed import Feed
from vtonlib.data.labels import LIP_20
from vtonlib.data.pose_pairs import pose_pairs
from vtonlib.data.pose_task import PoseTask, pose_task
from vtonlib.data.representations.mg_vton import parsing, pose, reference_masks
from vtonlib.data.views import Views, to_pictures
from vtonlib.losses.chroma import rarity
from vtonlib.losses.gan import objective
from vtonlib.losses.multi_scale import discriminator_loss, generator_loss
from vtonlib.metrics.iou import mean_iou
from vtonlib.metrics.score import Score
from vtonlib.models.mg_vton.conditional_parser import INPUTS, ConditionalParser
from vtonlib.nn.multi_scale_discriminator import Judged, MultiScaleDiscriminator
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.registry import register
from vtonlib.training.schedule import hold_then_decay
from vtonlib.training.seeding import seeded
from vtonlib.training.stage import Losses, Phase, Stage
from vtonlib.training.try_on import resized

SHORT = 10_000
"""Runs of fewer steps take a larger step size than the paper's, and let it fall at the end."""

AT_ONCE = 25

CLOSER_SHARE = 0.5
"""Share of the training references that are cropped to the hips; see :mod:`vtonlib.data.closer` for why."""


@dataclass(frozen=True)
class MgVtonParsingConfig:
    """Settings of conditional parsing.

    Attributes:
        width: channels of the generator at full size.
        discriminator_width: channels of the discriminator at half size.
        height: rows of the pictures; columns are three quarters of them.
        learning_rate: Adam's step size for both players.
        steps: of the whole run.
        hold: share of the run in which step sizes stay; then they fall to nothing. The paper never lets them fall.
        objective: of the game, one of :data:`vtonlib.losses.gan.OBJECTIVES`.
        game_weight: how much the game counts; with 0 there is no discriminator.
        l1_weight: how much the L1 of the probabilities counts, a mean over pixels and labels.
        entropy_weight: how much the pixel-wise softmax loss counts.
        rarity: how much more a pixel of a rare label counts in it, see :func:`vtonlib.losses.chroma.rarity`; 0 in the
            paper.
    """

    width: int = 64
    discriminator_width: int = 64
    height: int = 256
    learning_rate: float = 2e-4
    steps: int = 261_180
    hold: float = 1.0
    objective: str = "least_squares"
    game_weight: float = 1.0
    l1_weight: float = 1.0
    entropy_weight: float = 10.0
    rarity: float = 0.0


@register("mg_vton_parsing")
class MgVtonParsingStage(Stage):
    """One generator learns from pairs of pictures of a person in one garment and two poses."""

    Config = MgVtonParsingConfig
    config: MgVtonParsingConfig
    paper: ClassVar[str] = "MG-VTON (Dong et al. 2019, arXiv:1902.11026), section 3.1"
    deviation: ClassVar[str] = (
        "the game is that of least squares and the softmax loss counts ten times, since the paper gives no weights; "
        "half of the references are cropped to the hips; tops, bottoms and dresses; in short runs slim width, larger "
        "steps that become smaller, and no game, which would take half of the time"
    )

    def __init__(self, config: MgVtonParsingConfig, seed: int = 0) -> None:
        self.config = config
        self.game = objective(config.objective)
        with seeded(seed):
            self.parser = ConditionalParser(config.width)
            self.discriminator = MultiScaleDiscriminator(INPUTS + len(LIP_20), config.discriminator_width)
        self.networks = {"discriminator": self.discriminator} if config.game_weight else {}
        self.networks |= {"parser": self.parser}
        self.optimisers = {
            name: Adam(network.parameters(), config.learning_rate, betas=(0.5, 0.999))
            for name, network in self.networks.items()
        }
        self.averages = {}
        falling = hold_then_decay(config.steps, config.hold) if config.hold < 1 else None
        self.schedules = dict.fromkeys(self.networks, falling) if falling else {}
        losses = {"discriminator": self.discriminator_loss, "parser": self.parser_loss}
        self.phases = tuple(Phase(name, name, losses[name]) for name in self.networks)

    @classmethod
    def configure(cls, budget: Budget) -> MgVtonParsingConfig:
        """Take the budget's width and height; short runs take ten times the paper's step size and play no game."""
        if budget.steps >= SHORT:
            return MgVtonParsingConfig(budget.width, height=budget.height, steps=budget.steps)
        rate = 10 * MgVtonParsingConfig.learning_rate
        return MgVtonParsingConfig(budget.width, budget.width, budget.height, rate, budget.steps, 0.5, game_weight=0.0)

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Feed:
        """Pairs of training people, see :func:`feed`."""
        return feed(budget, seed)

    def parser_loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """The three terms of the paper's equation."""
        logits = self.logits(batch)
        synthesised = logits.softmax(1)
        missed = cross_entropy(logits, batch["labels"], reduction="none")
        losses = {
            "entropy": self.config.entropy_weight * (missed * rarity(batch["labels"], self.config.rarity)).mean(),
            "l1": self.config.l1_weight * l1_loss(synthesised, batch["parsing"]),
        }
        if self.config.game_weight:
            verdicts = self.judge(batch, synthesised)
            losses["game"] = self.config.game_weight * generator_loss(self.game, verdicts)
        return losses

    def discriminator_loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """Tell true labels from synthesised ones, both beside all that the parser is told."""
        with torch.no_grad():
            synthesised = self.logits(batch).softmax(1)
        real = self.judge(batch, batch["parsing"])
        return {"game": discriminator_loss(self.game, real, self.judge(batch, synthesised))}

    def logits(self, batch: Batch) -> Tensor:
        """The parser's answer, (B, 20, H, W) float32."""
        logits: Tensor = self.parser(batch["masks"], batch["cloth"], batch["pose"])
        return logits.float()

    def judge(self, batch: Batch, labels: Tensor) -> list[Judged]:
        """Verdicts on labels (B, 20, H, W) in [0, 1], from the large picture to the small one."""
        judged = self.discriminator(labels, batch["masks"], batch["cloth"], batch["pose"])
        return [Judged(scale.logits.float(), scale.features) for scale in judged]

    @torch.no_grad()
    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """Logits (B, 20, H, W)."""
        self.parser.eval()
        return self.logits(batch)

    def parse_all(self, task: PoseTask) -> Tensor:
        """Labels (N, H, W) int64 of all people of a list in their new pose and garment, on the CPU."""
        parts = []
        for rows in torch.arange(len(task.cloth)).split(AT_ONCE):
            part = task.only(rows.tolist())
            parts.append(self.labels(known(part.reference, part.target, part.cloth)))
        return torch.cat(parts).long()

    def labels(self, told: Batch) -> Tensor:
        """The likeliest label of each pixel, (B, H, W) uint8 on the CPU, from what :func:`known` tells.

        The pictures may have another size than the parser's own, at which it is asked.
        """
        size = (told["cloth"].shape[2], told["cloth"].shape[3])
        own = (self.config.height, self.config.height * 3 // 4)
        device = next(self.parser.parameters()).device
        asked = {name: resized(tensor, own).to(device) for name, tensor in told.items()}
        likely = self.predict(asked, torch.Generator()).softmax(1)
        return resized(likely, size).argmax(1).to(torch.uint8).cpu()

    def evaluate(self) -> dict[str, Score]:
        """Mean IoU without the background on both lists of chapter 11."""
        scores = {}
        for name in ("multi_pose", "multi_pose_unpaired"):
            task = pose_task(name, self.config.height)
            truth = task.target.require("parse").long()
            scores[f"{name}_iou"] = mean_iou(self.parse_all(task), truth, LIP_20, without=("background",))
        return scores


def known(reference: Views, target: Views, cloth: Tensor) -> Batch:
    """What the parser is told: masks of the reference, the garment, and of the target nothing but its joints."""
    return {"masks": reference_masks(reference), "cloth": cloth, "pose": pose(target)}


def feed(budget: Budget, seed: int, closer_share: float = CLOSER_SHARE) -> Feed:
    """Pairs of training people: ``masks``, ``cloth`` and ``pose`` as :class:`ConditionalParser` wants them.

    ``labels`` (B, H, W) int64 are the true labels in the target's pose, ``parsing`` (B, 20, H, W) the same in channels.

    Args:
        budget: of the run.
        seed: order of the pairs.
        closer_share: so many of the references are cropped to the hips, see :func:`vtonlib.data.closer.closer`; always
            the same ones.
    """
    pairs = pose_pairs("train", budget.height)
    garments, count = pairs.worn.garments["image"], len(pairs.reference)
    draw = torch.rand(count, generator=torch.Generator().manual_seed(0))

    def make(batch: Batch) -> Batch:
        reference, target = pairs.views(batch["reference"]), Views.inside(batch, "person")
        if batch["cropped"].any():
            reference = closer(reference, batch["cropped"])
        told = known(reference, target, to_pictures(garments[batch["garment"]]))
        return told | {"labels": target.require("parse").long(), "parsing": parsing(target)}

    examples = pairs.worn.examples | {"reference": pairs.reference, "cropped": draw < closer_share}
    return Feed(examples, make, budget.batch_size, seed)
