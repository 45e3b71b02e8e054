"""The inception score (Salimans et al. 2016, arXiv:1606.03498, section 4), in the classes of EfficientNet-lite0.

exp E_x KL(p(y|x) || p(y)): high when a classifier is sure of every picture and the pictures differ in class. It never
looks at the truth, so it cannot tell whether the right garment is worn, and it rewards sharp edges, pasted ones too:
VITON (Han et al. 2018, arXiv:1711.08447) calls it unsuitable for that reason. Printed as IS-lite0; it compares with no
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
    certainty = torch.special.xlogy(rows, rows).sum(1)
    chosen = torch.randint(len(rows), (resamples, len(rows)), generator=torch.Generator().manual_seed(seed))
    drawn = torch.zeros(resamples, len(rows), dtype=torch.float64).scatter_add_(
        1, chosen, torch.ones_like(chosen).double()
    )
    everyone = torch.ones(1, len(rows), dtype=torch.float64)
    value, draws = (_score(times / len(rows), rows, certainty) for times in (everyone, drawn))
    low, high = torch.quantile(draws - draws.mean() + value, torch.tensor([0.025, 0.975]).double())
    settings = f"IS, {rows.shape[1]} classes, {len(rows)} pictures, one split, {resamples} resamples"
    return Score(float(value), settings, (float(low), float(high)))


def _score(weights: Tensor, rows: Tensor, certainty: Tensor) -> Tensor:
    """IS of (R,) sets of pictures, each given by weights (R, N) that sum to 1."""
    mean = weights @ rows
    score: Tensor = (weights @ certainty - torch.special.xlogy(mean, mean).sum(1)).exp()
    return score
