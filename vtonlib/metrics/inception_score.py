"""The inception score (Salimans et al. 2016, arXiv:1606.03498, section 4), in the classes of EfficientNet-lite0.

exp E_x KL(p(y|x) || p(y)): high when a classifier is sure of every picture and the pictures differ in class. It never
looks at the truth, so it cannot tell whether the right garment is worn, and it rewards sharp edges, pasted ones too:
VITON (Han et al. 2018, section 4.3) calls it unsuitable for that reason. Printed as IS-lite0; it compares with no
figure of a paper.
"""

from __future__ import annotations

import torch
from torch import Tensor

from vtonlib.errors import VtonError
from vtonlib.metrics.score import Score


def inception_score(probabilities: Tensor, resamples: int = 300, seed: int = 0) -> Score:
    """IS of pictures whose class probabilities are given, with a 95 % bootstrap interval over the pictures.

    A resample holds some pictures twice, so its classes are fewer and its score lower: the interval is shifted such
    that its middle is the score itself.

    Args:
        probabilities: (N, classes), each row summing to 1.
        resamples: bootstrap draws for the interval.
        seed: of those draws.

    Returns:
        A figure from 1 to the number of classes.

    Raises:
        VtonError: for fewer than two pictures, or rows that are no probabilities.
    """
    rows = probabilities.double()
    if rows.dim() != 2 or len(rows) < 2 or not torch.allclose(rows.sum(1), torch.ones(len(rows)).double(), atol=1e-4):
        raise VtonError(f"probabilities are {tuple(rows.shape)}; give two rows or more, each summing to 1")
    value = _score(rows)
    generator = torch.Generator().manual_seed(seed)
    draws = torch.stack(
        [_score(rows[torch.randint(len(rows), (len(rows),), generator=generator)]) for _ in range(resamples)]
    )
    low, high = torch.quantile(draws - draws.mean() + value, torch.tensor([0.025, 0.975]).double())
    settings = f"IS, {rows.shape[1]} classes, {len(rows)} pictures, one split, {resamples} resamples"
    return Score(float(value), settings, (float(low), float(high)))


def _score(rows: Tensor) -> Tensor:
    entropy = -torch.special.xlogy(rows, rows).sum(1).mean()
    mean = rows.mean(0)
    score: Tensor = (-torch.special.xlogy(mean, mean).sum() - entropy).exp()
    return score
