"""Sentences as numbers: words for FashionGAN's reader, characters for GAN-CLS's.

Words are cut as the released code of FashionGAN (Zhu et al. 2017, arXiv:1710.07346) does; unlike there, any sentence is
accepted: one of unknown words, one that is too long, one without words. Characters are those of Reed et al. 2016
(arXiv:1605.05395, after Zhang et al. 2015, arXiv:1509.01626).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor
from torch.nn import functional as F

from vtonlib.errors import VtonError

PAD, UNKNOWN = "<pad>", "<unk>"
"""The first two entries of every vocabulary, numbers 0 and 1. In a sentence they are unknown words."""

MOST_WORDS = 17
"""In a caption of FashionGAN's data, and of the wardrobe."""

CHARACTERS = 201
"""Length of an encoded sentence in characters."""

ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789-,;.!?:'\"/\\|_@#$%^&*~`+-=<>()[]{} "
"""The 70 symbols in the order of their channels. The hyphen stands there twice, as in the original, and takes the
second place; the channel of the first stays empty."""


def words_of(sentence: str) -> list[str]:
    """Cut a sentence into words: lower case, between blanks or commas, without the final full stop.

    A word with hyphens is one word. An empty sentence has no words.
    """
    return sentence.lower().replace(",", " ").strip().removesuffix(".").split()


@dataclass(frozen=True)
class Vocabulary:
    """Words and their numbers.

    Attributes:
        words: in the order of their numbers, beginning with ``<pad>`` and ``<unk>``.

    Raises:
        VtonError: if it begins otherwise, or a word is there twice.
    """

    words: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.words[:2] != (PAD, UNKNOWN):
            raise VtonError(f"vocabulary begins with {self.words[:2]}; put {PAD!r}, {UNKNOWN!r} first")
        twice = [word for word, count in Counter(self.words).items() if count > 1]
        if twice:
            raise VtonError(f"vocabulary has {twice[0]!r} twice; leave one out")

    @classmethod
    def of(cls, sentences: Iterable[str], least: int = 1) -> Vocabulary:
        """All words of some sentences, in the order of the alphabet.

        Args:
            sentences: of the training split only, or the words of the others are known.
            least: how often a word must occur.
        """
        counts = Counter(word for sentence in sentences for word in words_of(sentence))
        known = sorted(word for word, count in counts.items() if count >= least and word not in (PAD, UNKNOWN))
        return cls((PAD, UNKNOWN, *known))

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self.words[2:], start=2)}

    def encode(self, sentences: Sequence[str], length: int = MOST_WORDS) -> tuple[Tensor, Tensor]:
        """Sentences as numbers of words.

        Args:
            sentences: any B of them.
            length: words that are kept of each, from the first.

        Returns:
            Tokens (B, length) int64, 0 after the end, and the lengths (B,) int64, 0 to ``length``.
        """
        tokens = torch.zeros(len(sentences), length, dtype=torch.int64)
        lengths = torch.zeros(len(sentences), dtype=torch.int64)
        for row, sentence in enumerate(sentences):
            numbers = [self._numbers.get(word, 1) for word in words_of(sentence)[:length]]
            tokens[row, : len(numbers)] = torch.tensor(numbers, dtype=torch.int64)
            lengths[row] = len(numbers)
        return tokens, lengths

    def decode(self, tokens: Tensor) -> list[str]:
        """Numbers (B, T) back to sentences, words between single blanks, without padding.

        Raises:
            VtonError: if a number is no word.
        """
        if tokens.numel() and not 0 <= int(tokens.min()) <= int(tokens.max()) < len(self):
            raise VtonError(
                f"tokens reach from {tokens.min()} to {tokens.max()}; this vocabulary has {len(self)} words"
            )
        return [" ".join(self.words[token] for token in row if token) for row in tokens.tolist()]


def encode_characters(sentences: Sequence[str], length: int = CHARACTERS) -> Tensor:
    """Sentences as one-hot characters.

    Args:
        sentences: any B of them; upper case counts as lower.
        length: characters that are kept of each, from the first.

    Returns:
        (B, length, 70) float32 in {0, 1}; a character that is not in :data:`ALPHABET`, and what follows the end, is
        all zero.
    """
    nothing = len(ALPHABET)
    channel = {symbol: number for number, symbol in enumerate(ALPHABET)}
    numbers = torch.full((len(sentences), length), nothing)
    for row, sentence in enumerate(sentences):
        found = [channel.get(symbol, nothing) for symbol in sentence.lower()[:length]]
        numbers[row, : len(found)] = torch.tensor(found, dtype=torch.int64)
    return F.one_hot(numbers, nothing + 1)[..., :nothing].float()
