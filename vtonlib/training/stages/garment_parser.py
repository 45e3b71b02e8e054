"""The parser of shop pictures, which chapter 10 trains: inner collars and sheer cloth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, max_pool2d
from torch.optim import Adam

from vtonlib.data.feed import Feed
from vtonlib.data.shop_garments import ShopGarments, shop_garments, without_inner_collar
from vtonlib.data.views import to_pictures
from vtonlib.data.warp_task import WarpTask
from vtonlib.metrics.iou import iou_of_classes
from vtonlib.metrics.score import Score
from vtonlib.models.garment_parser import LABELS, GarmentParser, ParsedGarment
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.registry import register
from vtonlib.training.schedule import one_cycle
from vtonlib.training.seeding import seeded
from vtonlib.training.stage import Losses, Phase, Stage

AT_ONCE = 50

GROW = 1
"""Pixels, at 128 rows, by which a found inner collar is widened, since a warp mixes a pixel with its neighbours."""

SHEER_AGAIN = 8
"""How often a sheer garment is in the training data, since one in twenty is sheer."""


@dataclass(frozen=True)
class GarmentParserConfig:
    """Settings of the parser.

    Attributes:
        width: channels at half resolution.
        height: rows of the pictures; columns are three quarters of them.
        learning_rate: Adam's greatest step size.
        steps: of the whole run, over which the step size rises and falls.
        inner_weight: how much a pixel of an inner collar counts, as others count 1.
        sheer_weight: of the cross-entropy of what shines through.
    """

    width: int = 64
    height: int = 256
    learning_rate: float = 2e-3
    steps: int = 10_000
    inner_weight: float = 3.0
    sheer_weight: float = 2.0


@register("garment_parser")
class GarmentParserStage(Stage):
    """One network learns both from the renderer's truth."""

    Config = GarmentParserConfig
    config: GarmentParserConfig
    paper: ClassVar[str] = "answers VITON (Han et al. 2018, arXiv:1711.08447), which names the artefact"
    deviation: ClassVar[str] = "a network of our own; the paper gives none"

    def __init__(self, config: GarmentParserConfig, seed: int = 0) -> None:
        self.config = config
        with seeded(seed):
            self.parser = GarmentParser(config.width)
        self.networks = {"parser": self.parser}
        self.optimisers = {"parser": Adam(self.parser.parameters(), config.learning_rate, betas=(0.5, 0.999))}
        self.averages = {}
        self.schedules = {"parser": one_cycle(config.steps)}
        self.phases = (Phase("parser", "parser", self.loss),)

    @classmethod
    def configure(cls, budget: Budget) -> GarmentParserConfig:
        """Take the budget's width, height and steps."""
        return GarmentParserConfig(budget.width, budget.height, steps=budget.steps)

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Feed:
        """Training garments: ``image`` (B, 3, H, W) in [-1, 1], ``labels`` (B, H, W) int64, ``sheer`` (B, 1, H, W)."""
        garments = shop_garments("train", budget.height)
        sheer = torch.nonzero(garments.sheer > 0).flatten()
        rows = torch.cat([torch.arange(len(garments.sheer)), sheer.repeat(SHEER_AGAIN - 1)])
        tensors = {name: getattr(garments, name)[rows] for name in ("image", "mask", "inner", "sheer")}
        return Feed(tensors, _make, budget.batch_size, seed)

    def loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """Cross-entropy of the labels, and that of what shines through the cloth; half of the garments are mirrored."""
        flipped = torch.rand(len(batch["image"]), generator=rng).to(batch["image"].device) < 0.5
        image, labels, sheer = (
            torch.where(flipped.view(-1, *[1] * (batch[name].dim() - 1)), batch[name].flip(-1), batch[name])
            for name in ("image", "labels", "sheer")
        )
        parsed, cloth = self.parse(image), (labels > 0)[:, None].float()
        weight = torch.ones(len(LABELS), device=image.device)
        weight[LABELS.index("inner_collar")] = self.config.inner_weight
        return {
            "labels": cross_entropy(parsed.logits, labels, weight),
            "sheer": self.config.sheer_weight * binary_cross_entropy_with_logits(parsed.through, sheer, weight=cloth),
        }

    def parse(self, image: Tensor) -> ParsedGarment:
        """The network's answer for pictures (B, 3, H, W) in [-1, 1]."""
        parsed = self.parser(image)
        return ParsedGarment(parsed.logits.float(), parsed.through.float())

    @torch.no_grad()
    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """All four logits, (B, 4, H, W)."""
        self.parser.eval()
        return torch.cat(self.parse(batch["image"]), dim=1)

    def read(self, cloth: Tensor) -> ParsedGarment:
        """Read many garments (N, 3, H, W) in [-1, 1], some at a time, on the CPU."""
        device = next(self.parser.parameters()).device
        parts = [self.predict({"image": part.to(device)}, torch.Generator()).cpu() for part in cloth.split(AT_ONCE)]
        answer = torch.cat(parts)
        return ParsedGarment(answer[:, : len(LABELS)], answer[:, len(LABELS) :])

    def clean(self, cloth: Tensor, mask: Tensor, grow: int = GROW) -> tuple[Tensor, Tensor]:
        """Garments without what is found to be the inside of a collar, white there and no part of the mask.

        Args:
            cloth: (N, 3, H, W) in [-1, 1].
            mask: (N, 1, H, W) in {0, 1}.
            grow: pixels, at 128 rows, by which it is widened first.

        Returns:
            Cloth and mask, of the same shapes, on the CPU.
        """
        reach = round(grow * cloth.shape[2] / 128)
        found = max_pool2d(self.read(cloth).inner, 2 * reach + 1, stride=1, padding=reach)
        return without_inner_collar(cloth, mask, found * mask)

    def clean_task(self, task: WarpTask, grow: int = GROW) -> WarpTask:
        """A list with garments that are cleaned, see :meth:`clean`."""
        cloth, mask = self.clean(task.cloth, task.cloth_mask, grow)
        return replace(task, cloth=cloth, cloth_mask=mask)

    def evaluate(self) -> dict[str, Score]:
        """Figures on all held-out garments, see :func:`judge`."""
        garments = shop_garments("test", self.config.height)
        return judge(self.read(to_pictures(garments.image)), garments)


def judge(parsed: ParsedGarment, truth: ShopGarments) -> dict[str, Score]:
    """How well garments were read.

    Returns:
        ``inner_iou``, of the inner collars' pixels; ``sheer_error``, the mean absolute error of what shines through
        over the sheer garments; ``opaque_error``, over the others.
    """
    ious = iou_of_classes(parsed.logits.argmax(1), labels_of(truth.mask, truth.inner), LABELS)
    read, sheer = share_through(parsed, truth.mask[:, None].float()), truth.sheer > 0
    errors = (read - truth.sheer).abs()
    settings = f"share of skin, mean over each garment, {parsed.sheer.shape[2]}x{parsed.sheer.shape[3]}"
    return {
        "inner_iou": ious["inner_collar"],
        "sheer_error": Score(float(errors[sheer].mean()), f"{settings}, {int(sheer.sum())} sheer garments"),
        "opaque_error": Score(float(errors[~sheer].mean()), f"{settings}, {int((~sheer).sum())} opaque garments"),
    }


def share_through(parsed: ParsedGarment, mask: Tensor) -> Tensor:
    """One number for each garment: the mean of what shines through over its mask (N, 1, H, W), (N,) in [0, 1]."""
    return (parsed.sheer * mask).flatten(1).sum(1) / mask.flatten(1).sum(1).clamp_min(1)


def labels_of(mask: Tensor, inner: Tensor) -> Tensor:
    """Numbers of :data:`vtonlib.models.garment_parser.LABELS` (N, H, W) int64 from masks (N, H, W) bool."""
    return mask.long() + inner.long()


def _make(batch: Batch) -> Batch:
    return {
        "image": to_pictures(batch["image"]),
        "labels": labels_of(batch["mask"], batch["inner"]),
        "sheer": batch["sheer"].view(-1, 1, 1, 1) * batch["mask"][:, None].float(),
    }
