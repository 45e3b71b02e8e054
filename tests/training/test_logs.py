"""What a run prints and writes."""

import csv
import importlib.util
import sys
from pathlib import Path

import pytest

from vtonlib.training.logs import FileLogs, Progress
from vtonlib.training.loop import fit

from .tiny import tiny_batches, tiny_stage


@pytest.mark.parametrize(
    ("steps", "lines", "printed"),
    [(12, 6, 6), (11, 6, 6), (100, 6, 6), (1800, 6, 6), (3, 6, 3), (7, 1, 1), (50, 0, 0)],
)
def test_a_whole_run_prints_its_number_of_lines_and_the_last_step(steps, lines, printed, capsys):
    progress = Progress("dcgan", 0, steps, lines)
    for step in range(1, steps + 1):
        progress.update(step, {"D/adversarial": 1.23456})
    progress.close()
    out = capsys.readouterr().out.splitlines()
    assert len(out) == printed
    if out:
        assert out[-1].split()[:3] == ["dcgan", "step", f"{steps}/{steps}"]
        assert out[-1].endswith("D/adversarial 1.235")


def test_lines_are_plain(capsys):
    Progress("dcgan", 0, 1).update(1, {"a": 1.0})
    out, err = capsys.readouterr()
    assert err == ""
    assert "\r" not in out
    assert "\x1b" not in out


def test_a_terminal_gets_a_bar(monkeypatch, capsys):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    progress = Progress("dcgan", 2, 4)
    progress.update(3, {"a": 1.0})
    assert (progress.bar.n, progress.bar.total) == (3, 4)
    progress.close()
    out, err = capsys.readouterr()
    assert out == ""
    assert "dcgan" in err


def test_silence_holds_in_a_terminal_too(monkeypatch, capsys):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    progress = Progress("dcgan", 0, 2, lines=0)
    progress.update(1, {"a": 1.0})
    progress.close()
    assert capsys.readouterr() == ("", "")


def test_losses_are_written_as_csv(fabric, tmp_path: Path, monkeypatch):
    stage = tiny_stage("dcgan", r1_gamma=1.0, r1_interval=3)
    history = fit(stage, tiny_batches("dcgan"), 4, fabric=fabric, log_folder=tmp_path, progress_lines=0)
    (file,) = tmp_path.glob("csv/version_0/metrics.csv")
    with file.open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [int(row["step"]) for row in rows] == [1, 2, 3, 4]
    for name, (steps, values) in history.items():
        written = {int(row["step"]): float(row[name]) for row in rows if row[name]}
        assert written == pytest.approx(dict(zip(steps, values, strict=True)))


def test_a_run_that_goes_on_writes_beside_the_earlier_one(tmp_path: Path):
    for step in (1, 2):
        logs = FileLogs(tmp_path)
        logs.write(step, {"a": 0.5})
        logs.close()
    assert sorted(path.name for path in (tmp_path / "csv").iterdir()) == ["version_0", "version_1"]


@pytest.mark.skipif(not importlib.util.find_spec("tensorboard"), reason="the extra 'logs' is not installed")
def test_tensorboard_is_written_where_it_is_installed(tmp_path: Path):
    logs = FileLogs(tmp_path)
    logs.write(1, {"a": 0.5})
    logs.close()
    assert list(tmp_path.glob("tensorboard/version_0/events*"))


def test_no_folder_means_no_files(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    logs = FileLogs(None)
    logs.write(1, {"a": 0.5})
    logs.close()
    assert list(tmp_path.iterdir()) == []
