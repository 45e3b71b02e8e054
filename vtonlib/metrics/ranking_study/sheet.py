"""The ranking study on paper: pages with pictures under letters and boxes to write ranks into, in black ink on white.

A page says nothing about what stands behind a letter; the key is a file of its own, :func:`write_key`.
"""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from vtonlib import viz
from vtonlib.data.atomic import write_atomically
from vtonlib.errors import VtonError
from vtonlib.metrics.ranking_study.study import Question, Study

TALLEST = 10.2
"""Inches: with the width of the book's figures a page fits on A4 and on US Letter at its actual size."""
PRINT_DPI = 150
HEAD, FOOT = 1.18, 0.28
GAP = 0.1
LINE = 0.2
ANSWER = 0.52
"""Inches below a picture, for its letter and its box."""
BOX = 0.38
CHARACTERS = 76
"""Of a sentence on one line."""


@dataclass(frozen=True)
class Page:
    """A page of a form.

    Attributes:
        figure: to be shown with :func:`vtonlib.viz.show`.
        alt: what the page is, for readers who do not see it; as blind as the page.
    """

    figure: Figure
    alt: str


def draw_pages(study: Study, form: str, columns: int | None = None, cases: Sequence[str] | None = None) -> list[Page]:
    """Draw the pages of a form, as many cases on each as fit.

    Args:
        study: what is asked.
        form: which mix of the letters, a short name such as P1; raters with one form see one mix.
        columns: pictures side by side; by default all of a case, but not more than five. Three are for phones.
        cases: names of those to draw, by default all. They keep their numbers.

    Raises:
        VtonError: if the form has no name, a case is unknown, or a single case is too tall for a page.
    """
    if not form.strip():
        raise VtonError("form: give it a short name such as P1")
    questions = [study.question(form, case) for case in (study.cases if cases is None else cases)]
    columns = columns or min(len(study.methods), 5)
    tall = max(_height(question, columns) for question in questions)
    head = HEAD + LINE * (len(_task_lines(study)) - 1)
    fit = int((TALLEST - head - FOOT) / tall)
    if not fit:
        raise VtonError(f"columns is {columns}: a case would be {tall:.1f} inches tall; put more pictures side by side")
    groups = [questions[start : start + fit] for start in range(0, len(questions), fit)]
    height = head + FOOT + tall * len(groups[0])
    pages: list[Page] = []
    for number, group in enumerate(groups, 1):
        figure, page = _blank(height)
        _head(page, study, form, f"page {number} of {len(groups)}")
        for place, question in enumerate(group):
            _case(page, study, question, head + place * tall, columns)
        numbers = ", ".join(str(question.number) for question in group)
        pages.append(
            Page(
                figure,
                f"Sheet {form} of a ranking study, page {number} of {len(groups)}: case {numbers}; each has "
                f"a sentence, {len(study.methods)} pictures lettered {study.letters[0]} to {study.letters[-1]}, and an "
                f"empty box for the rank of each.",
            )
        )
    return pages


def write_pdf(study: Study, forms: Sequence[str], path: Path) -> int:
    """Write all pages of all forms into one PDF, form after form, and return their number.

    Args:
        study: what is asked.
        forms: names of the forms; one for every rater is best, copies of a few will do.
        path: of the PDF.

    Raises:
        VtonError: as :func:`draw_pages`.
        OSError: if the file cannot be written.
    """
    buffer, count = io.BytesIO(), 0
    with PdfPages(buffer, metadata={"Title": f"Ranking study {study.code}", "CreationDate": None}) as pdf:
        for form in forms:
            for page in draw_pages(study, form):
                pdf.savefig(page.figure, dpi=PRINT_DPI)
                plt.close(page.figure)
                count += 1
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, buffer.getvalue())
    return count


def write_key(study: Study, forms: Sequence[str], path: Path) -> None:
    """Write what stands behind the letters of each form, as CSV; keep it away from raters.

    Nothing needs it: the answers are decoded with the study itself. It is for people who want to look.

    Raises:
        OSError: if the file cannot be written.
    """
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("study", "form", "case", *study.letters))
    for form in forms:
        for number, case in enumerate(study.cases, 1):
            rows.writerow((study.code, form, number, *study.order(form, case)))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, text.getvalue().encode("utf-8-sig"))


def _cell(columns: int) -> float:
    """Width of a picture in inches."""
    return (viz.WIDTH - 2 * GAP - (columns - 1) * GAP) / columns


def _task_lines(study: Study) -> list[str]:
    return textwrap.wrap(study.task, CHARACTERS) or [""]


def _lines(question: Question) -> list[str]:
    return textwrap.wrap(f"{question.number}.  “{question.sentence}”", CHARACTERS)


def _height(question: Question, columns: int) -> float:
    count, height, width = question.pictures.shape[:3]
    row = _cell(columns) * float(height / width) + ANSWER
    return LINE * len(_lines(question)) + -(-int(count) // columns) * row + 0.14


def _blank(height: float) -> tuple[Figure, Axes]:
    """An empty page; x and y are inches from its upper left corner."""
    figure = plt.figure(figsize=(viz.WIDTH, height), layout="none", facecolor="white")
    figure.suppressComposite = True  # pictures side by side stay small; one as large as the page would not
    page = figure.add_axes((0, 0, 1, 1))
    page.set_axis_off()
    page.set(xlim=(0, viz.WIDTH), ylim=(height, 0), autoscale_on=False)
    return figure, page


def _head(page: Axes, study: Study, form: str, place: str) -> None:
    last = len(study.methods)
    page.text(GAP, 0.3, f"Sheet {form}", fontsize=15, fontweight="bold")
    page.text(viz.WIDTH - GAP, 0.3, "Name (invented): ______________________", ha="right", fontsize=11)
    down = 0.62
    for line in _task_lines(study):
        page.text(GAP, down, line, fontsize=11.5)
        down += LINE
    rule = f"Write 1 under the best and {last} under the worst, and use each number from 1 to {last} once."
    page.text(GAP, down + 0.04, rule, fontsize=10.5)
    page.text(GAP, page.get_ylim()[0] - 0.1, f"study {study.code} · sheet {form} · {place}", fontsize=9)


def _case(page: Axes, study: Study, question: Question, down: float, columns: int) -> None:
    """Draw a case whose first line of text stands ``down`` inches below the page's upper edge."""
    for line in _lines(question):
        page.text(GAP, down, line, fontsize=11, fontweight="bold")
        down += LINE
    cell = _cell(columns)
    tall = cell * question.pictures.shape[1] / question.pictures.shape[2]
    for place, (letter, pixels) in enumerate(zip(study.letters, question.pictures, strict=True)):
        left = GAP + (place % columns) * (cell + GAP)
        top = down - 0.1 + (place // columns) * (tall + ANSWER)
        page.imshow(pixels, extent=(left, left + cell, top + tall, top), aspect="auto", interpolation="bicubic")
        page.add_patch(Rectangle((left, top), cell, tall, fill=False, edgecolor=viz.INK, linewidth=0.6))
        middle, below = left + cell / 2, top + tall + 0.07
        page.text(middle - 0.08, below + 0.27, letter, ha="right", fontsize=17, fontweight="bold")
        page.add_patch(Rectangle((middle + 0.04, below), BOX, BOX, fill=False, edgecolor=viz.INK, linewidth=1.3))
