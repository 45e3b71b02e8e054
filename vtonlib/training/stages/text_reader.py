"""FashionGAN's reader of sentences: it learns to tell what one says, and its last state becomes the text code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.optim import Adam

from vtonlib.data.outfits import ATTRIBUTES, SENTENCE_VIEWS, outfits, vocabulary
from vtonlib.losses.attributes import attribute_loss
from vtonlib.metrics.score import Score
from vtonlib.models.text.word_rnn import WordRnn
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch, Batches
from vtonlib.training.registry import register
from vtonlib.training.seeding import seeded
from vtonlib.training.stage import Losses, Phase, Stage

SMALLEST = 64
"""Side of the pictures that come with the sentences; the reader does not look at them."""


@dataclass(frozen=True)
class TextReaderConfig:
    """Settings of the reader.

    Attributes:
        words: in its vocabulary.
        code: numbers in the text code; 40 in the paper, 100 in the release.
        forgotten: share of the words that are made unknown while it learns, so that ``<unk>`` means something.
        shuffled: share of the sentences whose words come in any order, so that readers may write otherwise than the
            training sentences do.
        learning_rate: Adam's step size.
    """

    words: int = 84
    code: int = 40
    forgotten: float = 0.05
    shuffled: float = 0.3
    learning_rate: float = 2e-3


@register("text_reader")
class TextReaderStage(Stage):
    """A recurrent network with a head for each attribute; it never sees a picture."""

    Config = TextReaderConfig
    paper: ClassVar[str] = "Zhu et al. 2017, arXiv:1710.07346, as in the authors' released code (language/)"
    deviation: ClassVar[str] = (
        "a code of 40 numbers, as in the paper, where the release has 100; Adam on batches instead of SGD on single "
        "sentences; while it learns, one word in twenty is made unknown and three sentences in ten are shuffled"
    )

    def __init__(self, config: TextReaderConfig, seed: int = 0) -> None:
        self.config = config
        with seeded(seed):
            values = {name: len(words) for name, words in ATTRIBUTES.items()}
            self.reader = WordRnn(config.words, values, config.code)
        self.networks = {"reader": self.reader}
        self.optimisers = {"reader": Adam(self.reader.parameters(), lr=config.learning_rate)}
        self.averages = {}
        self.phases = (Phase("reader", "reader", self.loss),)

    @classmethod
    def configure(cls, budget: Budget) -> TextReaderConfig:
        """The paper's code under every budget: the network is small as it is."""
        return TextReaderConfig(words=len(vocabulary()))

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Batches:
        """``tokens`` (B, 17) and ``lengths`` (B,) of the training sentences, and what each says of every attribute."""
        described = outfits("train", SMALLEST, SENTENCE_VIEWS)
        tokens, lengths = vocabulary().encode(described.sentences)
        told = {name: described.tensors[name] for name in ATTRIBUTES}
        return Batches({"tokens": tokens, "lengths": lengths, **told}, budget.batch_size, seed)

    def loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """Cross-entropies of the four attributes, summed."""
        tokens = self.disturbed(batch["tokens"], batch["lengths"], rng)
        code = self.reader(tokens, batch["lengths"])
        told = {name: logits.float() for name, logits in self.reader.attributes(code).items()}
        return {"attributes": attribute_loss(told, {name: batch[name] for name in ATTRIBUTES})}

    def disturbed(self, tokens: Tensor, lengths: Tensor, rng: torch.Generator) -> Tensor:
        """Sentences (B, T) with some words unknown, and some with all words in any order; padding stays at the end."""
        count, length = tokens.shape
        place = torch.arange(length, dtype=torch.float32).expand(count, -1)
        shuffled = torch.rand(count, 1, generator=rng) < self.config.shuffled
        key = torch.where(shuffled, torch.rand(count, length, generator=rng), place)
        key = torch.where(place < lengths.cpu()[:, None], key, length + place)
        forgotten = torch.rand(count, length, generator=rng) < self.config.forgotten
        order, forgotten = key.argsort(1).to(tokens.device), forgotten.to(tokens.device)
        return tokens.gather(1, order).masked_fill(forgotten, 1)

    @torch.no_grad()
    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """Text codes v (B, 40) in (-1, 1) of ``tokens`` and ``lengths``."""
        code: Tensor = self.reader.eval()(batch["tokens"], batch["lengths"])
        return code.float()

    def read(self, sentences: Sequence[str]) -> Tensor:
        """Text codes v (N, 40) in (-1, 1) of any sentences, on the CPU."""
        tokens, lengths = vocabulary().encode(sentences)
        device = next(self.reader.parameters()).device
        batch = {"tokens": tokens.to(device), "lengths": lengths.to(device)}
        return self.predict(batch, torch.Generator()).cpu()

    @torch.no_grad()
    def tell(self, sentences: Sequence[str]) -> dict[str, list[str]]:
        """What the reader takes any sentences to say: for each attribute the likeliest value of each sentence."""
        device = next(self.reader.parameters()).device
        logits = self.reader.attributes(self.read(sentences).to(device))
        return {name: [ATTRIBUTES[name][value] for value in told.argmax(1)] for name, told in logits.items()}

    def evaluate(self) -> dict[str, Score]:
        """Accuracy of each attribute on the sentences about held-out garments."""
        held_out = outfits("test", SMALLEST, SENTENCE_VIEWS)
        told = self.tell(held_out.sentences)
        settings = f"{len(held_out)} sentences about held-out garments"
        scores = {}
        for name, values in ATTRIBUTES.items():
            truth = [values[value] for value in held_out.tensors[name]]
            right = sum(a == b for a, b in zip(told[name], truth, strict=True)) / len(truth)
            scores[name] = Score(right, settings)
        return scores
