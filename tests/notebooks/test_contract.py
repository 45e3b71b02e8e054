"""Every notebook of the book keeps the contract; ``tests/book_tools/test_rules.py`` proves that each rule can fail."""

from pathlib import Path

import pytest

from vtonlib.book.contract import RULES
from vtonlib.book.document import find, read
from vtonlib.book.rules.outputs import figure_names_unique

CHAPTERS = [read(path) for path in find([], Path(__file__).resolve().parents[2] / "notebooks")]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.path.stem)
def test_rule(chapter, rule):
    faults = rule(chapter)
    assert not faults, f"{rule.__doc__}\n" + "\n".join(f"{chapter.path.name}: {fault}" for fault in faults)


def test_figure_names_are_unique():
    faults = figure_names_unique(CHAPTERS)
    assert not faults, "\n".join(faults)


def test_chapters_have_different_numbers():
    numbers = [chapter.path.stem[:2] for chapter in CHAPTERS]
    assert sorted(set(numbers)) == sorted(numbers)
