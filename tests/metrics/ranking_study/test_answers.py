"""Answers on disk: rows come back, damage is named with file and line, and one person counts once."""

import json

import pytest

from vtonlib.errors import VtonError
from vtonlib.metrics.ranking_study.answers import Answer, append_answer, complaint, read_rows
from vtonlib.metrics.ranking_study.collect import collect

from .raters import METHODS, tiny_study

STUDY = tiny_study()
GOOD = Answer("Ada", "ada", "case0", (2, 1, 3, 5, 4), 12.5)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "class" / "answers.jsonl"


@pytest.mark.parametrize(
    ("ranks", "said"),
    [
        ((1, 2, 3, 4, 5), None),
        ((1, None, 3, 4, 5), "B still needs a rank"),
        ((None, None, 3, 4, None), "A, B and E still need a rank"),
        ((1, 2, 3, 2, 5), "B and D share rank 2; use each of 1 to 5 once"),
        ((3, 3, 3, 1, 2), "A, B and C share rank 3; use each of 1 to 5 once"),
        ((1, 2, 3, 4, 6), "E has rank 6; use each of 1 to 5 once"),
        ((0, 2, 3, 4, 5), "A has rank 0; use each of 1 to 5 once"),
    ],
)
def test_what_a_rater_is_told(ranks, said):
    assert complaint(ranks) == said


def test_rows_come_back_and_tell_nothing_of_the_methods(path):
    other = Answer("Zoë  \u2028", "zoë", "case1", (5, 4, 3, 2, 1))
    append_answer(STUDY, path, GOOD)
    append_answer(STUDY, path, other)
    assert read_rows(STUDY, path) == [GOOD, Answer("Zoë", "zoë", "case1", (5, 4, 3, 2, 1))]
    text = path.read_text("utf-8")
    assert len(text.rstrip("\n").split("\n")) == 2
    assert json.loads(text.split("\n")[0]) == {
        "study": STUDY.code, "rater": "Ada", "form": "ada", "case": "case0",
        "ranks": {"A": 2, "B": 1, "C": 3, "D": 5, "E": 4}, "seconds": 12.5,
    }  # fmt: skip
    assert not any(method in text for method in METHODS)


def test_a_bad_answer_is_not_written(path):
    with pytest.raises(VtonError, match="case 'case0': A and B share rank 1"):
        append_answer(STUDY, path, Answer("Ada", "ada", "case0", (1, 1, 3, 4, 5)))
    assert not path.exists()


def test_a_row_that_was_cut_off_does_not_swallow_the_next(path):
    append_answer(STUDY, path, GOOD)
    path.write_bytes(path.read_bytes()[:-20])
    append_answer(STUDY, path, GOOD)
    with pytest.raises(VtonError, match=r"answers\.jsonl, line 1: no JSON \(.*\); delete the line"):
        read_rows(STUDY, path)
    path.write_bytes(b"\n".join(path.read_bytes().split(b"\n")[1:]))
    assert read_rows(STUDY, path) == [GOOD]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"rater": 3}, "field 'rater' is missing or damaged; delete the line"),
        ({"rater": " "}, "line 2: rater '': give a name of 1 to 40"),
        ({"case": None}, "field 'case' is missing"),
        ({"case": "case9"}, "field 'case' is 'case9'; study .* has no such case"),
        ({"ranks": [1, 2, 3, 4, 5]}, "field 'ranks' is missing or damaged"),
        ({"ranks": {"A": 1, "B": 2}}, "field 'ranks' is .*; give ABCDE a whole number each"),
        ({"ranks": {"A": 1, "B": 2, "C": 3, "D": 4, "E": 5.0}}, "give ABCDE a whole number each"),
        ({"ranks": {"A": True, "B": 2, "C": 3, "D": 4, "E": 5}}, "give ABCDE a whole number each"),
        ({"ranks": {"A": 1, "B": 2, "C": 3, "D": 3, "E": 5}}, "field 'ranks': C and D share rank 3"),
        ({"seconds": -1}, "field 'seconds' is -1; give a number or null"),
        ({"study": "0" * 12}, f"answers study 000000000000, but this is study {STUDY.code}; read it with its own"),
    ],
)
def test_a_damaged_row_is_named_with_file_line_and_field(path, change, named):
    append_answer(STUDY, path, GOOD)
    row = json.loads(path.read_text()) | change
    with path.open("a") as file:
        file.write(json.dumps(row) + "\n")
    with pytest.raises(VtonError, match=rf"answers\.jsonl, line 2: .*{named.removeprefix('line 2: ')}"):
        read_rows(STUDY, path)


@pytest.mark.parametrize("line", ["[1, 2]", "3", '"text"'])
def test_json_that_is_no_row_is_named_too(path, line):
    append_answer(STUDY, path, GOOD)
    path.write_text(f"\n{line}\n{path.read_text()}")
    with pytest.raises(VtonError, match="line 2: field 'study' is missing"):
        read_rows(STUDY, path)


def test_answers_to_other_pictures_are_refused(path):
    append_answer(STUDY, path, GOOD)
    with pytest.raises(VtonError, match=rf"line 1: answers study {STUDY.code}, but this is study "):
        collect(tiny_study(seed=8), [path])


def test_the_last_answer_to_a_case_counts_and_this_is_said(path):
    late = Answer("ADA", "ada", "case0", (1, 2, 3, 4, 5))
    between = Answer("Ben", "ben", "case0", (5, 4, 3, 2, 1))
    for answer in (GOOD, between, late):
        append_answer(STUDY, path, answer)
    found = collect(STUDY, [path, path])
    assert found.answers == (between, late)
    assert found.remarks == (f"{path}: rater 'ADA' answered case 'case0' twice; the last counts",)


def test_one_name_in_two_files_is_refused(path):
    append_answer(STUDY, path, GOOD)
    append_answer(STUDY, path.with_name("second.jsonl"), Answer("ada", "ada", "case1", (1, 2, 3, 4, 5)))
    with pytest.raises(
        VtonError, match=r"second\.jsonl: rater 'ada' is in .*answers\.jsonl too; rename one of the two"
    ):
        collect(STUDY, [path, path.with_name("second.jsonl")])


def test_one_name_with_two_forms_is_refused(path):
    append_answer(STUDY, path, GOOD)
    append_answer(STUDY, path, Answer("Ada", "P1", "case1", (1, 2, 3, 4, 5)))
    with pytest.raises(VtonError, match="rater 'Ada' has forms 'ada' and 'P1'; rename one if they are two people"):
        collect(STUDY, [path])


def test_a_renamed_rater_keeps_the_letters_that_were_seen(path):
    """Renaming one of two people must not change what they ranked: the form stays."""
    append_answer(STUDY, path, GOOD)
    path.write_text(path.read_text().replace('"Ada"', '"Ada of row two"'))
    assert [answer.form for answer in collect(STUDY, [path]).answers] == ["ada"]


def test_a_file_that_is_missing_is_named(path):
    with pytest.raises(VtonError, match=r"answers\.jsonl: no answers can be read"):
        read_rows(STUDY, path)
