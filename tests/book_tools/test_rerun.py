"""``vtonlib rerun``: what it refuses before anything runs, and what a run leaves."""

import sys

import pytest
from typer.testing import CliRunner

from vtonlib.book.document import read, tags, write
from vtonlib.book.rerun import default_output, rerun
from vtonlib.cli import app
from vtonlib.errors import VtonError

from .chapters import code, markdown

CELLS = [
    markdown("# Small"),
    code('PROFILE = "cpu"  # how much\nSEED = 0  # which\nFAIL: bool = False  # stop', "parameters"),
    code("from vtonlib.profiles import choose_profile\nprint(choose_profile(PROFILE).name, SEED)"),
    code("# the end\nassert not FAIL, 'told to fail'"),
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VTON_PROFILE", raising=False)
    monkeypatch.delenv("VTON_RUNS", raising=False)
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    content = {"cells": CELLS, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}
    write(content, tmp_path / "notebooks" / "02_small.ipynb")
    return tmp_path / "notebooks"


def call(*words):
    return CliRunner().invoke(app, ["rerun", *map(str, words)])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["02", "-p", "SEEDS", "3"], "no parameter 'SEEDS'; did you mean SEED? known: PROFILE, SEED, FAIL"),
        (["02", "-p", "SEED", "fast"], "SEED takes int, not 'fast'"),
        (["02", "-p", "PROFILE", "huge"], "PROFILE is 'huge'; choose one of smoke, cpu, gpu, paper"),
        (["02", "-p", "FAIL", "1"], "FAIL takes bool"),
        (["02", "-p", "SEED", "1", "-p", "SEED", "2"], "given twice"),
        (["02", "-p", "SEED"], "-p takes two words"),
        (["07"], "no notebook '07'; there are: 02_small"),
        (["none.ipynb"], "none.ipynb: no such notebook"),
        (["02", "--out", "x.txt"], "ends in .ipynb"),
        (["02", "--out", "notebooks/02_small.ipynb"], "the notebook itself"),
    ],
)
def test_refused_with_one_line_before_anything_runs(folder, tmp_path, words, message, monkeypatch):
    monkeypatch.setattr("vtonlib.book.rerun._execute", lambda *a: pytest.fail("it ran"))
    result = call(*words)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""
    assert not (tmp_path / "runs").exists()


def test_without_papermill_it_says_what_to_install(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "papermill", None)
    monkeypatch.delitem(sys.modules, "vtonlib.book.rerun")
    result = call("02")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "pip install 'vtonlib[book]'" in result.stderr


def test_a_parameter_beats_the_variable(folder, monkeypatch):
    monkeypatch.setenv("VTON_PROFILE", "smoke")
    result = call("02_small", "-p", "PROFILE", "cpu", "-p", "SEED", "-3")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.strip() == "runs/reruns/02_small-PROFILE=cpu-SEED=-3.ipynb"
    chapter = read(folder.parent / result.stdout.strip())
    assert "".join(chapter.cells[3]["outputs"][0]["text"]) == "cpu -3\n"
    ((_, injected),) = chapter.tagged("injected-parameters")
    assert "remove-cell" in tags(injected)


def test_a_failing_notebook_names_its_cell_and_keeps_the_rest(folder):
    result = call(folder / "02_small.ipynb", "-p", "FAIL", "true", "--out", "deep/er/x.ipynb")
    assert result.exit_code == 1
    assert "`assert not FAIL, 'told to fail'`: AssertionError: told to fail" in result.stderr
    assert "deep/er/x.ipynb" in result.stderr
    assert result.stderr.count("\n") == 1
    assert "cpu 0" in (folder.parent / "deep/er/x.ipynb").read_text()


def test_without_a_profile_the_variable_holds(folder, monkeypatch):
    monkeypatch.setenv("VTON_PROFILE", "smoke")
    path, failure = rerun("02", [])
    assert failure is None
    assert path.name == "02_small-defaults.ipynb"
    assert "smoke 0" in path.read_text()


def test_a_notebook_without_parameters_is_refused(folder):
    chapter = read(folder / "02_small.ipynb")
    del chapter.cells[1]
    write(chapter.content, chapter.path)
    with pytest.raises(VtonError, match="0 cells are tagged"):
        rerun("02", [("SEED", "3")])


def test_output_names_are_short_and_safe(tmp_path):
    path = default_output(tmp_path / "02_x.ipynb", {"A": "a/../b c", "B": 1})
    assert path.name == "02_x-A=a_.._b_c-B=1.ipynb"
    one, two = (default_output(tmp_path / "02_x.ipynb", {"A": "y" * 200 + end}) for end in "pq")
    assert one != two
    assert len(one.name) < 100
