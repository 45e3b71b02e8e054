"""The result of a ranking study on the page: a table, a figure, and what was noticed on the way."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure

from vtonlib import viz
from vtonlib.errors import VtonError
from vtonlib.metrics.ranking_study.answers import Answer
from vtonlib.metrics.ranking_study.collect import collect
from vtonlib.metrics.ranking_study.ranks import Over, Ranks, first_shares, friedman, letter_means, mean_ranks, to_ranks
from vtonlib.metrics.ranking_study.study import LETTERS, Study
from vtonlib.metrics.score import Score
from vtonlib.notebook import number, say, table


def show_result(study: Study, files: Sequence[Path], generator: torch.Generator, over: Over = "raters") -> None:
    """Print what a class found, or that nobody has ranked yet.

    Args:
        study: what was asked.
        files: of answers, from the screen and typed in; those that do not exist yet are passed over.
        generator: of the bootstrap's draws.
        over: what the bootstrap draws; see :func:`vtonlib.metrics.ranking_study.ranks.mean_ranks`.

    Raises:
        VtonError: if a file is damaged; see :func:`vtonlib.metrics.ranking_study.collect.collect`.
    """
    found = collect(study, [path for path in files if path.exists()])
    if not found.answers:
        say(f"*Nobody has answered study {study.code} yet, so there is no figure to print.*")
        return
    ranks = to_ranks(study, found.answers)
    means = mean_ranks(ranks, generator, over=over)
    firsts = first_shares(ranks, generator, over=over)
    ordered = sorted(means, key=lambda method: means[method].value)
    table(
        {method: (number(means[method]), number(firsts[method])) for method in ordered},
        ("method", "mean rank, 1 is best [95 % interval]", "share of first places"),
    )
    say(f"*{next(iter(means.values())).settings}.*")
    viz.show(draw_mean_ranks(means), alt_of(means))
    say("\n".join(f"- {line}" for line in (*_asides(ranks, generator), *_pace(found.answers), *found.remarks)))


def draw_mean_ranks(means: Mapping[str, Score]) -> Figure:
    """Mean ranks as dots with their intervals, the best on top; the dashed line is what pure chance gives."""
    ordered = sorted(means, key=lambda method: means[method].value, reverse=True)
    figure, axes = plt.subplots(figsize=(viz.WIDTH, 0.9 + 0.42 * len(ordered)))
    axes.axvline((len(ordered) + 1) / 2, color=viz.GREY, linestyle="--", linewidth=1.2)
    for row, method in enumerate(ordered):
        score = means[method]
        if score.interval:
            axes.plot(score.interval, (row, row), color=viz.BLUE, linewidth=3, solid_capstyle="butt")
        axes.plot(score.value, row, "o", color=viz.BLUE, markersize=9)
        axes.annotate(
            f"{score.value:.2f}",
            (score.value, row),
            (0, 8),
            textcoords="offset points",
            ha="center",
            fontsize=9,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},  # over the dashed line too
        )
    names = [method.replace("_", " ") for method in ordered]
    axes.set(xlim=(0.8, len(ordered) + 0.2), ylim=(-0.5, len(ordered) - 0.3), xlabel="mean rank (1 is best)")
    axes.set_xticks(range(1, len(ordered) + 1))
    axes.set_yticks(range(len(ordered)), names)
    return figure


def alt_of(means: Mapping[str, Score]) -> str:
    """The figure of :func:`draw_mean_ranks` in words."""
    ordered = sorted(means, key=lambda method: means[method].value)
    said = ", ".join(f"{method.replace('_', ' ')} {means[method].value:.2f}" for method in ordered)
    return f"Dots with intervals on a scale from 1 to {len(ordered)}, best on top: {said}."


def _asides(ranks: Ranks, generator: torch.Generator) -> list[str]:
    letters = letter_means(ranks, generator)
    by_place = ", ".join(f"{letter} {number(score)}" for letter, score in zip(LETTERS, letters, strict=False))
    lines = [f"By letter, whatever stood there: {by_place}. Far from {(len(letters) + 1) / 2:g}, raters went by place."]
    try:
        test = friedman(ranks)
    except VtonError as error:
        return [*lines, f"No test of all methods at once. {error}."]
    return [*lines, f"{test.settings}: {test.value:.3g}."]


def _pace(answers: Sequence[Answer]) -> list[str]:
    seconds = [answer.seconds for answer in answers if answer.seconds is not None]
    if not seconds:
        return []
    return [f"A case took {statistics.median(seconds):.0f} seconds on the screen (median of {len(seconds)} answers)."]
