"""The bars of chapter 12 stop Warp-GANs that learned nothing: first weights, old pictures, one deaf to the person."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from vtonlib import zoo
from vtonlib.bars import threshold
from vtonlib.data.pose_task import PoseTask, pose_task
from vtonlib.metrics.multi_pose import judge_multi_pose
from vtonlib.profiles import PROFILES, budget
from vtonlib.training.alignment import Alignment
from vtonlib.training.batches import Batch
from vtonlib.training.registry import build_stage
from vtonlib.training.stages.mg_vton_warp_gan import MgVtonWarpGanStage

CHAPTER = "12_warp_gan"
EVERY = {
    "smoke": {"garment_over_nothing"},
    "cpu": {"garment_over_nothing", "ssim_over_nothing", "head_over_somebody"},
}

Paint = Callable[[Batch], Tensor]
"""Takes what :func:`vtonlib.training.alignment.known` tells, with garments, and gives pictures."""


class World:
    """The list of a profile, and what is told of its people, rightly and of somebody else."""

    def __init__(self, profile: str) -> None:
        self.profile = profile
        self.task: PoseTask = pose_task("multi_pose_unpaired", PROFILES[profile].size[0])
        stage = zoo.load("mg_vton_warp_gan.cpu")
        assert isinstance(stage, MgVtonWarpGanStage)
        self.shipped = stage
        self.alignment: Alignment = stage.alignment
        self.told = self.alignment.see(self.task)
        other = {name: self.told[name].roll(-1, 0) for name in ("reference", "reference_labels")}
        self.misled = self.told | other

    def missed(self, paint: Paint) -> set[str]:
        """The bars that a painter does not pass."""
        right = judge_multi_pose(paint(self.told), self.task)
        nothing = judge_multi_pose(self.task.reference.pictures(), self.task)
        found = {"garment_over_nothing": right["l1_masked"].value / nothing["l1_masked"].value}
        if self.profile == "cpu":
            wrong = judge_multi_pose(paint(self.misled), self.task)
            found["ssim_over_nothing"] = right["ssim"].value - nothing["ssim"].value
            found["head_over_somebody"] = right["head_l1"].value / wrong["head_l1"].value
        bars = {name: threshold(CHAPTER, self.profile, name) for name in found}
        return {n for n, value in found.items() if (value <= bars[n] if n.startswith("ssim") else value >= bars[n])}


def by(stage: MgVtonWarpGanStage) -> Paint:
    def paint(told: Batch) -> Tensor:
        parts = zip(*(tensor.split(25) for tensor in told.values()), strict=True)
        return torch.cat([stage.predict(dict(zip(told, part, strict=True)), torch.Generator()) for part in parts])

    return paint


@pytest.fixture(scope="module", params=EVERY)
def world(request):
    return World(request.param)


def test_the_truth_passes_if_it_listens(world):
    def truth(told: Batch) -> Tensor:
        right = torch.equal(told["reference"], world.told["reference"])
        return world.task.truth if right else world.task.truth.roll(-1, 0)

    assert world.missed(truth) == set()


def test_changing_nothing_misses(world):
    assert world.missed(lambda told: world.task.reference.pictures()) == EVERY[world.profile]


@pytest.mark.parametrize("world", ["cpu"], indirect=True)
def test_first_weights_miss_a_bar(world):
    """Smoke has one bar, which any grey passes, since changing nothing keeps a garment of the wrong colour."""
    plan = budget("mg_vton_warp_gan", world.profile)
    stage = build_stage("mg_vton_warp_gan", width=plan.width, height=plan.height, perceptual_weight=0.0, skips=True)
    assert isinstance(stage, MgVtonWarpGanStage)
    stage.alignment = world.alignment
    assert world.missed(by(stage))


@pytest.mark.parametrize("world", ["cpu"], indirect=True)
def test_shipped_weights_pass_and_miss_when_they_are_deaf_to_the_person(world):
    assert world.missed(by(world.shipped)) == set()

    def deaf(told: Batch) -> Tensor:
        return by(world.shipped)(told | {"reference": torch.zeros_like(told["reference"])})

    assert "head_over_somebody" in world.missed(deaf)
