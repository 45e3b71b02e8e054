"""FashionGAN's reader of sentences: words into a recurrent network, whose last state has to tell four attributes.

From the released code of Zhu et al. 2017 (arXiv:1710.07346). It is trained before the GANs and sees sentences only;
what is not one of the attributes, such as a print or a collar, need not survive. The paper has a code of 40 numbers
from an encoder that is tuned along with the GANs; give ``code=40`` for that interface. A departure: words that are not
known have an entry of their own, where the release fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vtonlib.errors import VtonError

RELEASE_WORDS = 539
"""In the release's vocabulary."""

RELEASE_ATTRIBUTES = {"category": 19, "colour": 17, "gender": 2, "sleeve": 4}
"""Attributes of the release and how many values each has."""


class WordRnn(nn.Module):
    """A recurrent network of two layers over words, and a linear head for each attribute.

    88,542 parameters with the release's sizes, which are the defaults.

    Args:
        words: in the vocabulary, entries for padding and unknown words included.
        attributes: how many values each attribute has, by name.
        code: numbers in the text code, and in each layer's state; 100 in the release, 40 in the paper.
        layers: of the recurrent network.
    """

    def __init__(
        self,
        words: int = RELEASE_WORDS,
        attributes: Mapping[str, int] = RELEASE_ATTRIBUTES,
        code: int = 100,
        layers: int = 2,
    ) -> None:
        super().__init__()
        self.words, self.code = words, code
        self.rnn = nn.RNN(words, code, layers, nonlinearity="tanh", batch_first=True)
        self.heads = nn.ModuleDict({name: nn.Linear(code, values) for name, values in attributes.items()})

    def forward(self, tokens: Tensor, lengths: Tensor) -> Tensor:
        """Read sentences.

        Args:
            tokens: (B, T) int64, numbers of words, padded at the end by any.
            lengths: (B,) int64, words in each sentence, 0 to T.

        Returns:
            v (B, code) in (-1, 1): the state after the last word, which padding cannot change. Of an empty sentence it
            is 0, the state before the first.

        Raises:
            VtonError: if a number is no word, or a length does not fit.
        """
        if tokens.dim() != 2 or lengths.shape != tokens.shape[:1]:
            raise VtonError(f"tokens are {tuple(tokens.shape)}, lengths {tuple(lengths.shape)}; give (B, T) and (B,)")
        if lengths.numel() and not 0 <= int(lengths.min()) <= int(lengths.max()) <= tokens.shape[1]:
            raise VtonError(f"lengths are {lengths.tolist()}; give 0 to {tokens.shape[1]}, the width of the tokens")
        if tokens.numel() and not 0 <= int(tokens.min()) <= int(tokens.max()) < self.words:
            raise VtonError(f"tokens reach from {tokens.min()} to {tokens.max()}; this network has {self.words} words")
        tokens = F.pad(tokens, (0, 1))  # so that there is a word to read in a batch of empty sentences, too
        states = self.rnn(F.one_hot(tokens, self.words).float())[0]  # (B, T + 1, code)
        states = F.pad(states, (0, 0, 1, 0))  # the state before the first word comes to place 0
        code: Tensor = states[torch.arange(len(tokens), device=tokens.device), lengths]
        return code

    def attributes(self, code: Tensor) -> dict[str, Tensor]:
        """Logits (B, values) of each attribute by name, from codes (B, code)."""
        return {name: cast(Tensor, head(code)) for name, head in self.heads.items()}
