"""char-CNN-RNN and a small network of pictures, which learn codes that agree: the other reader of chapter 03."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.optim import Adam

from vtonlib.data.outfits import GARMENT_ATTRIBUTES
from vtonlib.data.text import encode_characters
from vtonlib.data.upper_bodies import upper_bodies
from vtonlib.data.views import to_pictures
from vtonlib.losses.joint_embedding import joint_embedding_loss
from vtonlib.metrics.score import Score
from vtonlib.models.text.char_cnn_rnn import CharCnnRnn
from vtonlib.models.text.picture_code import PictureCode
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.class_batches import ClassBatches
from vtonlib.training.registry import register
from vtonlib.training.seeding import seeded
from vtonlib.training.stage import Losses, Phase, Stage

SIDE = 64
CLOSEST = 5
"""Pictures that are looked at of those that a sentence finds."""


@dataclass(frozen=True)
class CharCnnRnnConfig:
    """Settings of the two networks.

    Attributes:
        channels: of the first convolution over characters; the second has a third more, the recurrent network as many
            as the second.
        variant: of the text network, ``short`` or ``long``.
        code: numbers in both codes.
        learning_rate: Adam's step size.
    """

    channels: int = 384
    variant: str = "short"
    code: int = 1024
    learning_rate: float = 4e-4


class Pair(nn.Module):
    """Both sides as one network, since one loss teaches both."""

    def __init__(self, text: CharCnnRnn, picture: PictureCode) -> None:
        super().__init__()
        self.text, self.picture = text, picture


@register("char_cnn_rnn")
class CharCnnRnnStage(Stage):
    """One loss on pairs of sentences and pictures of different garments."""

    Config = CharCnnRnnConfig
    paper: ClassVar[str] = "Reed et al. 2016, arXiv:1605.05395, sections 3 and 4"
    deviation: ClassVar[str] = (
        "a small network of 8 x 8 mean colours, which learns along, instead of the features of a GoogLeNet; a class "
        "is a garment's kind, colour and sleeve; Adam instead of RMSprop with a falling rate; slim, with 64 numbers in "
        "a code and a larger rate, in the smoke and cpu profiles"
    )

    def __init__(self, config: CharCnnRnnConfig, seed: int = 0) -> None:
        self.config = config
        second = config.channels * 4 // 3
        with seeded(seed):
            text = CharCnnRnn(config.variant, config.code, (config.channels, second), second)  # type: ignore[arg-type]
            self.pair = Pair(text, PictureCode(config.code))
        self.networks = {"pair": self.pair}
        self.optimisers = {"pair": Adam(self.pair.parameters(), lr=config.learning_rate)}
        self.averages = {}
        self.phases = (Phase("pair", "pair", self.loss),)

    @classmethod
    def configure(cls, budget: Budget) -> CharCnnRnnConfig:
        """The budget's width; slim networks have shorter codes and take larger steps."""
        full = budget.width >= cls.Config.channels
        return CharCnnRnnConfig(budget.width, code=1024 if full else 64, learning_rate=4e-4 if full else 2e-3)

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> ClassBatches:
        """``image`` (B, 3, 64, 64) uint8, ``symbols`` (B, 201) of its sentence, and ``class``, another for each."""
        people = upper_bodies("train", SIDE)
        garments = torch.stack([people.tensors[name] for name in GARMENT_ATTRIBUTES], dim=1)
        classes = garments.unique(dim=0, return_inverse=True)[1]
        examples = {"image": people.tensors["image"], "symbols": symbols(people.sentences), "class": classes}
        return ClassBatches(examples, budget.batch_size, seed)

    def loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """The structured joint embedding's hinge."""
        pictures = self.pair.picture(to_pictures(batch["image"]))
        texts = self.pair.text(one_hot(batch["symbols"]))
        return {"joint_embedding": joint_embedding_loss(pictures.float(), texts.float())}

    @torch.no_grad()
    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """Codes (B, code) of ``symbols``."""
        codes: Tensor = self.pair.eval().text(one_hot(batch["symbols"]))
        return codes.float()

    def read(self, sentences: Sequence[str]) -> Tensor:
        """Codes (N, code) of any sentences, on the CPU."""
        device = next(self.pair.parameters()).device
        rng = torch.Generator()
        parts = symbols(sentences).split(128)
        return torch.cat([self.predict({"symbols": part.to(device)}, rng).cpu() for part in parts])

    @torch.no_grad()
    def look(self, pictures: Tensor) -> Tensor:
        """Codes (N, code) of pictures (N, 3, 64, 64) in [-1, 1], on the CPU."""
        device = next(self.pair.parameters()).device
        codes: Tensor = self.pair.eval().picture(pictures.to(device))
        return codes.float().cpu()

    def evaluate(self) -> dict[str, Score]:
        """Of the held-out pictures that a held-out sentence scores highest, the share that shows what it says."""
        held_out = upper_bodies("test", SIDE, once=True)
        scores = self.read(held_out.sentences) @ self.look(to_pictures(held_out.tensors["image"])).T
        return found(scores, held_out.tensors)


def found(scores: Tensor, said: dict[str, Tensor]) -> dict[str, Score]:
    """How many of a sentence's five closest pictures show what it says.

    Args:
        scores: (N, N) of sentences (rows) and pictures, which belong together in their order.
        said: for each attribute (N,) int64, of sentence and picture alike.

    Returns:
        The mean share of each attribute of the garment.
    """
    closest = scores.topk(CLOSEST, dim=1).indices
    settings = f"mean over {len(scores)} held-out sentences, their {CLOSEST} closest of {len(scores)} held-out pictures"
    return {
        name: Score((said[name][closest] == said[name][:, None]).float().mean().item(), f"{name}, {settings}")
        for name in GARMENT_ATTRIBUTES
    }


def symbols(sentences: Sequence[str]) -> Tensor:
    """Sentences as numbers of their characters (N, 201) uint8: 0 to 69, and 255 where there is none."""
    parts = [sentences[start : start + 256] for start in range(0, len(sentences), 256)]
    return torch.cat([_numbers(encode_characters(part)) for part in parts])


def one_hot(numbers: Tensor) -> Tensor:
    """What :func:`vtonlib.data.text.encode_characters` gives, from :func:`symbols`: (B, 201, 70) float32."""
    channels = torch.arange(70, device=numbers.device)
    return (numbers[..., None] == channels).float()


def _numbers(characters: Tensor) -> Tensor:
    nothing = characters.sum(2) == 0
    return characters.argmax(2).masked_fill(nothing, 255).to(torch.uint8)
