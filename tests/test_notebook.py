"""What every notebook does alike."""

import json

import matplotlib as mpl
import pytest

from vtonlib import notebook
from vtonlib.errors import VtonError
from vtonlib.metrics.score import Score


@pytest.fixture
def page(tmp_path, monkeypatch) -> list[str]:
    """The Markdown that was put on the page; runs go to a folder of the test."""
    said: list[str] = []
    monkeypatch.setenv("VTON_RUNS", str(tmp_path / "runs"))
    monkeypatch.delenv("VTON_PROFILE", raising=False)
    monkeypatch.setattr(notebook, "display", lambda shown: said.append(shown.data))
    with mpl.rc_context():
        yield said


def test_a_run_reports_its_start(page, capsys):
    run = notebook.start("02_gan_basics", "smoke", seed=3)
    lines = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert lines.keys() == {"profile", "device", "versions", "commit", "seed"}
    assert lines["profile"] == "smoke: tests, 2 cores"
    assert lines["seed"] == "3"
    assert run.profile.name == "smoke"


def test_a_finished_run_appends_one_row(page, tmp_path):
    for seed in (0, 1):
        run = notebook.start("02_gan_basics", "smoke", seed)
        run.note(kid=Score(0.123456789, "KID, 9 pictures", (0.1, 0.2)))
        run.note(accuracy=Score(0.5, "top-1"))
        run.finish()
    rows = [json.loads(line) for line in (tmp_path / "runs/metrics.jsonl").read_text().splitlines()]
    assert [row["seed"] for row in rows] == [0, 1]
    row = rows[0]
    assert row.keys() == {
        "notebook", "profile", "seed", "time", "commit", "versions", "device", "seconds", "peak_mib", "metrics",
    }  # fmt: skip
    assert (row["notebook"], row["profile"]) == ("02_gan_basics", "smoke")
    assert row["metrics"] == {
        "kid": {"value": 0.123456789, "interval": [0.1, 0.2], "settings": "KID, 9 pictures"},
        "accuracy": {"value": 0.5, "interval": None, "settings": "top-1"},
    }
    assert row["seconds"] >= 0
    assert 50 < row["peak_mib"] < 10**6


def test_the_result_panel_holds_figures_settings_and_the_run(page):
    run = notebook.start("02_gan_basics", "smoke", 5)
    run.note(held_out_kid=Score(0.123456, "KID, 9 pictures", (0.1, 0.2)), accuracy=Score(0.5, "top-1"))
    run.finish()
    table, closing = page
    assert table.splitlines() == [
        "| figure | value [95 % interval] | settings |",
        "| --- | --- | --- |",
        "| held out kid | 0.1235 [0.1, 0.2] | KID, 9 pictures |",
        "| accuracy | 0.5 | top-1 |",
    ]
    assert "profile **smoke**, seed 5" in closing
    assert "0 min" in closing
    assert "MiB" in closing


def test_an_unknown_profile_is_refused(page):
    with pytest.raises(VtonError, match="PROFILE is 'huge'; choose one of"):
        notebook.start("02_gan_basics", "huge", 0)
