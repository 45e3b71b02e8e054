"""A small study, and raters whose preferences are known; nothing here was measured on anybody."""

import itertools
import math
from collections.abc import Callable, Sequence

import numpy as np
import torch

from vtonlib.metrics.ranking_study.answers import Answer
from vtonlib.metrics.ranking_study.study import Study, make_study

METHODS = ("original", "fashiongan", "non_compositional", "one_step_8_7", "one_step_8_4")
CODED = 20
"""Picture number ``case`` of method number ``m`` is one grey: level ``CODED * m + case``."""


def tiny_study(cases: int = 4, seed: int = 7, methods: Sequence[str] = METHODS, size=(4, 3), **more) -> Study:
    def grey(m, case):
        return torch.full((3, *size), (CODED * m + case % CODED) / 127.5 - 1)

    candidates = {method: torch.stack([grey(m, c) for c in range(cases)]) for m, method in enumerate(methods)}
    return make_study(candidates, {f"case{c}": f"sentence {c}" for c in range(cases)}, seed, **more)


def method_of(picture: np.ndarray) -> int:
    """Which method a picture of :func:`tiny_study` is from, by its grey."""
    return int(picture.flat[0]) // CODED


def answer_all(study: Study, rater: str, rank: Callable[[Sequence[int]], Sequence[int]]) -> list[Answer]:
    """A rater's answers to all cases; ``rank`` sees the numbers of the methods in the order of the letters.

    Raters see pictures only, so this goes by the pictures and not by what the study says is behind a letter.
    """
    answers = []
    for case in study.cases:
        seen = [method_of(picture) for picture in study.question(rater, case).pictures]
        answers.append(Answer(rater, rater, case, tuple(int(r) for r in rank(seen))))
    return answers


def ranks_of(utilities: np.ndarray) -> np.ndarray:
    """1 for the largest, and so on."""
    return (-utilities).argsort().argsort() + 1


def plackett_luce(strengths: Sequence[float], rng: np.random.Generator):
    """Who comes first is drawn in proportion to the strengths, then who comes second, and so on (Gumbel's trick)."""
    logs = np.log(strengths)
    return lambda seen: ranks_of(logs[list(seen)] + rng.gumbel(size=len(seen)))


def thurstone(means: Sequence[float], rng: np.random.Generator):
    """Each candidate seems as good as its mean plus normal noise of deviation 1."""
    return lambda seen: ranks_of(np.asarray(means)[list(seen)] + rng.normal(size=len(seen)))


def expected_plackett_luce(strengths: Sequence[float]) -> list[float]:
    """Exact mean ranks, by going through all orders."""
    expected = [0.0] * len(strengths)
    for order in itertools.permutations(range(len(strengths))):
        chance, left = 1.0, sum(strengths)
        for m in order:
            chance *= strengths[m] / left
            left -= strengths[m]
        for rank, m in enumerate(order, 1):
            expected[m] += chance * rank
    return expected


def expected_thurstone(means: Sequence[float]) -> list[float]:
    """Exact mean ranks: 1 and the chance of every rival to seem better, Phi((rival - own) / sqrt 2)."""
    return [
        1 + sum(0.5 * (1 + math.erf((rival - own) / 2)) for j, rival in enumerate(means) if j != i)
        for i, own in enumerate(means)
    ]
