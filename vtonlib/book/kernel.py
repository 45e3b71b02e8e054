"""Run one notebook from its first cell to its last, in a fresh kernel, without touching its file."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from vtonlib.book.clean import clean
from vtonlib.book.document import Chapter, first_line
from vtonlib.book.freshness import make_record
from vtonlib.errors import VtonError
from vtonlib.profiles import DEFAULT, PROFILES

QUIET = ["--IPKernelApp.log_level=ERROR"]
"""For a kernel: ipykernel warns about its transport at every start, which is of no use to readers."""

_PROBE = "import json, sys; print(json.dumps([m for m in sys.modules if m.split('.')[0] == 'vtonlib']))"


@dataclass(frozen=True)
class Failure:
    """Where a notebook stopped.

    Attributes:
        cell: position among all cells, counted from 0.
        line: first line of that cell's code.
        error: name and message of the error, on one line.
    """

    cell: int
    line: str
    error: str

    def __str__(self) -> str:
        return f"cell {self.cell} `{self.line}`: {self.error}"


@dataclass(frozen=True)
class Run:
    """What came of running a notebook.

    Attributes:
        chapter: the notebook with its new outputs, up to the cell that failed if one did.
        seconds: how long it took, start of the kernel included.
        failure: where it stopped; None if it ran to the end.
    """

    chapter: Chapter
    seconds: float
    failure: Failure | None


def environment(profile: str) -> dict[str, str]:
    """The environment for a kernel that is to run with a profile.

    Raises:
        VtonError: if there is no such profile.
    """
    if profile not in PROFILES:
        raise VtonError(f"no profile {profile!r}; choose one of {', '.join(PROFILES)}")
    variables = {k: v for k, v in os.environ.items() if k != "VTON_PROFILE"}
    return variables if profile == DEFAULT else variables | {"VTON_PROFILE": profile}


def run(chapter: Chapter, profile: str, on_cell: Callable[[int, int], None] = lambda k, n: None) -> Run:
    """Run a notebook in the folder that it lies in.

    Args:
        chapter: the notebook; it is not changed.
        profile: key of :data:`vtonlib.profiles.PROFILES`.
        on_cell: called before each code cell with its number, from 1, and the number of code cells.

    Raises:
        VtonError: if there is no such profile.
    """
    variables = environment(profile)
    notebook = nbformat.reads(json.dumps(chapter.content), as_version=4)  # type: ignore[no-untyped-call]
    _forget_outputs(notebook)
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=QUIET,
        resources={"metadata": {"path": str(chapter.path.parent)}},
    )
    modules: list[str] = []
    start = time.monotonic()
    with client.setup_kernel(env=variables):
        failure = _run_cells(client, on_cell)
        if failure is None:
            modules = _modules(client)
    seconds = time.monotonic() - start
    content = json.loads(nbformat.writes(notebook))  # type: ignore[no-untyped-call]
    clean(content)
    done = Chapter(chapter.path, content, chapter.root)
    done.metadata["vtonlib"] = make_record(done, profile, modules, seconds)
    return Run(done, seconds, failure)


def _forget_outputs(notebook: Any) -> None:
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None


def _run_cells(client: NotebookClient, on_cell: Callable[[int, int], None]) -> Failure | None:
    code = [(i, c) for i, c in enumerate(client.nb.cells) if c.cell_type == "code" and c.source.strip()]
    for k, (i, cell) in enumerate(code, start=1):
        on_cell(k, len(code))
        try:
            client.execute_cell(cell, i, execution_count=k)
        except CellExecutionError as error:
            return Failure(i, first_line(cell), one_line(f"{error.ename}: {error.evalue}"))
        except (CellTimeoutError, DeadKernelError) as error:
            return Failure(i, first_line(cell), one_line(f"{type(error).__name__}: {error}"))
    return None


def _modules(client: NotebookClient) -> list[str]:
    """The modules of vtonlib in the kernel, asked for by a cell that is thrown away."""
    probe = nbformat.v4.new_code_cell(_PROBE)  # type: ignore[no-untyped-call]
    client.nb.cells.append(probe)
    try:
        client.execute_cell(probe, len(client.nb.cells) - 1, store_history=False)
    finally:
        client.nb.cells.pop()
    found: list[str] = json.loads(probe.outputs[0].text)
    return found


def one_line(text: str, longest: int = 300) -> str:
    """A text with its line breaks turned into blanks, cut if it is long."""
    words = " ".join(text.split())
    return words if len(words) <= longest else words[: longest - 3] + "..."
