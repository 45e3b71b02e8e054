"""The classifier whose features chapter 02 measures with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy
from torch.optim import Adam

from vtonlib.data.fashion_mnist import load_clothes
from vtonlib.metrics.score import Score
from vtonlib.models.clothes_classifier import ClothesClassifier
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch, Batches
from vtonlib.training.registry import register
from vtonlib.training.seeding import seeded
from vtonlib.training.stage import Losses, Phase, Stage


@dataclass(frozen=True)
class ClothesClassifierConfig:
    """Settings of the classifier.

    Attributes:
        width: channels of the first convolution.
        num_features: length of the feature vector.
        learning_rate: Adam's step size.
    """

    width: int = 32
    num_features: int = 64
    learning_rate: float = 1e-3


@register("clothes_classifier")
class ClothesClassifierStage(Stage):
    """One network, one phase: the engine's simplest stage."""

    Config = ClothesClassifierConfig
    paper: ClassVar[str] = "none; in the manner of LeNet (LeCun et al. 1998, section II.B)"
    deviation: ClassVar[str] = "a network of our own, trained on 5,500 pictures of Fashion-MNIST"

    def __init__(self, config: ClothesClassifierConfig, seed: int = 0) -> None:
        self.config = config
        with seeded(seed):
            self.classifier = ClothesClassifier(config.width, config.num_features)
        self.networks = {"classifier": self.classifier}
        self.optimisers = {"classifier": Adam(self.classifier.parameters(), lr=config.learning_rate)}
        self.averages = {}
        self.phases = (Phase("classifier", "classifier", self.loss),)

    @classmethod
    def configure(cls, budget: Budget) -> ClothesClassifierConfig:
        """Take the budget's width."""
        return ClothesClassifierConfig(width=budget.width)

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Batches:
        """Pictures ``image`` and class numbers ``label`` of the training split."""
        clothes = load_clothes("train")
        return Batches({"image": clothes.images, "label": clothes.labels}, budget.batch_size, seed)

    def loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """Cross-entropy of the class logits."""
        return {"cross_entropy": cross_entropy(self.classifier(batch["image"]), batch["label"])}

    @torch.no_grad()
    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """Class logits (B, 10) of ``image``."""
        logits: Tensor = self.classifier.eval()(batch["image"])
        return logits

    def evaluate(self) -> dict[str, Score]:
        """Accuracy on the held-out split."""
        clothes = load_clothes("held_out")
        device = next(self.classifier.parameters()).device
        logits = self.predict({"image": clothes.images.to(device)}, torch.Generator())
        accuracy = (logits.argmax(1).cpu() == clothes.labels).float().mean().item()
        return {"accuracy": Score(accuracy, f"top-1, {len(clothes)} held-out pictures of Fashion-MNIST")}
