"""The experiment with sizes of the spatial constraint, run for a moment."""

import pytest

from vtonlib import results
from vtonlib.data.outfits import outfits
from vtonlib.profiles import Budget
from vtonlib.studies import constraint_sizes
from vtonlib.studies.constraint_sizes import CELLS, judge_maps, train_with

TINY = Budget(steps=2, batch_size=4, width=4, minutes=0, where="tests", peak_mib=1, height=64)


def test_a_run_takes_the_cells_that_it_is_asked_for(monkeypatch):
    monkeypatch.setattr(constraint_sizes, "budget", lambda name, profile: TINY)
    stage = train_with(16, "cpu", seed=3)
    assert stage.config.cells == 16
    assert stage.config.steps == 2
    figures = judge_maps(stage)
    assert all(0 <= value <= 1 for value in figures.values())


class Copies:
    """Draws the photo's own map whatever the sentence says."""

    class config:
        side = 64

    @staticmethod
    def map_for(labels, coding):
        return labels


def test_copying_is_perfect_where_nothing_changes_and_reaches_the_floor_elsewhere():
    figures = judge_maps(Copies())
    assert figures["miou_own_text"] == figures["hair_and_face_kept"] == 1
    assert figures["sleeve_match_swapped"] == figures["sleeve_floor"]
    worn, other = (outfits("test", 64, (slot,)).tensors["sleeve"] for slot in ("person", "swap"))
    assert figures["sleeve_floor"] == pytest.approx((worn == other).float().mean().item(), abs=0.05)


def test_what_is_stored_covers_every_size():
    stored = results.load("fashiongan")["constraint_sizes"]
    assert {int(cells) for cells in stored} == set(CELLS)
    assert len({tuple(runs) for runs in stored.values()}) == 1, "every size has the same seeds"
