"""Mean ranks and what goes with them, each with an interval that respects who gave the ranks.

Answers of one rater resemble each other, so they are not independent draws: the bootstrap draws whole raters (Davison
and Hinkley 1997, Bootstrap Methods and their Application, section 3.8). Such an interval says what other raters would
have found on these cases. To speak about other cases too, cases are drawn as well, independently (Owen 2007, The
pigeonhole bootstrap, Annals of Applied Statistics 1(2), section 2); that interval is wider.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from scipy.stats import friedmanchisquare
from torch import Tensor

from vtonlib.errors import VtonError
from vtonlib.metrics.ranking_study.answers import Answer
from vtonlib.metrics.ranking_study.study import Study, same_name
from vtonlib.metrics.score import Score

Over = Literal["raters", "raters and cases"]
RESAMPLES = 2000


@dataclass(frozen=True)
class Ranks:
    """Who ranked what how.

    Attributes:
        methods: names of what is compared.
        raters: one name for each rater.
        cases: names of the cases.
        of_method: (raters, cases, methods) float64, 1 for the best; NaN where a rater did not answer a case.
        of_letter: the same ranks by letter instead of method.
    """

    methods: tuple[str, ...]
    raters: tuple[str, ...]
    cases: tuple[str, ...]
    of_method: Tensor
    of_letter: Tensor

    @property
    def count(self) -> int:
        """Number of answers."""
        return int((~self.of_letter[..., 0].isnan()).sum())


def to_ranks(study: Study, answers: Sequence[Answer]) -> Ranks:
    """Look up which method stood behind which letter.

    Args:
        study: what was asked.
        answers: at most one for each rater and case; see :func:`vtonlib.metrics.ranking_study.collect.collect`.

    Raises:
        VtonError: if there is no answer.
    """
    if not answers:
        raise VtonError(f"study {study.code}: there are no answers; let somebody rank first")
    raters = list(dict.fromkeys(same_name(answer.rater) for answer in answers))
    of_letter = torch.full((len(raters), len(study.cases), len(study.methods)), torch.nan, dtype=torch.float64)
    of_method = of_letter.clone()
    for answer in answers:
        at = raters.index(same_name(answer.rater)), study.cases.index(answer.case)
        of_letter[at] = torch.tensor(answer.ranks, dtype=torch.float64)
        behind = [study.methods.index(method) for method in study.order(answer.form, answer.case)]
        of_method[at][behind] = of_letter[at]
    return Ranks(study.methods, tuple(raters), study.cases, of_method, of_letter)


def mean_ranks(
    ranks: Ranks, generator: torch.Generator, resamples: int = RESAMPLES, over: Over = "raters"
) -> dict[str, Score]:
    """The mean rank of each method, from 1, always first, to the number of methods; pure chance gives the middle.

    Args:
        ranks: from :func:`to_ranks`.
        generator: of the bootstrap's draws.
        resamples: how many.
        over: what is drawn: raters with all their answers, or raters and cases.

    Returns:
        For each method the mean over all answers, with a 95 % percentile interval where two or more raters answered.
    """
    what = f"mean rank of {len(ranks.methods)}, 1 is best"
    return dict(zip(ranks.methods, _means(ranks, ranks.of_method, what, generator, resamples, over), strict=True))


def first_shares(
    ranks: Ranks, generator: torch.Generator, resamples: int = RESAMPLES, over: Over = "raters"
) -> dict[str, Score]:
    """For each method the share of answers in which it came first, in 0..1; arguments as in :func:`mean_ranks`."""
    first = torch.where(ranks.of_method.isnan(), torch.nan, (ranks.of_method == 1).double())
    return dict(
        zip(ranks.methods, _means(ranks, first, "share of first places", generator, resamples, over), strict=True)
    )


def share_before(
    ranks: Ranks, better: str, worse: str, generator: torch.Generator, resamples: int = RESAMPLES, over: Over = "raters"
) -> Score:
    """The share of answers that put one method before another, in 0..1; chance gives 0.5.

    This compares two methods more sharply than a look at two mean ranks, because both were seen side by side.

    Raises:
        VtonError: if a method is not in the study.
    """
    for method in (better, worse):
        if method not in ranks.methods:
            raise VtonError(f"method {method!r}: the study compares {', '.join(ranks.methods)}")
    one, other = (ranks.of_method[..., [ranks.methods.index(method)]] for method in (better, worse))
    before = torch.where(one.isnan(), torch.nan, (one < other).double())
    return _means(ranks, before, f"share of answers with {better} before {worse}", generator, resamples, over)[0]


def letter_means(ranks: Ranks, generator: torch.Generator, resamples: int = RESAMPLES) -> list[Score]:
    """The mean rank of A, B, ..., whatever stood there: far from the middle, raters went by the place."""
    return _means(ranks, ranks.of_letter, "mean rank of a letter", generator, resamples, "raters")


def friedman(ranks: Ranks) -> Score:
    """The p-value of Friedman's test that raters rank all methods alike (scipy's, chi-squared approximation).

    Each rater is one block, with the mean ranks that this rater gave; single answers would not be independent. A small
    p says that not all methods are alike, not which one is better.

    Raises:
        VtonError: with fewer than three methods or two raters, or if every rater gave all methods the same mean.
    """
    blocks = ranks.of_method.nanmean(1)  # (raters, methods)
    if len(ranks.methods) < 3 or len(ranks.raters) < 2:
        raise VtonError(f"Friedman's test: needs 3 methods and 2 raters, got {len(ranks.methods)}, {len(ranks.raters)}")
    if bool((blocks == blocks[:, :1]).all()):
        raise VtonError("Friedman's test: every rater gave all methods one mean rank; there is nothing to test")
    found = friedmanchisquare(*blocks.T.numpy())
    degrees = len(ranks.methods) - 1
    return Score(
        float(found.pvalue),
        f"Friedman's test, p-value, chi-squared {found.statistic:.4g} with {degrees} degrees of freedom, "
        f"{len(ranks.raters)} raters as blocks",
    )


def _means(
    ranks: Ranks, values: Tensor, what: str, generator: torch.Generator, resamples: int, over: Over
) -> list[Score]:
    """Means over all answers of values (raters, cases, K), each with its interval."""
    people, cases = len(ranks.raters), len(ranks.cases)
    present = (~values[..., 0].isnan()).double()
    known = values.nan_to_num()
    means = known.sum((0, 1)) / present.sum()
    settings = f"{what}, {people} raters, {int(present.any(0).sum())} cases, {ranks.count} answers"
    if people < 2:
        return [Score(float(mean), settings) for mean in means]
    # How often each rater and each case is drawn; answers count with the product.
    drawn = _draws(people, resamples, generator)
    asked = _draws(cases, resamples, generator) if over == "raters and cases" else torch.ones(1, cases).double()
    total = torch.einsum("br,bc,rck->bk", drawn, asked.expand(resamples, cases), known)
    answers = torch.einsum("br,bc,rc->b", drawn, asked.expand(resamples, cases), present)
    # Where many answers are missing, a draw may hit none at all, and is left out.
    low, high = (total / answers[:, None]).nanquantile(torch.tensor([0.025, 0.975]).double(), dim=0)
    settings += f", 95 % bootstrap over {over}, {resamples} resamples"
    return [Score(float(m), settings, (float(a), float(b))) for m, a, b in zip(means, low, high, strict=True)]


def _draws(count: int, resamples: int, generator: torch.Generator) -> Tensor:
    chosen = torch.randint(count, (resamples, count), generator=generator)
    return torch.zeros(resamples, count, dtype=torch.float64).scatter_add_(
        1, chosen, torch.ones_like(chosen, dtype=torch.float64)
    )
