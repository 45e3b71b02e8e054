"""The training pairs of a stage that reads synthesised parsings."""

from __future__ import annotations

import torch
from torch import Tensor

from vtonlib.data.pose_pairs import PosePairs
from vtonlib.profiles import Budget
from vtonlib.training.synthesised import synthesised

FEWEST_PAIRS = 64
"""Pairs whose parsings are synthesised at least."""


def pairs_of_a_run(pairs: PosePairs, budget: Budget, parser: str) -> dict[str, Tensor]:
    """The pairs that a run sees, with synthesised parsings.

    These are all pairs, which runs then share from the cache; a run that would see less than a quarter of them takes
    some from all over the data.

    Args:
        pairs: of the training people.
        budget: of the run.
        parser: name in the zoo of the parser.

    Returns:
        ``pairs.worn.examples`` at some rows; ``reference`` (N,) int64, for :meth:`PosePairs.views`; ``labels``
        (N, H, W) uint8, the parsing of the target that is imagined from the reference.
    """
    every = len(pairs.reference)
    seen = max(FEWEST_PAIRS, budget.steps * budget.batch_size)
    count = seen if seen < every / 4 else every
    rows = torch.arange(count) * every // count
    examples = {name: tensor[rows] for name, tensor in pairs.worn.examples.items()}
    return examples | {"reference": pairs.reference[rows], "labels": synthesised(pairs, rows, parser)}
