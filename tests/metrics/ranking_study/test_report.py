"""The result on the page: nothing before anybody has ranked, and all of it after."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from vtonlib import notebook, viz
from vtonlib.metrics.ranking_study.answers import Answer, append_answer
from vtonlib.metrics.ranking_study.report import alt_of, draw_mean_ranks, show_result
from vtonlib.metrics.score import Score

from .raters import METHODS, answer_all, thurstone, tiny_study


@pytest.fixture
def said(monkeypatch):
    lines: list[str] = []
    monkeypatch.setattr(notebook, "display", lambda markdown: lines.append(markdown.data))
    monkeypatch.setattr(viz, "display", lambda data, raw, metadata: lines.append(metadata["image/png"]["alt"]))
    with mpl.rc_context():
        yield lines
    plt.close("all")


def test_without_answers_no_figure_is_printed(said, tmp_path):
    study = tiny_study()
    show_result(study, [tmp_path / "answers.jsonl"], torch.Generator())
    assert said == [f"*Nobody has answered study {study.code} yet, so there is no figure to print.*"]


def test_after_class_table_figure_and_remarks_are_there(said, tmp_path):
    study = tiny_study(6)
    behaviour = thurstone((3, 2, 1, 0, -1), np.random.default_rng(0))
    path = tmp_path / "answers.jsonl"
    for name in ("Ada", "Ben", "Chi"):
        for answer in answer_all(study, name, behaviour):
            append_answer(study, path, Answer(answer.rater, answer.form, answer.case, answer.ranks, 20))
    append_answer(study, path, answer_all(study, "Ada", behaviour)[0])
    show_result(study, [path, tmp_path / "none.csv"], torch.Generator().manual_seed(0))
    table, settings, alt, asides = said
    methods = [line.split("|")[1].strip() for line in table.splitlines()[2:]]
    assert methods == [method.replace("_", " ") for method in METHODS]
    assert "mean rank of 5, 1 is best, 3 raters, 6 cases, 18 answers" in settings
    assert alt.startswith("Dots with intervals on a scale from 1 to 5, best on top: original 1.")
    assert "By letter, whatever stood there: A " in asides
    assert "Friedman's test, p-value" in asides
    assert "A case took 20 seconds on the screen (median of 17 answers)" in asides
    assert "rater 'Ada' answered case 'case0' twice; the last counts" in asides


def test_one_rater_gets_means_without_intervals(said, tmp_path):
    study = tiny_study(2)
    for answer in answer_all(study, "Ada", lambda seen: [m + 1 for m in seen]):
        append_answer(study, tmp_path / "a.jsonl", answer)
    show_result(study, [tmp_path / "a.jsonl"], torch.Generator())
    assert "| original | 1 | 1 |" in said[0]
    assert "No test of all methods at once. Friedman's test: needs 3 methods and 2 raters, got 5, 1." in said[-1]


def test_the_figure_shows_each_mean_at_its_place_with_the_best_on_top():
    means = {"b": Score(2.5, "", (2.0, 3.0)), "a_b": Score(1.5, "")}
    axes = draw_mean_ranks(means).axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["b", "a b"]
    dots = {(line.get_xdata()[0], line.get_ydata()[0]) for line in axes.lines if line.get_marker() == "o"}
    assert dots == {(2.5, 0), (1.5, 1)}
    spans = [tuple(line.get_xdata()) for line in axes.lines if line.get_marker() != "o"]
    assert spans == [(1.5, 1.5), (2.0, 3.0)]  # chance, and the one interval
    assert alt_of(means) == "Dots with intervals on a scale from 1 to 2, best on top: a b 1.50, b 2.50."
