"""The table of chapter 09: which systems there are, how the non-parametric one pastes, and what an order is."""

import pytest

from tests.training.tiny import tiny_stage
from vtonlib.data.swap_task import swap_task
from vtonlib.models.viton import Coarse
from vtonlib.profiles import BUDGETS, DEFAULT
from vtonlib.studies.published import HUMAN, IS, compare_order
from vtonlib.studies.tryon import SYSTEMS, change_nothing, non_parametric, parameters
from vtonlib.training.registry import stage_names


def test_every_system_has_a_stage_with_a_budget():
    stages = [system.stage for system in SYSTEMS.values() if system.stage]
    assert set(stages) <= set(stage_names())
    assert all((stage, DEFAULT) in BUDGETS for stage in stages)


def test_published_figures_are_of_systems_that_are_measured():
    assert set(IS) | set(HUMAN) <= set(SYSTEMS)


def test_the_garment_is_pasted_and_all_else_stays():
    task = swap_task("unpaired", 64).only([0, 1])
    coarse = tiny_stage("viton_coarse")
    coarse.imagine_all = lambda task: Coarse(task.truth, task.worn)
    result = non_parametric(coarse)(task)
    changed = (result != change_nothing(task)).any(1, keepdim=True).float()
    assert changed.sum() > 0.5 * task.worn.sum()
    union = ((changed + task.worn) > 0).sum()
    assert (changed * task.worn).sum() / union > 0.5  # outlines meet outlines


def test_networks_that_only_a_loss_asks_do_not_count():
    stage = tiny_stage("prgan")
    both = sum(p.numel() for network in (stage.first, stage.second) for p in network.parameters())
    assert parameters(stage) == both


def test_an_order_is_compared_pair_by_pair():
    published = {"a": 3.0, "b": 2.0, "c": 1.0}
    order = compare_order(published, {"a": 0.5, "b": 0.9, "c": 0.1})
    assert order.kept == (("a", "c"), ("b", "c"))
    assert order.broken == (("a", "b"),)
    assert order.share == pytest.approx(2 / 3)
    assert compare_order(published, {"a": 0.5, "b": 0.9, "c": 0.1}, lower=True).kept == (("a", "b"),)
