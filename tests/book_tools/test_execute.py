"""Notebooks run in fresh kernels, failures are named, and only a refresh touches the checkout."""

import io
import os
import time

import pytest

from vtonlib.book import execute as module
from vtonlib.book.document import read, source, write
from vtonlib.book.execute import drop_old, main
from vtonlib.book.freshness import staleness
from vtonlib.book.kernel import environment, run
from vtonlib.book.progress import Line, minutes
from vtonlib.errors import VtonError

from .chapters import code, markdown

PROFILE = 'PROFILE = "cpu"  # how much'
GOOD = [
    markdown("# Good"),
    code(PROFILE, "parameters", execution={"iopub.status.busy": "2020"}),
    code("import os, sys\nfrom vtonlib.profiles import choose_profile\nprint(choose_profile(PROFILE).name)"),
    code("print('noise', file=sys.stderr)"),
    code(""),
    code("os.path.basename(os.getcwd())"),
]
BAD = [code("print('before')"), code("# divide\n1 / 0"), code("print('after')")]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VTON_PROFILE", raising=False)
    for name, cells in (("01_bad", BAD), ("02_good", GOOD)):
        metadata = {"widgets": {}, "kernelspec": {"name": "elsewhere"}}
        content = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}
        write(content, tmp_path / "notebooks" / f"{name}.ipynb")
    return tmp_path / "notebooks"


def printed(path):
    return [o["text"] if "text" in o else o["data"]["text/plain"] for o in outputs(path)]


def outputs(path):
    return [o for _, c in read(path).code() for o in c["outputs"] if o["output_type"] != "error"]


def test_a_failing_notebook_leaves_the_others_and_the_checkout(folder, capsys):
    before = {p: p.read_bytes() for p in folder.iterdir()}
    assert main(["--profile", "smoke"]) == 1
    text = capsys.readouterr().out
    assert "cell 1 `1 / 0`: ZeroDivisionError: division by zero" in text
    assert "[1/2] 01_bad (smoke) ... FAILED  0:0" in text
    assert "[2/2] 02_good (smoke) ... ok  0:0" in text
    assert "1 of 2 notebooks ran to the end" in text
    assert {p: p.read_bytes() for p in folder.iterdir()} == before
    assert printed(module.OUT / "01_bad.ipynb") == [["before\n"]]
    assert printed(module.OUT / "02_good.ipynb") == [["smoke\n"], ["'notebooks'"]]


def test_refresh_rewrites_a_clean_notebook_with_a_record(folder, capsys, monkeypatch):
    monkeypatch.setenv("VTON_PROFILE", "smoke")
    assert main(["02", "--refresh"]) == 0
    chapter = read(folder / "02_good.ipynb")
    assert printed(chapter.path) == [["cpu\n"], ["'notebooks'"]]
    assert [source(c) for c in chapter.cells] == ["".join(c["source"]) for c in GOOD]
    assert [c["execution_count"] for _, c in chapter.code()] == [1, 2, 3, None, 4]
    assert "widgets" not in chapter.metadata
    assert chapter.metadata["kernelspec"]["name"] == "python3"
    assert chapter.cells[1]["metadata"] == {"tags": ["parameters"]}
    assert chapter.record["profile"] == "cpu"
    assert set(chapter.record["sources"]) == {"vtonlib", "vtonlib.errors", "vtonlib.profiles"}
    assert staleness(chapter) == []
    assert not (module.OUT / "02_good.ipynb").exists()


def test_refresh_does_not_rewrite_a_notebook_that_fails(folder, capsys):
    before = (folder / "01_bad.ipynb").read_bytes()
    assert main(["01", "--refresh"]) == 1
    assert (folder / "01_bad.ipynb").read_bytes() == before
    assert (module.OUT / "01_bad.ipynb").exists()


def test_a_kernel_that_dies_is_a_failure(folder):
    chapter = read(folder / "01_bad.ipynb")
    chapter.cells[1]["source"] = "import os\nos._exit(1)"
    done = run(chapter, "cpu")
    assert done.failure is not None
    assert "DeadKernelError" in str(done.failure)
    assert done.failure.cell == 1


def test_bad_names_and_profiles_give_one_line(folder, capsys):
    assert main(["07"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    with pytest.raises(VtonError, match="no profile 'big'"):
        environment("big")


def test_the_variable_is_set_for_other_profiles_only(monkeypatch):
    monkeypatch.setenv("VTON_PROFILE", "paper")
    assert "VTON_PROFILE" not in environment("cpu")
    assert environment("smoke")["VTON_PROFILE"] == "smoke"


def test_copies_that_are_old_or_of_nothing_are_dropped(folder, tmp_path):
    out = tmp_path / "copies"
    out.mkdir()
    for name in ("99_gone", "01_bad", "02_good"):
        (out / f"{name}.ipynb").write_text("{}")
    os.utime(out / "01_bad.ipynb", (0, 0))
    drop_old(folder, out)
    assert [p.name for p in out.iterdir()] == ["02_good.ipynb"]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def test_a_terminal_sees_the_cell_and_a_clock():
    out = Terminal()
    with Line("[1/1] x", out) as line:
        line.cell(3, 9)
        deadline = time.monotonic() + 5
        while "cell 3/9  0:0" not in out.getvalue() and time.monotonic() < deadline:
            time.sleep(0.05)
        line.end("ok")
    assert "cell 3/9  0:0" in out.getvalue()
    assert out.getvalue().endswith("[1/1] x ... ok  0:01\n") or out.getvalue().endswith("ok  0:00\n")


def test_an_interrupted_line_is_ended():
    out = io.StringIO()
    with pytest.raises(KeyboardInterrupt), Line("[1/1] x", out):
        raise KeyboardInterrupt
    assert out.getvalue() == "[1/1] x ... interrupted  0:00\n"


def test_minutes():
    assert [minutes(s) for s in (0, 59.6, 61, 3600)] == ["0:00", "1:00", "1:01", "60:00"]
