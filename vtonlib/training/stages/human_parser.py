"""The human parser that chapter 01 trains and that later chapters use where a paper uses a parser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy
from torch.optim import AdamW

from vtonlib.data.augment import mirror, move, other_background, recolour
from vtonlib.data.feed import Feed
from vtonlib.data.label_sets import LIP_SET
from vtonlib.data.labels import LIP_20
from vtonlib.data.memory import load_fields
from vtonlib.data.sample import VIEWS
from vtonlib.data.views import to_pictures
from vtonlib.data.wardrobe_set import wardrobe_set
from vtonlib.metrics.iou import iou_of_classes, mean_iou
from vtonlib.metrics.score import Score
from vtonlib.models.human_parser import HumanParser
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.ema import Ema
from vtonlib.training.registry import register
from vtonlib.training.schedule import one_cycle
from vtonlib.training.seeding import seeded
from vtonlib.training.stage import Losses, Phase, Stage

LABELS = (*LIP_20, "neck")
"""What the parser tells apart: LIP's labels and the bare neck, which LIP forgets."""
SHORT = 500
"""Runs of fewer steps are short."""
_MIRRORED = torch.tensor([*LIP_SET.mirrored().tolist(), len(LIP_20)])


@dataclass(frozen=True)
class HumanParserConfig:
    """Settings of the parser.

    Attributes:
        width: channels at half resolution.
        height: rows of the pictures; columns are three quarters of them.
        learning_rate: AdamW's greatest step size.
        steps: of the whole run, over which the step size rises and falls.
        ema_half_life: pictures after which the average has half forgotten.
    """

    width: int = 64
    height: int = 128
    learning_rate: float = 4e-3
    steps: int = 10_000
    ema_half_life: float = 5000.0


@register("human_parser")
class HumanParserStage(Stage):
    """One network that learns by cross-entropy on strongly changed pictures."""

    Config = HumanParserConfig
    paper: ClassVar[str] = "in the shape of U-Net (Ronneberger et al. 2015, arXiv:1505.04597, figure 1)"
    deviation: ClassVar[str] = (
        "a network of our own that stands in for the papers' parsers: half resolution inside, trained on the wardrobe; "
        "a neck beside LIP's labels; slim width and few steps in the cpu profile"
    )

    def __init__(self, config: HumanParserConfig, seed: int = 0) -> None:
        self.config = config
        with seeded(seed):
            self.parser = HumanParser(len(LABELS), config.width)
        self.networks = {"parser": self.parser}
        self.optimisers = {"parser": AdamW(self.parser.parameters(), lr=config.learning_rate, weight_decay=1e-4)}
        self.schedules = {"parser": one_cycle(config.steps)}
        self.averages = {"parser": Ema(self.parser, config.ema_half_life)}
        self.phases = (Phase("parser", "parser", self.loss),)

    @classmethod
    def configure(cls, budget: Budget) -> HumanParserConfig:
        """Take the budget's width and the height of its pictures; the shortest runs take larger steps."""
        rate = HumanParserConfig.learning_rate * (2 if budget.steps < SHORT else 1)
        half_life = 0.02 * budget.steps * budget.batch_size
        return HumanParserConfig(budget.width, budget.height, rate, budget.steps, half_life)

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Feed:
        """Pictures ``image`` (B, 3, H, W) in [-1, 1] and ``labels`` (B, H, W) of all views of the training people."""
        return Feed(labelled("train", budget.height), _floats, budget.batch_size, seed)

    def loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """Cross-entropy of each pixel's logits, on pictures that were mirrored, moved, recoloured and put elsewhere.

        Rare labels count more, so that a neck counts beside a dress.
        """
        picture, labels = mirror(batch["image"], batch["labels"], _MIRRORED, rng)
        picture, labels = move(other_background(picture, labels, rng), labels, rng)
        logits = self.parser(recolour(picture, rng)).float()
        return {"cross_entropy": cross_entropy(logits, labels, weight=self.parser.weigh(labels))}

    @torch.no_grad()
    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """Logits (B, 21, H, W) of ``image``, by the average of the weights."""
        logits: Tensor = self.shipped()["parser"].eval()(batch["image"])
        return logits.float()

    def parse(self, pictures: Tensor) -> Tensor:
        """Labels (B, H, W) int64 of pictures (B, 3, H, W) in [-1, 1]; :data:`LABELS` names them."""
        device = next(self.parser.parameters()).device
        rng = torch.Generator()
        parts = [self.predict({"image": part.to(device)}, rng).argmax(1).cpu() for part in pictures.split(32)]
        return torch.cat(parts)

    def evaluate(self) -> dict[str, Score]:
        """Mean IoU, and IoU of arms, neck and tops, on the held-out people's pictures."""
        held_out = labelled("test", self.config.height, views=("person",))
        return judge(self.parse(to_pictures(held_out["image"])), held_out["labels"].long())


def judge(predicted: Tensor, truth: Tensor) -> dict[str, Score]:
    """The parser's figures: ``mean_iou`` without the background, ``arms``, ``neck`` and ``tops``.

    Args:
        predicted: (N, H, W) int64, numbers of :data:`LABELS`.
        truth: of the same shape.
    """
    scores = iou_of_classes(predicted, truth, LABELS)
    arms = [scores[name] for name in ("left_arm", "right_arm")]
    return {
        "mean_iou": mean_iou(predicted, truth, LABELS, without=("background",)),
        "arms": Score(sum(arm.value for arm in arms) / 2, f"mean of both arms, {arms[0].settings}"),
        "neck": scores["neck"],
        "tops": scores["upper_clothes"],
    }


def labelled(split: str, height: int, views: tuple[str, ...] = VIEWS) -> dict[str, Tensor]:
    """Pictures ``image`` (N, 3, H, W) and ``labels`` (N, H, W) of the wardrobe, uint8; the views follow each other.

    Args:
        split: ``train`` or ``test``.
        height: H; W is three quarters of it.
        views: which pictures of each sample.
    """
    size = (height, height * 3 // 4)
    fields = [f"{view}.{field}" for view in views for field in ("image", "parse", "neck")]
    loaded = load_fields(wardrobe_set(size), split, fields, size)
    labels = [torch.where(loaded[f"{v}.neck"], len(LIP_20), loaded[f"{v}.parse"]) for v in views]
    return {"image": torch.cat([loaded[f"{v}.image"] for v in views]), "labels": torch.cat(labels)}


def _floats(batch: Batch) -> Batch:
    return {"image": to_pictures(batch["image"]), "labels": batch["labels"].long()}
