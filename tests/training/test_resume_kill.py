"""Kill a run without warning, in mid-write and in mid-epoch: what goes on equals what never stopped."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from vtonlib.errors import VtonError
from vtonlib.training.checkpoint import MAGIC, load_checkpoint

from .tiny import differences

SCRIPT = Path(__file__).parent / "interrupted_runs.py"


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> tuple[Path, list[int]]:
    """The folder of the runs, and the exit codes: never stopped, killed in a write, killed in an epoch, finished."""
    folder = tmp_path_factory.mktemp("runs")
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(folder)],
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return folder, [int(code) for code in done.stdout.split()]


def test_the_runs_were_killed_and_not_stopped(runs):
    assert runs[1] == [0, -9, -9, 0]


def test_the_checkpoint_is_whole_after_a_kill_in_mid_write(runs):
    assert load_checkpoint(runs[0] / "after_write.vton")["step"] == 3


def test_the_kill_left_a_half_written_file_that_nothing_takes_for_a_checkpoint(runs):
    (half,) = runs[0].glob(".killed.vton.*")
    assert half.read_bytes().startswith(MAGIC)
    assert 20_000 < half.stat().st_size < (runs[0] / "whole.vton").stat().st_size
    with pytest.raises(VtonError, match="is damaged"):
        load_checkpoint(half)


def test_the_checkpoint_is_whole_after_a_kill_in_mid_epoch(runs):
    state = load_checkpoint(runs[0] / "after_step.vton")
    assert state["step"] == 6
    assert state["batches"] == {"seed": 3, "epoch": 1, "position": 8}


def test_the_killed_run_ends_where_the_whole_run_ends(runs):
    whole, killed = (load_checkpoint(runs[0] / f"{name}.vton") for name in ("whole", "killed"))
    assert whole.pop("seconds") > 0 < killed.pop("seconds")
    assert whole["step"] == 10
    assert whole["networks"].keys() == {"generator", "discriminator"}
    assert differences(whole, killed) == []
