"""Quality bars: how thresholds follow from seeds, and what a missing one says."""

import json
from pathlib import Path

import pytest

from vtonlib import bars
from vtonlib.errors import VtonError


def test_slack_is_the_spread_of_the_seeds() -> None:
    assert bars.set_threshold([1.0, 1.5, 2.0, 1.2, 1.1], "low") == pytest.approx(3.0)
    assert bars.set_threshold([0.9, 0.8, 0.85, 0.7, 0.75], "high") == pytest.approx(0.5)


def test_slack_is_at_least_a_twentieth_or_one_count() -> None:
    assert bars.set_threshold([0.5] * 5, "low") == pytest.approx(0.525)
    assert bars.set_threshold([8.0] * 5, "high") == 7.0


@pytest.mark.parametrize(("values", "good"), [([1.0] * 4, "low"), ([1.0] * 5, "best")])
def test_too_few_seeds_and_unknown_directions_are_refused(values: list[float], good: str) -> None:
    with pytest.raises(VtonError, match="five seeds"):
        bars.set_threshold(values, good)


def test_a_missing_bar_names_the_command_that_records_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bars, "FOLDER", tmp_path)
    with pytest.raises(VtonError, match=r"07_x\.json: has no bar for 'iou'.*benchmarks/bars\.py 07_x --profile cpu"):
        bars.threshold("07_x", "cpu", "iou")


def test_recording_asks_nothing_of_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bars, "FOLDER", tmp_path)
    (tmp_path / "07_x.json").write_text('{"figures": {"l1": {"good": "low"}, "iou": {"good": "high"}}, "profiles": {}}')
    monkeypatch.setenv("VTON_RECORD_BARS", "1")
    assert bars.threshold("07_x", "cpu", "l1") == float("inf")
    assert bars.threshold("07_x", "cpu", "iou") == float("-inf")


@pytest.mark.parametrize("path", sorted(bars.FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_stored_bars_follow_from_their_seeds(path: Path) -> None:
    record = json.loads(path.read_text())
    assert {"smoke", "cpu"} <= record["profiles"].keys()
    for name, profile in record["profiles"].items():
        assert {"date", "versions", "hardware"} <= profile.keys()
        for figure, about in record["figures"].items():
            if name not in about.get("profiles", (name,)):
                assert figure not in profile
                continue
            assert profile[figure]["threshold"] == bars.set_threshold(profile[figure]["seeds"], about["good"])
