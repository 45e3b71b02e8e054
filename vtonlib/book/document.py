"""A notebook as plain JSON, with the few questions that the tools ask of one.

The tools read and write notebooks as dictionaries (format 4.5), so that checking needs no notebook library.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vtonlib.data.atomic import write_atomically
from vtonlib.errors import VtonError

Cell = dict[str, Any]


@dataclass(frozen=True)
class Chapter:
    """One notebook of the book.

    Attributes:
        path: the .ipynb file that it was read from.
        content: the whole notebook as JSON.
        root: the repository that it belongs to; ``_config.yml`` and the bibliography are looked up there.
    """

    path: Path
    content: dict[str, Any]
    root: Path

    @property
    def cells(self) -> list[Cell]:
        """All cells, in order."""
        cells: list[Cell] = self.content["cells"]
        return cells

    @property
    def metadata(self) -> dict[str, Any]:
        """The metadata of the notebook as a whole."""
        metadata: dict[str, Any] = self.content.setdefault("metadata", {})
        return metadata

    @property
    def record(self) -> dict[str, Any]:
        """What ``make refresh`` wrote about the run that the stored outputs come from; empty if nothing."""
        record: dict[str, Any] = self.metadata.get("vtonlib", {})
        return record

    def code(self) -> list[tuple[int, Cell]]:
        """Code cells with their position among all cells, counted from 0."""
        return [(i, c) for i, c in enumerate(self.cells) if c["cell_type"] == "code"]

    def tagged(self, tag: str) -> list[tuple[int, Cell]]:
        """Cells that carry a tag, with their positions."""
        return [(i, c) for i, c in enumerate(self.cells) if tag in tags(c)]

    def prose(self) -> str:
        """All Markdown of the notebook, joined by blank lines."""
        return "\n\n".join(source(c) for c in self.cells if c["cell_type"] == "markdown")


def joined(text: str | list[str]) -> str:
    """A multi-line string of the notebook format, which may be stored as a list of lines."""
    return text if isinstance(text, str) else "".join(text)


def source(cell: Cell) -> str:
    """The text of a cell."""
    return joined(cell["source"])


def tags(cell: Cell) -> list[str]:
    """The tags of a cell."""
    found: list[str] = cell.get("metadata", {}).get("tags", [])
    return found


def first_line(cell: Cell) -> str:
    """The first line of a cell that is neither blank nor a comment, for naming the cell in a message."""
    lines = [line.strip() for line in source(cell).splitlines()]
    return next((line for line in lines if line and not line.startswith("#")), lines[0] if lines else "")


def read(path: Path, root: Path | None = None) -> Chapter:
    """Read a notebook.

    Args:
        path: the .ipynb file.
        root: its repository; by default the folder above the notebook's folder.

    Raises:
        VtonError: if there is no such file, or it holds no notebook of format 4.
    """
    if not path.is_file():
        raise VtonError(f"{path}: no such notebook")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise VtonError(f"{path}: not a notebook, it does not parse as JSON ({error})") from None
    if not isinstance(content, dict) or content.get("nbformat") != 4 or "cells" not in content:
        raise VtonError(f"{path}: not a notebook of format 4; open and save it in JupyterLab")
    return Chapter(path, content, root or path.resolve().parent.parent)


def write(content: dict[str, Any], path: Path) -> None:
    """Write a notebook as Jupyter does, through a temporary file, so that a crash never leaves half of one.

    Args:
        content: the whole notebook as JSON.
        path: where to; missing folders are made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True)
    write_atomically(path, (text + "\n").encode())


def find(names: list[str], folder: Path) -> list[Path]:
    """Notebooks by number ("02"), by name ("02_gan_basics") or by file, in the order of the book.

    Args:
        names: what to look for; none means every notebook of the folder.
        folder: where the book keeps its notebooks.

    Raises:
        VtonError: if a name fits no notebook.
    """
    known = sorted(folder.glob("*.ipynb"))
    if not names:
        if not known:
            raise VtonError(f"{folder}: no notebooks in this folder")
        return known
    return [_find_one(name, known, folder) for name in names]


def _find_one(name: str, known: list[Path], folder: Path) -> Path:
    if name.endswith(".ipynb"):
        path = Path(name)
        if not path.is_file():
            raise VtonError(f"{path}: no such notebook")
        return path
    fits = [p for p in known if name in (p.stem, p.stem.split("_")[0])]
    if not fits:
        have = ", ".join(p.stem for p in known) or "none"
        raise VtonError(f"{folder}: no notebook {name!r}; there are: {have}")
    return fits[0]


def default_folder() -> Path:
    """The book's notebooks: ``notebooks/`` here, else the one of the checkout that this package runs from."""
    here = Path("notebooks")
    return here if here.is_dir() else Path(__file__).resolve().parents[2] / "notebooks"
