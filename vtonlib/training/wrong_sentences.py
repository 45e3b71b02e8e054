"""Which of a batch's sentences are wrong for which of its pictures."""

from __future__ import annotations

import torch
from torch import Tensor

from vtonlib.data.outfits import GARMENT_ATTRIBUTES
from vtonlib.training.batches import Batch

NEAR = 50.0
"""How much likelier a sentence comes that is wrong in one thing and right in the other, than one wrong in both."""


def other_garments(batch: Batch, count: int, rng: torch.Generator) -> Tensor:
    """For each of B examples K others whose garment differs in kind, colour or sleeve: (B, K) int64.

    Where too few of the batch differ any may come.

    Args:
        batch: the B examples.
        count: K, less than B.
        rng: draws among those that fit.
    """
    garments = torch.stack([batch[name] for name in GARMENT_ATTRIBUTES], dim=1).cpu()
    differ = (garments[:, None] != garments[None]).any(2)
    chosen = torch.multinomial(differ.float() + 1e-9, count, generator=rng)
    return chosen.to(batch["text"].device)


def near_misses(batch: Batch, rng: torch.Generator) -> Tensor:
    """For each of B examples two others, one with another sleeve and one with another colour: (B, 2) int64.

    Where the batch has some, the first has the same colour and the second the same sleeve, for the most part; where
    none differs in the sleeve or in the colour any may come.

    Args:
        batch: the B examples.
        rng: draws among those that fit.
    """
    same = {name: batch[name].cpu()[:, None] == batch[name].cpu() for name in ("colour", "sleeve")}
    chosen = []
    for wrong, right in (("sleeve", "colour"), ("colour", "sleeve")):
        fit = (~same[wrong]).float() * (1 + NEAR * same[right])
        chosen.append(torch.multinomial(fit + 1e-9, 1, generator=rng))
    return torch.cat(chosen, dim=1).to(batch["text"].device)
