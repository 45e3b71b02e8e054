"""Run a notebook once more with other parameters, and refuse what would not do what was asked for."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import papermill
from papermill.exceptions import PapermillExecutionError

from vtonlib.book.document import default_folder, find, first_line, read, tags, write
from vtonlib.book.kernel import QUIET, Failure, one_line
from vtonlib.book.parameters import declared, parse_all
from vtonlib.errors import VtonError


def default_output(notebook: Path, values: dict[str, Any]) -> Path:
    """Where a rerun is kept: named after notebook and parameters, so that equal runs replace each other."""
    from vtonlib.provenance import runs_folder  # imports torch

    words = "-".join(f"{key}={value}" for key, value in values.items()) or "defaults"
    name = re.sub(r"[^\w.=+-]+", "_", words)
    if len(name) > 80:
        name = f"{name[:70]}-{hashlib.sha256(words.encode()).hexdigest()[:8]}"
    return runs_folder() / "reruns" / f"{notebook.stem}-{name}.ipynb"


def rerun(notebook: str, given: Sequence[tuple[str, str]], out: Path | None = None) -> tuple[Path, Failure | None]:
    """Execute a copy of a notebook with parameters that were typed as text.

    Args:
        notebook: number, name or file of the notebook.
        given: pairs of parameter and text.
        out: where the copy goes; see :func:`default_output`.

    Returns:
        The copy, and where it failed: None if it ran to the end.

    Raises:
        VtonError: before anything runs, if there is no such notebook, a parameter is unknown, a value
            does not fit, or the copy would replace the notebook itself.
    """
    path = find([notebook], default_folder())[0]
    values = parse_all(declared(read(path)), given)
    target = out or default_output(path, values)
    if target.suffix != ".ipynb":
        raise VtonError(f"{target}: --out must name a file that ends in .ipynb")
    if target.resolve() == path.resolve():
        raise VtonError(f"{target}: --out is the notebook itself; `make refresh` rewrites committed notebooks")
    target.parent.mkdir(parents=True, exist_ok=True)
    with _profile_from_parameter("PROFILE" in values):
        failure = _execute(path, target, values)
    _hide_injected_cell(target)
    return target, failure


def _execute(path: Path, target: Path, values: dict[str, Any]) -> Failure | None:
    try:
        papermill.execute_notebook(
            path,
            target,
            parameters=values,
            kernel_name="python3",
            cwd=path.parent,
            progress_bar=sys.stderr.isatty(),
            extra_arguments=QUIET,
        )
    except PapermillExecutionError as error:
        line = first_line({"source": error.source})
        return Failure(error.cell_index, line, one_line(f"{error.ename}: {error.evalue}"))
    return None


@contextmanager
def _profile_from_parameter(given: bool) -> Iterator[None]:
    """Keep VTON_PROFILE from the kernel if PROFILE was given: what somebody typed beats the variable."""
    saved = os.environ.pop("VTON_PROFILE", None) if given else None
    try:
        yield
    finally:
        if saved is not None:
            os.environ["VTON_PROFILE"] = saved


def _hide_injected_cell(path: Path) -> None:
    """Tag papermill's cell so that a page built from the copy does not show it."""
    chapter = read(path)
    for _, cell in chapter.tagged("injected-parameters"):
        if "remove-cell" not in tags(cell):
            tags(cell).append("remove-cell")
    write(chapter.content, path)
