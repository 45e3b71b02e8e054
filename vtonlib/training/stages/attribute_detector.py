"""The detector of garment attributes that chapter 05 judges generated pictures with; it never reads a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.optim import AdamW

from vtonlib.data.augment import mirror, move, recolour_gently
from vtonlib.data.feed import Feed
from vtonlib.data.label_sets import FASHIONGAN_7
from vtonlib.data.outfits import ATTRIBUTES, GARMENT_ATTRIBUTES, outfits
from vtonlib.data.views import to_pictures
from vtonlib.metrics.score import Score
from vtonlib.models.attribute_detector import CELL, MARGIN, SIDE, AttributeDetector
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.ema import Ema
from vtonlib.training.registry import register
from vtonlib.training.schedule import one_cycle
from vtonlib.training.seeding import seeded
from vtonlib.training.stage import Losses, Phase, Stage

_SAME = torch.tensor(FASHIONGAN_7.mirrored().tolist())
_TOP, _PANTS, _ARMS = (FASHIONGAN_7.number(label) for label in ("upper_clothes", "pants", "arms"))


@dataclass(frozen=True)
class AttributeDetectorConfig:
    """Settings of the detector.

    Attributes:
        width: channels of the first convolution.
        learning_rate: AdamW's greatest step size.
        smoothing: share of each label that is spread over all values, so that the detector is not too sure.
        steps: of the whole run, over which the step size rises and falls.
        ema_half_life: pictures after which the average has half forgotten.
    """

    width: int = 24
    learning_rate: float = 3e-3
    smoothing: float = 0.1
    steps: int = 2400
    ema_half_life: float = 1500.0


@register("attribute_detector")
class AttributeDetectorStage(Stage):
    """One network with a head for the kind, the colour and the sleeve, and one that finds garment and arms."""

    Config = AttributeDetectorConfig
    paper: ClassVar[str] = "for the attribute matching of Zhu et al. 2017, arXiv:1710.07346"
    deviation: ClassVar[str] = (
        "a small network of our own instead of the paper's detector; pictures are judged at 64 x 64; trained from "
        "nothing on all views of the wardrobe's training people"
    )

    def __init__(self, config: AttributeDetectorConfig, seed: int = 0) -> None:
        self.config = config
        with seeded(seed):
            values = {name: len(ATTRIBUTES[name]) for name in GARMENT_ATTRIBUTES}
            self.detector = AttributeDetector(values, config.width)
        self.networks = {"detector": self.detector}
        self.optimisers = {"detector": AdamW(self.detector.parameters(), lr=config.learning_rate, weight_decay=0.05)}
        self.schedules = {"detector": one_cycle(config.steps)}
        self.averages = {"detector": Ema(self.detector, config.ema_half_life)}
        self.phases = (Phase("detector", "detector", self.loss),)

    @classmethod
    def configure(cls, budget: Budget) -> AttributeDetectorConfig:
        """Take the budget's width and steps; the average remembers a fiftieth of the run."""
        half_life = 0.02 * budget.steps * budget.batch_size
        return AttributeDetectorConfig(budget.width, steps=budget.steps, ema_half_life=half_life)

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Feed:
        """``image`` (B, 3, 64, 64), ``labels`` (B, 64, 64) of the seven, and each attribute (B,), of all views."""
        described = outfits("train", SIDE).tensors
        kept = ("image", "labels", *GARMENT_ATTRIBUTES)
        return Feed({name: described[name] for name in kept}, _floats, budget.batch_size, seed)

    def loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """Cross-entropy of each attribute and of the two regions, on pictures that were mirrored, moved and spoilt."""
        picture, labels = mirror(batch["image"], batch["labels"], _SAME, rng)
        picture, labels = move(picture, labels, rng, turn=6.0, scale=(0.85, 1.18), shift=0.1)
        logits, regions = self.detector(recolour_gently(picture, rng))
        losses = {
            name: F.cross_entropy(logits[name].float(), batch[name], label_smoothing=self.config.smoothing)
            for name in GARMENT_ATTRIBUTES
        }
        return losses | {"regions": F.binary_cross_entropy_with_logits(regions.float(), true_regions(labels))}

    @torch.no_grad()
    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """Logits (B, 32) of ``image``: of all kinds, then all colours, then all sleeves; by the average weights."""
        logits, _ = self.shipped()["detector"].eval()(batch["image"])
        return torch.cat([logits[name] for name in GARMENT_ATTRIBUTES], dim=1).float()

    def probabilities(self, pictures: Tensor) -> dict[str, Tensor]:
        """How likely each value of each attribute is: (N, values) in [0, 1] by name, on the CPU.

        Args:
            pictures: (N, 3, S, S) in [-1, 1], squares of 64 pixels or more.
        """
        device = next(self.detector.parameters()).device
        rng = torch.Generator()
        logits = torch.cat([self.predict({"image": part.to(device)}, rng).cpu() for part in pictures.split(64)])
        parts = logits.split([len(ATTRIBUTES[name]) for name in GARMENT_ATTRIBUTES], dim=1)
        return {name: part.softmax(1) for name, part in zip(GARMENT_ATTRIBUTES, parts, strict=True)}

    def tell(self, pictures: Tensor) -> dict[str, Tensor]:
        """The likeliest value of each attribute: (N,) int64 by name, numbers of their values in ``ATTRIBUTES``.

        Args:
            pictures: as :meth:`probabilities` takes them.
        """
        return {name: chance.argmax(1) for name, chance in self.probabilities(pictures).items()}

    def evaluate(self) -> dict[str, Score]:
        """Accuracy of each attribute on all views of the held-out people."""
        held_out = outfits("test", SIDE)
        told = self.tell(to_pictures(held_out.tensors["image"]))
        settings = f"top-1, {len(held_out)} pictures of held-out people, {SIDE}x{SIDE}"
        return {
            name: Score((values == held_out.tensors[name]).float().mean().item(), settings)
            for name, values in told.items()
        }


def true_regions(labels: Tensor) -> Tensor:
    """How much of each cell the described garment and the bare arms cover: (B, 2, 16, 12) in [0, 1].

    The garment is what has the label of tops; where there is none it is a dress, which has the label of trousers.

    Args:
        labels: (B, 64, 64) int64, numbers of :data:`vtonlib.data.label_sets.FASHIONGAN_7`.
    """
    top = labels == _TOP
    garment = torch.where(top.any(2).any(1)[:, None, None], top, labels == _PANTS)
    regions = torch.stack([garment, labels == _ARMS], dim=1).float()
    return F.avg_pool2d(regions[..., MARGIN:-MARGIN], CELL)


def _floats(batch: Batch) -> Batch:
    return batch | {"image": to_pictures(batch["image"]), "labels": batch["labels"].long()}
