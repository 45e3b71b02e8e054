"""The design coding d = (a, v): who wears the new outfit and what it is to be, for many people at once.

Zhu et al. 2017 (arXiv:1710.07346), section 3: ten human attributes a and the code v of a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import torch
from torch import Tensor

from vtonlib.data.outfits import Outfits
from vtonlib.errors import VtonError

HUMAN = 10
"""Numbers of a, which come first in d."""


def design_coding(people: Outfits, sentences: Sequence[str] | None = None) -> Tensor:
    """d of people in an outfit that a sentence describes, with the shipped reader of sentences.

    Args:
        people: N wearers.
        sentences: N of them, one for each; None takes their own.

    Returns:
        (N, 50) float32: four yes or no, skin in red, green, blue and grey, width and height, then 40 of the text.

    Raises:
        VtonError: if there is not one sentence for each.
    """
    sentences = people.sentences if sentences is None else sentences
    if len(sentences) != len(people):
        raise VtonError(f"{len(sentences)} sentences for {len(people)} people; give one for each")
    return torch.cat([people.tensors["human"], read(tuple(sentences))], dim=1)


@cache
def read(sentences: tuple[str, ...]) -> Tensor:
    """Text codes v (N, 40) in (-1, 1) by the shipped reader."""
    from vtonlib.training.stages.text_reader import TextReaderStage
    from vtonlib.zoo.store import load  # the zoo imports the stages, and stages read their sentences here

    reader = load("text_reader.cpu")
    assert isinstance(reader, TextReaderStage)
    return reader.read(sentences)


def with_text_of(coding: Tensor, others: Tensor) -> Tensor:
    """The same wearers (B, 50) with the sentences of others: row i takes the text of row ``others[i]``."""
    return torch.cat([coding[:, :HUMAN], coding[others, HUMAN:]], dim=1)


def someone_else(said: Tensor, rng: torch.Generator) -> Tensor:
    """For each of a batch another row that says something else.

    Where the whole batch says the same, it is any row: there is no wrong sentence then, as sometimes in the authors'
    released code, which does not look.

    Args:
        said: (B,) integers, equal where two sentences mean the same to the network.
        rng: draws on the CPU.

    Returns:
        (B,) int64, rows of the batch, on the device of ``said``.
    """
    chance = torch.rand(len(said), len(said), generator=rng).to(said.device)
    same = said[:, None] == said[None, :]
    return (chance - same.float()).argmax(1)
