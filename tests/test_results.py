"""Stored results: found by name, complete, and made with the budget of today."""

from pathlib import Path

import pytest

from vtonlib import results
from vtonlib.errors import VtonError
from vtonlib.profiles import budget
from vtonlib.studies import gan_basics


def test_what_is_saved_can_be_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    results.save("x", {"runs": [1, 2]})
    assert results.load("x") == {"runs": [1, 2]}


def test_an_unknown_result_names_those_that_are_there() -> None:
    with pytest.raises(VtonError, match=r"nothing\.json: no stored result.*gan_basics"):
        results.load("nothing")


def test_the_switches_of_chapter_02_are_complete() -> None:
    stored = results.load("gan_basics")
    assert stored["steps"] == budget("dcgan", stored["profile"]).steps
    assert stored["runs"].keys() == gan_basics.SWITCHES.keys()
    assert all(runs.keys() == {"0", "1", "2"} for runs in stored["runs"].values())
