"""The judge of chapter 03: it learns from real pictures what people wear, and has nothing to do with any GAN."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.optim import AdamW

from vtonlib.data.feed import Feed
from vtonlib.data.outfits import ATTRIBUTES, GARMENT_ATTRIBUTES
from vtonlib.data.upper_bodies import upper_bodies
from vtonlib.data.views import to_pictures
from vtonlib.losses.attributes import attribute_loss
from vtonlib.metrics.said import said
from vtonlib.metrics.score import Score
from vtonlib.models.upper_body_detector import UpperBodyDetector
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.registry import register
from vtonlib.training.schedule import one_cycle
from vtonlib.training.seeding import seeded
from vtonlib.training.stage import Losses, Phase, Stage

SIDE = 64
REACH = 4
"""Pixels by which a picture is moved at most while the detector learns."""


@dataclass(frozen=True)
class UpperBodyDetectorConfig:
    """Settings of the detector.

    Attributes:
        width: channels of the first convolution.
        learning_rate: AdamW's greatest step size.
        steps: of the whole run, over which the step size rises and falls.
    """

    width: int = 32
    learning_rate: float = 3e-3
    steps: int = 1000


@register("upper_body_detector")
class UpperBodyDetectorStage(Stage):
    """One network that learns by the cross-entropies of kind, colour and sleeve."""

    Config = UpperBodyDetectorConfig
    paper: ClassVar[str] = (
        "none; in the place of the attribute detector of Zhu et al. 2017, arXiv:1710.07346, section 4"
    )
    deviation: ClassVar[str] = "a small network of our own, trained on upper bodies of the wardrobe's training people"

    def __init__(self, config: UpperBodyDetectorConfig, seed: int = 0) -> None:
        self.config = config
        with seeded(seed):
            values = {name: len(ATTRIBUTES[name]) for name in GARMENT_ATTRIBUTES}
            self.detector = UpperBodyDetector(values, config.width, SIDE)
        self.networks = {"detector": self.detector}
        self.optimisers = {"detector": AdamW(self.detector.parameters(), lr=config.learning_rate, weight_decay=1e-2)}
        self.schedules = {"detector": one_cycle(config.steps)}
        self.averages = {}
        self.phases = (Phase("detector", "detector", self.loss),)

    @classmethod
    def configure(cls, budget: Budget) -> UpperBodyDetectorConfig:
        """Take the budget's width and steps."""
        return UpperBodyDetectorConfig(width=budget.width, steps=budget.steps)

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Feed:
        """``image`` (B, 3, 64, 64) in [-1, 1] of the training people, and the value of each attribute."""
        people = upper_bodies("train", SIDE)
        values = {name: people.tensors[name] for name in GARMENT_ATTRIBUTES}
        return Feed({"image": people.tensors["image"], **values}, _floats, budget.batch_size, seed)

    def loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """Cross-entropies, summed, on pictures that were mirrored, moved, softened and made grainy."""
        logits = {name: part.float() for name, part in self.detector(disturbed(batch["image"], rng)).items()}
        return {"attributes": attribute_loss(logits, {name: batch[name] for name in GARMENT_ATTRIBUTES})}

    @torch.no_grad()
    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """Logits (B, 32) of ``image``: those of kind, colour and sleeve after one another."""
        return torch.cat(list(self.detector.eval()(batch["image"]).values()), dim=1).float()

    def tell(self, pictures: Tensor) -> dict[str, Tensor]:
        """What is seen on pictures (N, 3, 64, 64) in [-1, 1]: for each attribute the value's number, (N,) int64."""
        device = next(self.detector.parameters()).device
        rng = torch.Generator()
        logits = torch.cat([self.predict({"image": part.to(device)}, rng).cpu() for part in pictures.split(128)])
        parts = logits.split([len(ATTRIBUTES[name]) for name in GARMENT_ATTRIBUTES], dim=1)
        return {name: part.argmax(1) for name, part in zip(GARMENT_ATTRIBUTES, parts, strict=True)}

    def evaluate(self) -> dict[str, Score]:
        """Accuracy of each attribute on the held-out people."""
        held_out = upper_bodies("test", SIDE)
        told = self.tell(to_pictures(held_out.tensors["image"]))
        return said(told, {name: held_out.tensors[name] for name in GARMENT_ATTRIBUTES})


def disturbed(pictures: Tensor, rng: torch.Generator) -> Tensor:
    """Pictures (B, 3, H, W) in [-1, 1], half of them mirrored, moved, and for half of the batches softened or grainy.

    Painted pictures are never as crisp as real ones; a judge that had only seen crisp ones would judge that instead.
    """

    def chance(*shape: int) -> Tensor:
        return torch.rand(*shape, generator=rng)

    pictures = torch.where((chance(len(pictures), 1, 1, 1) < 0.5).to(pictures.device), pictures.flip(3), pictures)
    height, width = pictures.shape[2:]
    down, across = torch.randint(2 * REACH + 1, (2,), generator=rng).tolist()
    padded = F.pad(pictures, (REACH,) * 4, mode="replicate")
    pictures = padded[:, :, down : down + height, across : across + width]
    if chance(1).item() < 0.5:
        small = F.interpolate(pictures, scale_factor=0.5, mode="area")
        pictures = F.interpolate(small, (height, width), mode="bilinear", align_corners=False)
    if chance(1).item() < 0.5:
        grain = torch.randn(pictures.shape, generator=rng).to(pictures.device)
        pictures = (pictures + 0.1 * grain).clamp(-1, 1)
    return pictures


def _floats(batch: Batch) -> Batch:
    return {**batch, "image": to_pictures(batch["image"])}
