"""What a chapter's cells must be: run in order, short, introduced by prose, and checked."""

from __future__ import annotations

import ast
import re
from statistics import median

from vtonlib.book.document import Cell, Chapter, source, tags

LONGEST, MEDIAN = 40, 10
CHECKED = 3
KNOWN_TAGS = frozenset(
    {
        "parameters",
        "bootstrap",
        "nbval-check-output",
        "quality-bar",
        "self-check",
        "continues",
        "hide-input",
        "hide-output",
        "hide-cell",
        "remove-input",
        "remove-output",
        "remove-cell",
    }
)
"""Every tag that means something to the book or its tests: a mistyped one would silently check nothing."""

_DEPENDS = re.compile(r"\bPROFILE\b|\brun\.|\bbudgets?\b")


def known_tags(chapter: Chapter) -> list[str]:
    """Every tag is one that the tools know."""
    return [
        f"cell {i}: unknown tag {tag!r}"
        for i, cell in enumerate(chapter.cells)
        for tag in tags(cell)
        if tag not in KNOWN_TAGS
    ]


def executed(chapter: Chapter) -> list[str]:
    """Every code cell was executed, in order, in a fresh kernel."""
    counts = [cell.get("execution_count") for _, cell in chapter.code()]
    if not counts:
        return ["has no code cell"]
    missing = [i for i, cell in chapter.code() if cell.get("execution_count") is None]
    if missing:
        return [f"cell {i}: has no execution count, so nbval would compare nothing" for i in missing]
    if counts != list(range(1, len(counts) + 1)):
        return [f"the execution counts are {counts}, not 1 to {len(counts)} in order"]
    return []


def length(chapter: Chapter) -> list[str]:
    """No code cell is longer than 40 lines, and the median is at most 10."""
    lines = {i: len(source(cell).splitlines()) for i, cell in chapter.code()}
    faults = [f"cell {i}: has {n} lines of code, at most {LONGEST}" for i, n in lines.items() if n > LONGEST]
    if lines and median(lines.values()) > MEDIAN:
        faults.append(f"the median code cell has {median(lines.values())} lines, at most {MEDIAN}")
    return faults


def prose_between(chapter: Chapter) -> list[str]:
    """Markdown stands before every code cell, except one tagged ``continues``."""
    return [
        f"cell {i}: follows another code cell without a word between; explain it, or tag it 'continues'"
        for i, cell in chapter.code()
        if i and chapter.cells[i - 1]["cell_type"] == "code" and "continues" not in tags(cell)
    ]


def nothing_empty(chapter: Chapter) -> list[str]:
    """No cell is empty."""
    return [f"cell {i}: is empty" for i, cell in enumerate(chapter.cells) if not source(cell).strip()]


def checked_outputs(chapter: Chapter) -> list[str]:
    """At least 3 cells are tagged ``nbval-check-output``, each with text that no profile changes."""
    cells = chapter.tagged("nbval-check-output")
    faults = []
    if len(cells) < CHECKED:
        faults.append(f"{len(cells)} cells are tagged 'nbval-check-output', there must be {CHECKED}")
    for i, cell in cells:
        if not any(map(_has_text, cell.get("outputs", []))):
            faults.append(f"cell {i}: has no text in its outputs, so nbval would compare nothing")
        if found := _DEPENDS.search(source(cell)):
            faults.append(f"cell {i}: its output is checked, so it must not depend on {found.group()!r}")
    return faults


def quality_bar(chapter: Chapter) -> list[str]:
    """A cell tagged ``quality-bar`` asserts that a ``held_out`` name beats a ``baseline`` name."""
    cells = chapter.tagged("quality-bar")
    if not cells:
        return ["no cell is tagged 'quality-bar'"]
    faults = [f"cell {i}: is tagged 'quality-bar' but asserts nothing" for i, c in cells if not asserts(c)]
    if not any(_beats_baseline(a) for _, cell in cells for a in asserts(cell)):
        faults.append("no 'quality-bar' cell asserts that a 'held_out' name is < or > a 'baseline' name")
    return faults


def asserts(cell: Cell) -> list[ast.Assert]:
    """The assert statements of a code cell; none if it does not parse."""
    try:
        tree = ast.parse(source(cell))
    except SyntaxError:
        return []
    return [node for node in ast.walk(tree) if isinstance(node, ast.Assert)]


def _has_text(output: dict[str, object]) -> bool:
    if output["output_type"] == "stream":
        return bool(output.get("text"))
    data = output.get("data")
    return isinstance(data, dict) and not any(mime.startswith("image/") for mime in data)


def _beats_baseline(statement: ast.Assert) -> bool:
    """Whether an assert compares, by order, something held out with some baseline."""
    order = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
    for node in ast.walk(statement.test):
        if isinstance(node, ast.Compare) and any(isinstance(op, order) for op in node.ops):
            sides = [" ".join(_names(side)) for side in (node.left, *node.comparators)]
            held = {i for i, words in enumerate(sides) if "held_out" in words}
            base = {i for i, words in enumerate(sides) if "baseline" in words}
            if any(i != j for i in held for j in base):
                return True
    return False


def _names(side: ast.expr) -> list[str]:
    """Identifiers, attributes and string keys of an expression."""
    words = []
    for node in ast.walk(side):
        if isinstance(node, ast.Name):
            words.append(node.id)
        elif isinstance(node, ast.Attribute):
            words.append(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            words.append(node.value)
    return words
