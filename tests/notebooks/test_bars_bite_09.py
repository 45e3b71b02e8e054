"""The bars of chapter 09 stop systems that learned nothing: old garments, first weights, and deaf ones."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
import torch
from torch import Tensor

from vtonlib import zoo
from vtonlib.bars import threshold
from vtonlib.data.warp_task import WarpTask, warp_task
from vtonlib.metrics.l1 import l1
from vtonlib.metrics.try_on import judge_try_on
from vtonlib.profiles import PROFILES, budget
from vtonlib.training.registry import build_stage
from vtonlib.training.try_on import TryOnStage

SMOKE = (6, 3, 47, 24, 9, 30, *range(100, 200, 3))


HIGH = {"ssim_over_nothing"}


@dataclass
class World:
    profile: str
    task: WarpTask

    def missed(self, try_on: Callable[[WarpTask], Tensor]) -> set[str]:
        """The bars that a system does not pass."""
        wrong = replace(self.task, cloth=self.task.cloth.roll(1, 0), cloth_mask=self.task.cloth_mask.roll(1, 0))
        right, misled = try_on(self.task), try_on(wrong)
        scores, nothing = (judge_try_on(p, self.task) for p in (right, self.task.person.pictures()))
        found = {
            "ssim_over_nothing": scores["ssim_masked"].value - nothing["ssim_masked"].value,
            "l1_over_nothing": scores["l1_masked"].value / nothing["l1_masked"].value,
            "l1_over_wrong": scores["l1_masked"].value / l1(misled, self.task.truth, self.task.worn).value,
        }
        if self.profile == "smoke":  # sixty steps may be too few for SSIM, so smoke has no bar for it
            del found["ssim_over_nothing"]
        bars = {name: threshold("09_compared_approaches", self.profile, name) for name in found}
        return {n for n, value in found.items() if (value <= bars[n] if n in HIGH else value >= bars[n])}


@pytest.fixture(scope="module", params=("smoke", "cpu"))
def world(request):
    task = warp_task("unpaired", PROFILES[request.param].size[0])
    return World(request.param, task.only(SMOKE) if request.param == "smoke" else task)


def test_changing_nothing_misses_every_bar(world):
    missed = world.missed(lambda task: task.person.pictures())
    assert missed == {"l1_over_nothing", "l1_over_wrong"} | (HIGH if world.profile == "cpu" else set())


@pytest.mark.parametrize("world", ["cpu"], indirect=True)
def test_a_module_with_its_first_weights_misses_a_bar(world):
    """It mixes a warped garment with grey half and half, which is as good as the worst of five runs of sixty steps."""
    plan = budget("cp_vton_plus_try_on", world.profile)
    stage = build_stage("cp_vton_plus_try_on", width=plan.width, height=plan.height, perceptual_weight=0.0)
    assert isinstance(stage, TryOnStage)
    assert world.missed(stage.try_on)


def test_one_garment_for_everybody_misses_the_bar_of_who_listens(world):
    """Whoever knows the true place of the garment and paints it in the mean colour of all does not listen."""
    task = world.task
    colour = (task.truth * task.worn).sum((0, 2, 3)) / task.worn.sum()
    painted = task.truth * (1 - task.worn) + colour.view(1, 3, 1, 1) * task.worn
    assert "l1_over_wrong" in world.missed(lambda _: painted)


@pytest.mark.parametrize("world", ["cpu"], indirect=True)
def test_a_shipped_module_that_sees_the_garment_upside_down_misses_a_bar(world):
    stage = zoo.load("cp_vton_plus_try_on.cpu")
    assert isinstance(stage, TryOnStage)
    assert world.missed(stage.try_on) == set()

    def upside_down(task):
        return stage.try_on(replace(task, cloth=task.cloth.flip(2), cloth_mask=task.cloth_mask.flip(2)))

    assert world.missed(upside_down)


def test_the_truth_passes_every_bar(world):
    truth = world.task.truth

    def see(task):
        return truth if torch.equal(task.cloth, world.task.cloth) else truth.roll(1, 0)

    assert world.missed(see) == set()
