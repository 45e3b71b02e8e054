"""A small repository with one chapter that keeps the whole contract, for tests to spoil."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vtonlib.book.document import Chapter, read, write
from vtonlib.book.freshness import make_record

URL = "https://github.com/OWNER/REPO"
COLAB = "https://colab.research.google.com/github/OWNER/REPO/blob/main/notebooks/02_small.ipynb"

OPENING = f"""# A small chapter

[Open in Colab]({COLAB})

## What you will build
A number.

## Goals
- Compute a number.
- **Compare** it with another.
- Explain the difference.

## Prerequisites
Arithmetic.

## What it costs
| Profile | Minutes | Peak memory |
|---|---|---|
| smoke | 0.1 | 1 GiB |
| `cpu` (default) | 1 | 1 GiB |
| gpu | 1 | 1 GiB |
| paper | 1 | 1 GiB |
"""

ENDING = """## Summary
It was small.

## What the paper did that we do not
More.

## References
{cite:t}`one2014`, {cite:p}`two2015,three2016`.
"""

BIB = """@article{one2014,
 title={One}}
@inproceedings{two2015,
 title={Two}}
@misc{three2016,
 title={Three}}
"""


def markdown(text: str) -> dict[str, Any]:
    """A Markdown cell."""
    return {"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)}


def code(text: str, *tags: str, outputs: Sequence[dict[str, Any]] = (), **metadata: Any) -> dict[str, Any]:
    """A code cell; its execution count is set by :func:`notebook`."""
    return {
        "cell_type": "code",
        "metadata": {**metadata, **({"tags": list(tags)} if tags else {})},
        "source": text.splitlines(keepends=True),
        "execution_count": None,
        "outputs": list(outputs),
    }


def printed(text: str) -> dict[str, Any]:
    """What a print leaves."""
    return {"output_type": "stream", "name": "stdout", "text": [text]}


def picture(alt: str | None = "a curve that falls from left to right", data: str = "AAAA") -> dict[str, Any]:
    """A PNG output."""
    metadata = {} if alt is None else {"image/png": {"alt": alt}}
    return {"output_type": "display_data", "data": {"image/png": data}, "metadata": metadata}


def checked(number: int) -> dict[str, Any]:
    """A cell with an output that nbval compares."""
    return code(f"print({number})", "nbval-check-output", outputs=[printed(f"{number}\n")])


def exercise(number: int) -> list[dict[str, Any]]:
    """An exercise, its self-check, and its folded solution."""
    return [
        markdown(f"```{{exercise}}\n:label: ex-{number}\n\nAdd.\n```"),
        code(f"answer_{number} = None  # yours\nassert answer_{number} in (None, 2)", "self-check"),
        markdown(f"```{{solution-start}} ex-{number}\n:class: dropdown\n```"),
        code("1 + 1"),
        markdown("```{solution-end}\n```"),
    ]


def notebook() -> dict[str, Any]:
    """A notebook, as JSON, that keeps every rule but those about its record, which :func:`repository` adds."""
    figure = {"figure": {"name": "fig-small", "caption": "A curve."}}
    cells = [
        markdown(OPENING),
        code(f'install = "vtonlib @ git+{URL}@main"', "bootstrap"),
        markdown("The parameters."),
        code('PROFILE = "cpu"  # how much\nSEED: int = 0  # which\nRATE = 0.5  # how fast\n', "parameters"),
        *(cell for i in range(3) for cell in (markdown("See."), checked(i))),
        markdown("A picture comes."),
        code("show()", outputs=[picture()], mystnb=figure),
        markdown("The bar."),
        code("held_out_kid, baseline_kid = 1, 2\nassert held_out_kid < 0.9 * baseline_kid", "quality-bar"),
        *(cell for i in range(3) for cell in exercise(i)),
        markdown(ENDING),
    ]
    for count, cell in enumerate((c for c in cells if c["cell_type"] == "code"), start=1):
        cell["execution_count"] = count
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}


def repository(root: Path, name: str = "02_small.ipynb") -> Chapter:
    """Write a repository with one good chapter, and read the chapter back."""
    (root / "book").mkdir(parents=True, exist_ok=True)
    (root / "_config.yml").write_text(f"repository:\n  url: {URL}\n  branch: main\n")
    (root / "book" / "references.bib").write_text(BIB)
    path = root / "notebooks" / name
    write(notebook(), path)
    chapter = read(path)
    chapter.metadata["vtonlib"] = make_record(chapter, "cpu", ["vtonlib", "vtonlib.profiles"], 1.0)
    write(chapter.content, path)
    return chapter
