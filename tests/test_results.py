"""Stored results: found by name, complete, and made with the budget of today."""

from pathlib import Path

import pytest
import torch

from vtonlib import results
from vtonlib.errors import VtonError
from vtonlib.profiles import budget
from vtonlib.results.pictures import load_pictures, save_pictures
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


def test_pictures_come_back_nearly_as_they_were(tmp_path: Path) -> None:
    smooth = (
        torch.linspace(-1, 1, 24)[None, None, :, None].expand(2, 3, -1, 16)
        * torch.tensor([1.0, -1.0])[:, None, None, None]
    )
    save_pictures("strip", smooth, tmp_path)
    found = load_pictures("strip", 2, tmp_path)
    assert found.shape == smooth.shape
    assert (found - smooth).abs().mean() < 0.05


def test_a_wrong_number_of_pictures_is_refused(tmp_path: Path) -> None:
    save_pictures("strip", torch.zeros(2, 3, 8, 8), tmp_path)
    with pytest.raises(VtonError, match=r"strip\.webp: is 16 pixels wide, which 3 pictures do not fill"):
        load_pictures("strip", 3, tmp_path)
    with pytest.raises(VtonError, match="no stored pictures of that name"):
        load_pictures("nothing", 1, tmp_path)
