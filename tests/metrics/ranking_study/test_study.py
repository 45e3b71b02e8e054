"""What is asked: orders that are mixed, repeatable and blind, and a code that changes with every part of a study."""

import itertools
from collections import Counter

import numpy as np
import pytest
import torch
from scipy.stats import chisquare

from vtonlib.errors import VtonError
from vtonlib.metrics.ranking_study.study import make_study
from vtonlib.metrics.ranking_study.study_file import read_study, save_study

from .raters import METHODS, method_of, tiny_study


def test_the_picture_under_a_letter_is_of_the_method_that_the_order_names():
    study = tiny_study()
    for form, case in itertools.product(("Ada", "Ben", "P1"), study.cases):
        question = study.question(form, case)
        assert [METHODS[method_of(picture)] for picture in question.pictures] == list(question.order)
        assert study.cases[question.number - 1] == case
        assert question.pictures[0].flat[0] % 20 == question.number - 1
        assert question.sentence == f"sentence {question.number - 1}"


def test_the_rule_is_pinned():
    """Answers name letters only, so a rule that changed would turn old answers into nonsense."""
    study = tiny_study()
    assert "".join(str(METHODS.index(method)) for method in study.order("Ada", "case0")) == "02134"
    assert study.code == "20773d213917"


def test_every_order_is_equally_likely():
    study = tiny_study(1, methods=METHODS[:3])
    counts = Counter(study.order(f"rater {n}", "case0") for n in range(1200))
    assert len(counts) == 6
    assert chisquare(list(counts.values())).pvalue > 0.01


def test_orders_depend_on_seed_form_and_case():
    one = [tiny_study(40).order("Ada", f"case{n}") for n in range(40)]
    for other in (
        [tiny_study(40).order("Ben", f"case{n}") for n in range(40)],
        [tiny_study(40, seed=8).order("Ada", f"case{n}") for n in range(40)],
        one[1:] + one[:1],
    ):
        assert sum(a == b for a, b in zip(one, other, strict=True)) < 5  # a hundred and twentieth of 40 by chance
    assert one == [tiny_study(40).order(" ADA ", f"case{n}") for n in range(40)]


def test_cases_are_mixed_on_the_screen():
    study = tiny_study(10)
    orders = {study.case_order(name) for name in ("Ada", "Ben", "Chi")}
    assert len(orders) == 3
    assert all(sorted(order) == sorted(study.cases) for order in orders)


def test_the_code_changes_with_every_part():
    pictures = {method: torch.zeros(2, 3, 4, 3) for method in ("a", "b")}
    words = {"x": "one", "y": "two"}
    code = make_study(pictures, words, 0).code
    assert make_study({m: p.clone() for m, p in pictures.items()}, dict(words), 0).code == code
    changed = torch.zeros(2, 3, 4, 3)
    changed[1, 2, 3, 2] = 0.01
    others = [
        make_study(pictures, words, 1).code,
        make_study(pictures, words, 0, task="Which is sharper?").code,
        make_study(pictures, {"x": "one", "z": "two"}, 0).code,
        make_study(pictures, {"x": "one", "y": "three"}, 0).code,
        make_study({"a": pictures["a"], "c": pictures["b"]}, words, 0).code,
        make_study({"a": pictures["a"], "b": changed}, words, 0).code,
    ]
    assert len({code, *others}) == 7


@pytest.mark.parametrize(
    ("candidates", "sentences", "named"),
    [
        ({"a": torch.zeros(1, 3, 2, 2)}, {"x": ""}, "candidates: 1 methods; a study compares 2 to 10"),
        ({"a": torch.zeros(0, 3, 2, 2), "b": torch.zeros(0, 3, 2, 2)}, {}, "sentences: there is no case"),
        ({"a": torch.zeros(1, 3, 2, 2), "b": torch.zeros(2, 3, 2, 2)}, {"x": ""},
         r"candidates\['b'\] are \(2, 3, 2, 2\); 1 cases need \(1, 3, 2, 2\)"),
        ({"a": torch.zeros(1, 3, 2, 2), "b": torch.full((1, 3, 2, 2), 1.5)}, {"x": ""}, r"\['b'\]: holds 1.5; give"),
        ({"a": torch.zeros(1, 3, 2, 2), "b": torch.full((1, 3, 2, 2), torch.nan)}, {"x": ""}, r"\['b'\]: holds nan"),
    ],
)  # fmt: skip
def test_candidates_that_do_not_fit_are_refused(candidates, sentences, named):
    with pytest.raises(VtonError, match=named):
        make_study(candidates, sentences, 0)


def test_a_case_that_is_not_there():
    with pytest.raises(VtonError, match=r"case 'x': study \w{12} has case0, case1"):
        tiny_study(2).question("Ada", "x")


def test_a_study_survives_the_disk(tmp_path):
    study = tiny_study(task="Which is „nicer“?")
    save_study(study, tmp_path / "new" / "study.npz")
    again = read_study(tmp_path / "new" / "study.npz")
    assert again.code == study.code
    assert (again.methods, again.cases, again.sentences, again.seed, again.task) == (
        study.methods, study.cases, study.sentences, study.seed, study.task,
    )  # fmt: skip
    assert (again.pictures == study.pictures).all()


def test_a_study_file_that_is_missing_damaged_or_changed_is_refused(tmp_path):
    path = tmp_path / "study.npz"
    with pytest.raises(VtonError, match=r"study\.npz: no ranking study can be read"):
        read_study(path)
    save_study(tiny_study(), path)
    whole = path.read_bytes()
    with np.load(path) as stored:
        parts = dict(stored)
    for broken in (b"", b"answers", whole[: len(whole) // 2], b"x" * 40 + whole[40:]):
        path.write_bytes(broken)
        with pytest.raises(VtonError, match=r"study\.npz: no ranking study can be read"):
            read_study(path)
    np.savez(path, words=parts["words"])
    with pytest.raises(VtonError, match="no ranking study can be read"):
        read_study(path)
    parts["pictures"][0, 0, 0, 0, 0] ^= 1
    np.savez(path, **parts)
    with pytest.raises(VtonError, match=rf"holds study \w{{12}}, not {tiny_study().code} as it says"):
        read_study(path)
