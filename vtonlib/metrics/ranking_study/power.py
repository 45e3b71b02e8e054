"""How many raters a claim needs: studies that are simulated before anybody is asked.

Raters see pairs of pictures of two systems and prefer one. Votes on one pair resemble each other: some pairs are easy.
A pair's own share of votes for the better system is drawn from a beta distribution around the mean share, the
beta-binomial model (Williams 1975, Biometrics 31, "The analysis of binary responses from toxicological experiments").
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import torch
from torch import Tensor

from vtonlib.errors import VtonError

Z = NormalDist().inv_cdf(0.975)
"""Standard errors on either side of a mean that make an interval of 95 %."""


def simulate_votes(share: float, agreement: float, pairs: int, raters: int, studies: int, seed: int = 0) -> Tensor:
    """Votes of many simulated studies in which every rater sees every pair.

    Args:
        share: mean share of votes for the better system, in (0, 1).
        agreement: correlation of two raters' votes on one pair, in [0, 1); 0 makes all pairs equally hard.
        pairs: of pictures.
        raters: who see all of them.
        studies: how many times the study is held.
        seed: of the draws.

    Returns:
        (studies, pairs) float64, how many raters preferred the better system.

    Raises:
        VtonError: for a share or an agreement out of its range.
    """
    if not 0 < share < 1 or not 0 <= agreement < 1:
        raise VtonError(f"share {share} and agreement {agreement}: take a share in (0, 1), an agreement in [0, 1)")
    rng = np.random.default_rng(seed)
    own = np.full((studies, pairs), share)
    if agreement:
        mass = (1 - agreement) / agreement
        own = rng.beta(share * mass, (1 - share) * mass, (studies, pairs))
    return torch.from_numpy(rng.binomial(raters, own)).double()


def power(votes: Tensor, raters: int) -> float:
    """Share of studies that would claim the better system to be better, at a confidence of 95 %.

    A study claims it if the mean share over pairs lies above one half by 1.96 standard errors, which are taken over
    *pairs*: votes on one pair are no independent draws.

    Args:
        votes: (studies, pairs), as :func:`simulate_votes` gives them.
        raters: who voted on each pair.

    Raises:
        VtonError: if there are fewer than two pairs.
    """
    pairs = votes.shape[1]
    if pairs < 2:
        raise VtonError(f"{pairs} pair: an error over pairs needs two or more")
    shares = votes / raters
    error = shares.std(1) / pairs**0.5
    return float((shares.mean(1) - Z * error > 0.5).double().mean())


def naive_power(votes: Tensor, raters: int) -> float:
    """The same if every vote is taken for an independent draw: claims come easily, also false ones."""
    pairs = votes.shape[1]
    mean = votes.sum(1) / (pairs * raters)
    error = (mean * (1 - mean) / (pairs * raters)).sqrt()
    return float((mean - Z * error > 0.5).double().mean())
