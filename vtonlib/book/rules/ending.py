"""How a chapter ends: a summary, an honest comparison, exercises with solutions, and references."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from vtonlib.book.document import Chapter, source, tags
from vtonlib.book.rules.cells import asserts
from vtonlib.book.rules.opening import section

EXERCISES, CITATIONS = 3, 3
NOT_DONE = "What the paper did that we do not"

_EXERCISE = re.compile(r"\{exercise(?:-start)?\}[^\n]*\n((?:\s*:[\w-]+:[^\n]*\n)*)")
_SOLUTION = re.compile(r"\{solution(?:-start)?\}\s*(\S+)[^\n]*\n((?:\s*:[\w-]+:[^\n]*\n)*)")
_LABEL = re.compile(r":label:\s*(\S+)")
_CITE = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")


def sections(chapter: Chapter) -> list[str]:
    """The chapter has a summary and says what the paper did that it does not."""
    prose = chapter.prose()
    wanted = {"Summary": "Summary", NOT_DONE: "What the papers? did that we do not"}
    return [
        f"has no section '{name}' with text in it"
        for name, pattern in wanted.items()
        if not (section(prose, pattern) or "").strip()
    ]


def exercises(chapter: Chapter) -> list[str]:
    """At least 3 labelled exercises, each with a folded solution, and blocks that are closed."""
    prose = chapter.prose()
    labels = [label for _, label in _exercise_cells(chapter)]
    solved = dict(_SOLUTION.findall(prose))
    faults = [] if len(labels) >= EXERCISES else [f"has {len(labels)} exercises, there must be {EXERCISES}"]
    for label in labels:
        if not label:
            faults.append("an exercise has no :label:")
        elif label not in solved:
            faults.append(f"exercise {label} has no solution")
        elif "dropdown" not in solved[label]:
            faults.append(f"the solution of {label} is not folded; give it ':class: dropdown'")
    for kind in ("exercise", "solution"):
        starts, ends = prose.count(f"{{{kind}-start}}"), prose.count(f"{{{kind}-end}}")
        if starts != ends:
            faults.append(f"{starts} {kind}-start blocks but {ends} {kind}-end blocks")
    return faults


def self_checks(chapter: Chapter) -> list[str]:
    """After each exercise, before the next, a cell tagged ``self-check`` asserts something."""
    cells = _exercise_cells(chapter)
    stops = [i for i, _ in cells[1:]] + [len(chapter.cells)]
    checks = [i for i, c in chapter.tagged("self-check") if c["cell_type"] == "code" and asserts(c)]
    faults = [f"cell {i}: is tagged 'self-check' but asserts nothing" for i in _idle_checks(chapter)]
    return faults + [
        f"exercise {label or f'in cell {start}'} has no self-check cell of its own"
        for (start, label), stop in zip(cells, stops, strict=True)
        if not any(start < i < stop for i in checks)
    ]


def citations(chapter: Chapter) -> list[str]:
    """At least 3 works are cited, and every key is in book/references.bib."""
    keys = {k.strip() for group in _CITE.findall(chapter.prose()) for k in group.split(",")}
    known = bib_keys(chapter.root / "book" / "references.bib")
    faults = [f"cites {key!r}, which book/references.bib does not have" for key in sorted(keys - known)]
    if len(keys & known) < CITATIONS:
        faults.append(f"cites {len(keys & known)} works of book/references.bib, there must be {CITATIONS}")
    return faults


def references(chapter: Chapter) -> list[str]:
    """The last section is called References and cites something."""
    prose = chapter.prose()
    headings = re.findall(r"^#{1,6}\s+(.+?)\s*$", prose, re.M)
    if not headings or headings[-1] != "References":
        return ["the last section is not 'References'"]
    text = section(prose, "References") or ""
    cited = _CITE.search(text) or "{bibliography}" in text
    return [] if cited else ["the section 'References' cites nothing"]


@lru_cache
def bib_keys(file: Path) -> frozenset[str]:
    """The keys of a BibTeX file; none if there is no such file."""
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    return frozenset(key.strip() for key in re.findall(r"^\s*@\w+\s*\{([^,\s]+)\s*,", text, re.M))


def _exercise_cells(chapter: Chapter) -> list[tuple[int, str]]:
    """Position and label of every exercise."""
    found = []
    for i, cell in enumerate(chapter.cells):
        if cell["cell_type"] == "markdown":
            for options in _EXERCISE.findall(source(cell)):
                label = _LABEL.search(options)
                found.append((i, label.group(1) if label else ""))
    return found


def _idle_checks(chapter: Chapter) -> list[int]:
    return [i for i, cell in chapter.code() if "self-check" in tags(cell) and not asserts(cell)]
