"""The bars of chapter 07 stop warps that learned nothing: doing nothing, boxes, first weights, one for everybody."""

from dataclasses import dataclass

import pytest
import torch

from vtonlib.bars import threshold
from vtonlib.data.warp_task import WarpTask, warp_task
from vtonlib.geometry.sampling import identity_grid
from vtonlib.metrics.warps import judge_warp
from vtonlib.profiles import PROFILES, budget
from vtonlib.studies import warping
from vtonlib.training.registry import build_stage

PLACES = {"epe_over_bbox", "epe_over_shape_context", "iou"}
"""Figures of where the cloth lies; ``folded`` is perfect for whoever does nothing."""


@dataclass
class World:
    profile: str
    task: WarpTask
    box: float
    outline: float

    def missed(self, grid):
        """The bars that a warp of everybody does not pass."""
        scores = judge_warp(grid, self.task)
        found = {
            "epe_over_bbox": scores["epe_px"].value / self.box,
            "epe_over_shape_context": scores["epe_px"].value / self.outline,
        }
        if self.profile == "cpu":  # short runs fold nothing, so smoke has no bar for it
            found["folded"] = scores["folded"].value
        missed = {name for name, value in found.items() if value >= threshold("07_tps_warping", self.profile, name)}
        overlap = threshold("07_tps_warping", self.profile, "iou")
        return missed | ({"iou"} if scores["iou"].value <= overlap else set())


@pytest.fixture(scope="module", params=("smoke", "cpu"))
def world(request):
    task = warp_task("unpaired", PROFILES[request.param].size[0])
    box, outline = (judge_warp(fit(task), task)["epe_px"].value for fit in (warping.old_box, warping.old_outline))
    return World(request.param, task, box, outline)


def test_changing_nothing_misses_every_bar_but_that_of_folds(world):
    assert world.missed(warping.change_nothing(world.task)) == PLACES


def test_the_box_of_the_old_garment_misses_every_bar_but_that_of_folds(world):
    assert world.missed(warping.old_box(world.task)) == PLACES


def test_a_matcher_with_its_first_weights_misses_every_bar_but_that_of_folds(world):
    plan = budget("cp_vton_matcher", world.profile)
    stage = build_stage("cp_vton_matcher", width=plan.width, height=plan.height)
    assert world.missed(stage.match(world.task)) == PLACES


def test_cloth_that_is_turned_over_misses_the_bar_of_folds(world):
    turned = identity_grid(world.task.size) * torch.tensor([-1.0, 1.0])
    missed = world.missed(turned.expand(len(world.task.cloth), -1, -1, -1))
    assert missed == PLACES | ({"folded"} if world.profile == "cpu" else set())


def test_one_warp_for_everybody_misses_every_bar_but_that_of_folds(world):
    """The mean of the boxes that the garments really fill, which nobody who only trains could know better."""
    boxes = warping.true_box(world.task).mean(0, keepdim=True).expand(len(world.task.cloth), -1, -1, -1)
    assert world.missed(boxes) == PLACES
