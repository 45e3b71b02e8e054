"""The command line: what each command prints, and that a mistake costs one line and exit code 2."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vtonlib.cli import app
from vtonlib.errors import VtonError


def call(*words):
    return CliRunner().invoke(app, list(words))


def test_doctor_prints_one_line_for_each_fact():
    result = call("doctor")
    assert result.exit_code == 0, result.output
    names = [line.split()[0] for line in result.stdout.splitlines()]
    assert names[:3] == ["python", "vtonlib", "torch"]
    assert {"device", "threads", "bf16", "disk"} <= set(names)


def test_stages_are_those_of_the_registry():
    from vtonlib.training.registry import stage_names

    assert call("stages").stdout.split() == list(stage_names())


@dataclass
class Done:
    """What training returns, as far as the command line looks."""

    seconds: float = 12.3
    path: Path = Path("runs/x")


def test_train_passes_its_options_on(monkeypatch):
    seen = {}
    monkeypatch.setattr(
        "vtonlib.training.run.train_stage",
        lambda name, profile, **more: seen.update(more, at=(name, profile)) or Done(),
    )
    result = call("train", "dcgan", "--profile", "smoke", "--seed", "3", "--fresh")
    assert seen == {"at": ("dcgan", "smoke"), "seed": 3, "fresh": True}
    assert result.stdout == "dcgan (smoke, seed 3): 12 s, runs/x\n"
    call("train", "dcgan")
    assert seen == {"at": ("dcgan", "cpu"), "seed": 0, "fresh": False}


@pytest.mark.parametrize("words", [["train", "nothing"], ["train", "dcgan", "--profile", "huge"]])
def test_a_bad_name_costs_one_line(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = call(*words)
    assert result.exit_code == 2
    assert result.stderr.startswith("vtonlib: ")
    assert result.stderr.count("\n") == 1


def test_an_error_of_many_lines_becomes_one(monkeypatch):
    def fail(*_, **__):
        raise VtonError("first\nsecond")

    monkeypatch.setattr("vtonlib.training.run.train_stage", fail)
    result = call("train", "dcgan")
    assert (result.exit_code, result.stderr) == (2, "vtonlib: first second\n")


def test_other_errors_are_not_hidden(monkeypatch):
    monkeypatch.setattr("vtonlib.training.run.train_stage", lambda *a, **k: 1 / 0)
    assert isinstance(call("train", "dcgan").exception, ZeroDivisionError)


@pytest.mark.parametrize("command", ["rerun", "train", "stages", "doctor"])
def test_help(command):
    result = call(command, "--help")
    assert result.exit_code == 0
    assert "Usage" in result.output


def test_it_starts_without_loading_torch():
    code = "import sys, vtonlib.cli; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_it_runs_as_a_module():
    done = subprocess.run([sys.executable, "-m", "vtonlib.cli", "rerun", "x.ipynb"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, "vtonlib: x.ipynb: no such notebook\n")
