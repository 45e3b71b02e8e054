"""Training by name under a profile."""

from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from vtonlib.errors import VtonError
from vtonlib.training import run
from vtonlib.training.checkpoint import load_checkpoint
from vtonlib.training.run import checkpoint_path, train_stage

from .tiny import BUDGET

NAME = "clothes_classifier"


@pytest.fixture
def plan(monkeypatch):
    """A tiny budget; assigning to ``plan.steps`` changes it."""

    class Plan:
        steps = 3

    monkeypatch.setattr(run, "budget", lambda name, profile: replace(BUDGET, steps=Plan.steps))
    return Plan


def test_every_run_has_its_own_place(tmp_path, monkeypatch):
    assert checkpoint_path("dcgan", "cpu", 3, tmp_path) == tmp_path / "dcgan/cpu/seed3/checkpoint.vton"
    monkeypatch.setenv("VTON_RUNS", str(tmp_path / "elsewhere"))
    assert checkpoint_path("dcgan", "cpu", 0).is_relative_to(tmp_path / "elsewhere")


def test_a_run_leaves_a_checkpoint_and_logs(plan, tmp_path: Path, capsys):
    trained = train_stage(NAME, "smoke", seed=2, runs=tmp_path)
    assert trained.path == checkpoint_path(NAME, "smoke", 2, tmp_path)
    assert trained.history["classifier/cross_entropy"][0] == [1, 2, 3]
    assert load_checkpoint(trained.path)["seconds"] == trained.seconds > 0
    assert (trained.path.parent / "logs/csv/version_0/metrics.csv").exists()
    assert not trained.stage.classifier.training
    assert "step      3/3" in capsys.readouterr().out


def test_a_run_that_was_cut_off_goes_on(plan, tmp_path):
    first = train_stage(NAME, "smoke", runs=tmp_path, progress_lines=0)
    plan.steps = 5
    second = train_stage(NAME, "smoke", runs=tmp_path, progress_lines=0)
    steps, values = second.history["classifier/cross_entropy"]
    assert steps == [1, 2, 3, 4, 5]
    assert values[:3] == first.history["classifier/cross_entropy"][1]


def test_fresh_starts_again(plan, tmp_path):
    train_stage(NAME, "smoke", runs=tmp_path, progress_lines=0)
    plan.steps = 2
    trained = train_stage(NAME, "smoke", runs=tmp_path, fresh=True, progress_lines=0)
    assert load_checkpoint(trained.path)["step"] == 2


def test_a_second_process_is_refused_and_touches_nothing(plan, tmp_path):
    path = train_stage(NAME, "smoke", runs=tmp_path, progress_lines=0).path
    before = path.read_bytes()
    with FileLock(path.parent / "lock"), pytest.raises(VtonError) as caught:
        train_stage(NAME, "smoke", runs=tmp_path, fresh=True)
    assert str(caught.value) == (
        f"{path.parent}: another process trains into this folder; wait for it, or choose another seed"
    )
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "profile", "message"), [("vitom", "cpu", "stage is 'vitom'"), (NAME, "huge", "profile 'huge'")]
)
def test_unknown_names_are_refused_before_anything_is_made(name, profile, message, tmp_path):
    with pytest.raises(VtonError, match=message):
        train_stage(name, profile, runs=tmp_path)
    assert list(tmp_path.iterdir()) == []
