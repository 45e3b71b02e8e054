"""The real widget, clicked without a browser."""

import io

import numpy as np
import pytest
from PIL import Image

from vtonlib.metrics.ranking_study import widget
from vtonlib.metrics.ranking_study.answers import read_rows

from .raters import METHODS, tiny_study

pytest.importorskip("ipywidgets")


@pytest.fixture
def desk(tmp_path):
    return widget._Desk(tiny_study(2), tmp_path / "answers.jsonl")


def begin(desk, name="Ada", resume=False):
    desk.name.value, desk.resume.value = name, resume
    desk.begin.click()


def everything(box):
    """All parts of a widget that are on the page now."""
    yield box
    for child in getattr(box, "children", ()):
        yield from everything(child)


def words(box):
    parts = [(getattr(part, "value", ""), getattr(part, "description", "")) for part in everything(box)]
    return " ".join(text for pair in parts for text in pair if isinstance(text, str))


def test_a_rater_goes_from_the_door_to_thank_you(desk):
    live = desk.box
    assert "Who ranks?" in words(live)
    begin(desk)
    assert "Who ranks?" not in words(live)
    assert "Case 1 of 2" in words(live)
    assert "Which picture shows what the sentence says" in words(live)
    order = [2, 0, 1, 4, 3]
    for number in (1, 2):
        for place in order:
            desk.letters[place].click()
        assert [button.description for button in desk.letters] == [
            "A: 2",
            "B: 3",
            "C: 1 (best)",
            "D: 5 (worst)",
            "E: 4",
        ]
        desk.save.click()
        assert desk.progress.value == number
    assert "Thank you, Ada. All 2 cases are saved" in words(live)
    rows = read_rows(desk.study, desk.file)
    assert [row.ranks for row in rows] == [(2, 3, 1, 5, 4)] * 2
    assert {row.case for row in rows} == {"case0", "case1"}
    desk.back.click()
    assert "Case 2 of 2" in words(live)


def test_the_pictures_are_those_of_the_question_and_nothing_names_a_method(desk):
    begin(desk)
    question = desk.sitting.question
    for shown, pixels in zip(desk.pictures, question.pictures, strict=True):
        assert (np.asarray(Image.open(io.BytesIO(shown.value))) == pixels).all()
    assert question.sentence in words(desk.box)
    assert not any(method in words(desk.box) for method in METHODS)
    assert [button.description for button in desk.letters] == list("ABCDE")


def test_missing_ranks_are_refused_with_a_plain_message(desk):
    begin(desk)
    for place in (0, 1, 3):
        desk.letters[place].click()
    desk.save.click()
    assert "Not saved: C and E still need a rank." in words(desk.box)
    assert not desk.file.exists()
    assert desk.letters[0].description == "A: 1 (best)"
    desk.letters[2].click()
    assert "Not saved" not in words(desk.box)
    desk.clear.click()
    assert [button.description for button in desk.letters] == list("ABCDE")


def test_a_name_that_is_taken_or_empty_stays_at_the_door(desk):
    begin(desk, " ")
    assert "give a name of 1 to 40 characters" in words(desk.box)
    begin(desk)
    for place in range(5):
        desk.letters[place].click()
    desk.save.click()
    second = widget._Desk(desk.study, desk.file)
    begin(second, "ada")
    assert "somebody called &#x27;ada&#x27; has begun already" in words(second.box)
    assert "Who ranks?" in words(second.box)
    begin(second, "ada", resume=True)
    assert "Case 2 of 2" in words(second.box)


def test_going_back_shows_the_case_before_without_ranks(desk):
    begin(desk)
    assert desk.back.disabled
    first = desk.sitting.question.case
    for place in range(5):
        desk.letters[place].click()
    desk.save.click()
    assert not desk.back.disabled
    desk.back.click()
    assert desk.sitting.question.case == first
    assert [button.description for button in desk.letters] == list("ABCDE")


def test_sentences_are_text_and_not_markup(tmp_path):
    study = tiny_study(1, task="a < b?")
    desk = widget._Desk(study, tmp_path / "answers.jsonl")
    begin(desk, "<b>Ada</b>")
    assert "a &lt; b?" in words(desk.box)
    for place in range(5):
        desk.letters[place].click()
    desk.save.click()
    assert "Thank you, &lt;b&gt;Ada&lt;/b&gt;" in words(desk.box)


def test_without_ipywidgets_there_is_no_widget(tmp_path, monkeypatch):
    assert widget.live_study(tiny_study(1), tmp_path / "a.jsonl").children
    monkeypatch.setattr(widget, "find_spec", lambda name: None)
    assert widget.live_study(tiny_study(1), tmp_path / "a.jsonl") is None
