"""The bar of chapter 14, half the error of changing nothing, stops what dresses nobody and passes shipped weights."""

import pytest
import torch

from vtonlib.data.warp_task import warp_task
from vtonlib.metrics.l1 import l1
from vtonlib.tryon.systems import load_system
from vtonlib.zoo import card


@pytest.fixture(scope="module")
def task():
    return warp_task("unpaired", 128)


@pytest.fixture(scope="module")
def bar(task):
    return l1(task.person.pictures(), task.truth, task.worn).value / 2


@pytest.mark.parametrize("name", ["viton", "cp_vton", "cp_vton_plus"])
def test_shipped_weights_pass_and_score_what_their_cards_say(task, bar, name):
    stage = load_system(name)
    found = l1(stage.try_on(task), task.truth, task.worn).value
    weights = {"viton": "viton_refinement", "cp_vton": "cp_vton_try_on", "cp_vton_plus": "cp_vton_plus_try_on"}[name]
    assert found < bar
    assert found == pytest.approx(card(f"{weights}.cpu").metrics["l1_masked"].value, abs=2e-3)


def test_what_dresses_nobody_misses(task, bar):
    grey = torch.zeros_like(task.truth)
    others = task.truth.roll(1, 0)
    assert all(l1(made, task.truth, task.worn).value >= bar for made in (task.person.pictures(), grey, others))
