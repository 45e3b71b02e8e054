"""The printed sheet: blind, complete, on the page, and with a key that agrees with it."""

import csv
import itertools

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Rectangle

from vtonlib import viz
from vtonlib.errors import VtonError
from vtonlib.metrics.ranking_study import sheet

from .raters import METHODS, method_of, tiny_study


@pytest.fixture(autouse=True)
def _own_style():
    with mpl.rc_context():
        viz.use_style()
        yield
    plt.close("all")


def words(page):
    return [text.get_text() for text in page.figure.axes[0].texts]


def pictures(page):
    return page.figure.axes[0].images


def boxes(page):
    """The boxes to write into, which are square and as large as the sheet says."""
    frames = [patch for patch in page.figure.axes[0].patches if isinstance(patch, Rectangle)]
    return [frame for frame in frames if (frame.get_width(), frame.get_height()) == (sheet.BOX, sheet.BOX)]


def test_every_case_has_its_sentence_pictures_letters_and_boxes():
    study = tiny_study(9)
    pages = sheet.draw_pages(study, "P1")
    numbers = iter(range(1, 10))
    for page in pages:
        cases = len(pictures(page)) // 5
        assert len(boxes(page)) == 5 * cases
        assert [text for text in words(page) if text in "ABCDE"] == list("ABCDE") * cases
        for at in range(cases):
            number = next(numbers)
            assert f"{number}.  “sentence {number - 1}”" in words(page)
            question = study.question("P1", f"case{number - 1}")
            for image, pixels in zip(pictures(page)[5 * at : 5 * at + 5], question.pictures, strict=True):
                assert (np.asarray(image.get_array()) == pixels).all()
    assert next(numbers, None) is None
    assert f"study {study.code} · sheet P1 · page 2 of {len(pages)}" in words(pages[1])
    assert "Write 1 under the best and 5 under the worst, and use each number from 1 to 5 once." in words(pages[0])


def test_the_sheet_and_its_alt_text_are_blind():
    for page in sheet.draw_pages(tiny_study(2), "P1"):
        assert not any(method in text for text in (*words(page), page.alt) for method in METHODS)
    assert page.alt == (
        "Sheet P1 of a ranking study, page 1 of 1: case 1, 2; each has a sentence, 5 pictures lettered A to E, and an "
        "empty box for the rank of each."
    )


@pytest.mark.parametrize(
    ("size", "columns", "long"),
    [((4, 3), None, 1), ((8, 8), None, 1), ((4, 3), 3, 1), ((8, 8), 3, 1), ((4, 4), None, 30)],
)
def test_nothing_overlaps_or_leaves_the_page(size, columns, long):
    study = tiny_study(4, size=size, task="Which one is best? " * long)
    for page in sheet.draw_pages(study, "P1", columns)[:1]:
        figure = page.figure
        figure.canvas.draw()
        width, height = figure.get_size_inches() * figure.dpi
        assert figure.get_figheight() <= sheet.TALLEST + 1e-6
        placed = [artist.get_window_extent() for artist in (*figure.axes[0].texts, *boxes(page), *pictures(page))]
        assert min(min(box.x0, box.y0) for box in placed) >= 0
        assert max(box.x1 for box in placed) <= width
        assert max(box.y1 for box in placed) <= height
        for one, other in itertools.combinations(placed, 2):
            over = min(one.x1, other.x1) - max(one.x0, other.x0), min(one.y1, other.y1) - max(one.y0, other.y0)
            assert min(over) <= 1, (one, other)
        drawn = pictures(page)[0].get_window_extent()
        assert drawn.height / drawn.width == pytest.approx(size[0] / size[1], rel=0.01)


def test_two_forms_mix_the_letters_differently():
    def seen(form):
        pages = sheet.draw_pages(tiny_study(2), form)
        return [method_of(np.asarray(image.get_array())) for page in pages for image in pictures(page)]

    assert seen("P1") != seen("P2")
    assert sorted(seen("P1")) == sorted(seen("P2"))


def test_chosen_cases_keep_their_numbers():
    (page,) = sheet.draw_pages(tiny_study(9), "P1", cases=["case4", "case7"])
    assert [text for text in words(page) if "“" in text] == ["5.  “sentence 4”", "8.  “sentence 7”"]
    assert "case 5, 8;" in page.alt


def test_ten_square_cases_take_three_pages_and_four_take_one():
    assert len(sheet.draw_pages(tiny_study(4, size=(4, 4)), "P1")) == 1
    assert len(sheet.draw_pages(tiny_study(10, size=(4, 4)), "P1")) == 3


def test_the_pdf_holds_every_page_of_every_form_and_is_repeatable(tmp_path):
    paths = tmp_path / "new" / "a.pdf", tmp_path / "b.pdf"
    for path in paths:
        assert sheet.write_pdf(tiny_study(2, methods=METHODS[:2], size=(2, 5)), ["P1", "P2"], path) == 2
    data = paths[0].read_bytes()
    assert data == paths[1].read_bytes()
    assert data.startswith(b"%PDF")
    assert data.count(b"/Type /Page ") == 2
    assert not plt.get_fignums()
    assert not any(method.encode() in data for method in METHODS)


def test_the_key_names_what_is_on_the_sheet(tmp_path):
    study = tiny_study(3)
    sheet.write_key(study, ["P1", "P2"], tmp_path / "key.csv")
    with (tmp_path / "key.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 6
    for row in rows:
        question = study.question(row["form"], study.cases[int(row["case"]) - 1])
        assert [row[letter] for letter in "ABCDE"] == [METHODS[method_of(p)] for p in question.pictures]
        assert row["study"] == study.code


def test_what_cannot_be_printed_is_said():
    with pytest.raises(VtonError, match="form: give it a short name such as P1"):
        sheet.draw_pages(tiny_study(1), " ")
    with pytest.raises(VtonError, match=r"columns is 1: a case would be \d+\.\d inches tall; put more pictures"):
        sheet.draw_pages(tiny_study(1), "P1", columns=1)
