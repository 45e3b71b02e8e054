"""What a chapter may store: pictures that everybody can perceive, and nothing of the machine behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from vtonlib.book.document import Chapter, joined, source

LARGEST = 200_000
SHORTEST_ALT = 20

_WIDGET = "application/vnd.jupyter.widget"
_PLACES = "work|home|root|tmp|Users|mnt|private|var/folders"
_MACHINE = re.compile(rf"(?<![\w.~-])(?:/(?:{_PLACES})\b|[A-Z]:\\\w)[^\s'\"]*")

Output = dict[str, Any]


def outputs(chapter: Chapter) -> Iterator[tuple[int, Output]]:
    """Every stored output with the position of its cell."""
    for i, cell in chapter.code():
        for output in cell.get("outputs", []):
            yield i, output


def no_widgets(chapter: Chapter) -> list[str]:
    """No widget and no widget state is stored: other viewers call such a notebook invalid."""
    faults = ["stores widget state in its metadata"] if "widgets" in chapter.metadata else []
    return faults + [
        f"cell {i}: stores a widget; show a picture or text beside it"
        for i, output in outputs(chapter)
        if any(mime.startswith(_WIDGET) for mime in output.get("data", {}))
    ]


def no_errors(chapter: Chapter) -> list[str]:
    """No cell failed, and none wrote to stderr."""
    stored = list(outputs(chapter))
    faults = [f"cell {i}: stores the error {o['ename']}" for i, o in stored if o["output_type"] == "error"]
    return faults + [f"cell {i}: stores stderr output" for i, o in stored if o.get("name") == "stderr"]


def size(chapter: Chapter) -> list[str]:
    """No output is larger than 200 kB as stored."""
    return [
        f"cell {i}: stores an output of {n // 1000} kB, at most {LARGEST // 1000}"
        for i, output in outputs(chapter)
        if (n := _length(output)) > LARGEST
    ]


def alt_text(chapter: Chapter) -> list[str]:
    """Every picture says in its output's metadata what is seen on it."""
    faults = []
    for i, output in outputs(chapter):
        for mime in _images(output):
            entry = output.get("metadata", {}).get(mime)
            alt = str(entry.get("alt", "")) if isinstance(entry, dict) else ""
            if len(alt.strip()) < SHORTEST_ALT:
                faults.append(f"cell {i}: alt text {alt!r} is too short, say in a sentence what is seen")
    return faults


def figures(chapter: Chapter) -> list[str]:
    """A cell that shows a picture shows one, and its metadata hold the figure's name and caption."""
    faults = []
    for i, cell in chapter.code():
        count = sum(bool(_images(o)) for o in cell.get("outputs", []))
        if count > 1:
            faults.append(f"cell {i}: shows {count} pictures, which would share one number; show one a cell")
        if count:
            figure = figure_of(cell)
            faults += [
                f"cell {i}: its metadata hold no mystnb.figure.{key}"
                for key in ("name", "caption")
                if not str(figure.get(key, "")).strip()
            ]
    return faults


def figure_names_unique(chapters: list[Chapter]) -> list[str]:
    """No two figures of the book share a name."""
    seen: dict[str, str] = {}
    faults = []
    for chapter in chapters:
        for i, cell in chapter.code():
            name = figure_of(cell).get("name")
            place = f"{chapter.path.stem} cell {i}"
            if name and name in seen:
                faults.append(f"{place}: figure {name!r} is also in {seen[name]}")
            elif name:
                seen[name] = place
    return faults


def no_machine_paths(chapter: Chapter) -> list[str]:
    """Neither a cell nor an output names a place on somebody's machine."""
    texts = [(i, source(cell)) for i, cell in enumerate(chapter.cells)]
    texts += [(i, text) for i, output in outputs(chapter) for text in _texts(output)]
    found = [(i, match.group()) for i, text in texts for match in _MACHINE.finditer(text)]
    return [f"cell {i}: holds a path of one machine, {path!r}" for i, path in found]


def figure_of(cell: dict[str, Any]) -> dict[str, Any]:
    """The figure entry of a cell's metadata; empty if it has none."""
    figure: dict[str, Any] = cell.get("metadata", {}).get("mystnb", {}).get("figure", {})
    return figure


def _images(output: Output) -> list[str]:
    return [mime for mime in output.get("data", {}) if mime.startswith("image/")]


def _texts(output: Output) -> list[str]:
    """What an output says in text, pictures left out; SVG is text."""
    data = output.get("data", {})
    texts = [joined(v) for mime, v in data.items() if isinstance(v, str | list) and not _is_binary(mime)]
    return [*texts, joined(output.get("text", "")), *output.get("traceback", [])]


def _is_binary(mime: str) -> bool:
    return mime.startswith("image/") and mime != "image/svg+xml"


def _length(output: Output) -> int:
    data = [joined(v) if isinstance(v, str | list) else str(v) for v in output.get("data", {}).values()]
    return max(map(len, [*data, joined(output.get("text", ""))]))
