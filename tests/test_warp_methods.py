"""The bookkeeping of chapter 07's table: what is trained, what is reused, and how seeds are put together."""

import pytest
import torch

from vtonlib.profiles import BUDGETS
from vtonlib.studies import warp_methods, warping


class Still:
    """A matcher that leaves everything where it is, moved sideways by its seed in hundredths."""

    def __init__(self, seed):
        self.seed = seed

    def match(self, task):
        return warping.change_nothing(task) + torch.tensor([self.seed / 100, 0.0])


@pytest.fixture
def trainings(monkeypatch):
    done = []

    def train(method, seed, profile):
        done.append((method, seed))
        return Still(seed)

    monkeypatch.setattr(warp_methods, "train_matcher", train)
    monkeypatch.setattr(warp_methods, "UNLEARNED", {"identity": warping.change_nothing})
    monkeypatch.setattr(warp_methods, "LEARNED", {"gmm": ("cp_vton_matcher", {"smoothness": 0.0})})
    return done


def test_seeds_are_put_side_by_side_and_kept_on_the_way(trainings):
    kept = []
    result = warp_methods.run("smoke", seeds=(0, 2), keep=lambda now: kept.append(len(now["trained"]["gmm"])))
    assert trainings == [("gmm", 0), ("gmm", 2)]
    assert kept == [1, 2]
    table = result["methods"]["unpaired"]
    assert len(table["gmm"]["all"]["epe_px"]) == 2
    assert table["gmm"]["all"]["epe_px"][0] == table["identity"]["all"]["epe_px"][0]
    assert table["gmm"]["all"]["epe_px"][1] != table["identity"]["all"]["epe_px"][0]
    assert set(table["gmm"]) == {"all", "top", "bottom", "dress"}
    assert set(result["methods_ms"]) == {"identity", "gmm"}


def test_what_is_known_is_not_trained_again_unless_its_settings_have_changed(trainings, monkeypatch):
    known = warp_methods.run("smoke", seeds=(0,))
    again = warp_methods.run("smoke", seeds=(0, 1), known=known)
    assert trainings == [("gmm", 0), ("gmm", 1)]
    assert set(known["trained"]["gmm"]) == {"0"}, "what was handed in is left alone"
    assert set(again["trained"]["gmm"]) == {"0", "1"}
    longer = BUDGETS["cp_vton_matcher", "smoke"].__class__(**{**vars(BUDGETS["cp_vton_matcher", "smoke"]), "steps": 7})
    monkeypatch.setitem(BUDGETS, ("cp_vton_matcher", "smoke"), longer)
    after = warp_methods.run("smoke", seeds=(0,), known=again)
    assert trainings[2:] == [("gmm", 0)]
    assert set(after["trained"]["gmm"]) == {"0"}


def test_a_method_without_runs_is_left_out(trainings):
    result = warp_methods.run("smoke", seeds=())
    assert trainings == []
    assert set(result["methods"]["unpaired"]) == {"identity"}


def test_every_learned_method_names_settings_that_its_stage_has():
    for method in warp_methods.LEARNED:
        for profile in ("smoke", "cpu"):
            assert warp_methods.recipe(method, profile)["config"]["height"] == 64
