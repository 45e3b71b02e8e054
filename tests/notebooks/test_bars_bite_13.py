"""The bars of chapter 13 stop renders that learned nothing: no garment, first weights, white sheets, other people."""

import pytest
import torch
from torch import Tensor

from vtonlib import zoo
from vtonlib.bars import threshold
from vtonlib.data.pose_task import LISTS, PoseTask, pose_task
from vtonlib.metrics.multi_pose import judge_multi_pose
from vtonlib.models.viton import compose
from vtonlib.profiles import PROFILES, budget
from vtonlib.training.multi_pose import MultiPoseStage
from vtonlib.training.registry import build_stage
from vtonlib.training.stages.mg_vton_render import MgVtonRenderStage
from vtonlib.training.stages.mg_vton_warp_gan import MgVtonWarpGanStage

CHAPTER = "13_refinement_render"
SMOKE = {"l1_over_coarse"}
CPU = {"ssim_over_constant", "ssim_over_baselines", "ssim_over_baselines_paired", "head_over_baselines"}
PAIRED, UNPAIRED = LISTS
CONSTANTS = (1.0, 0.7, 0.5)
"""Shares of the warped garment in masks that nobody trained."""


class World:
    """Both lists of a profile, and what the bars compare with."""

    def __init__(self, profile: str) -> None:
        self.profile = profile
        self.tasks = {name: pose_task(name, PROFILES[profile].size[0]) for name in LISTS}
        coarse = shipped("mg_vton_warp_gan")
        assert isinstance(coarse, MgVtonWarpGanStage)
        batch = coarse.alignment.see(self.tasks[UNPAIRED])
        with torch.no_grad():
            self.aligned = coarse.align(batch)
            self.painted = coarse.render(batch, self.aligned)
        self.coarse = self.judged({UNPAIRED: self.painted})
        rivals = [shipped(name) for name in ("viton_pose", "cp_vton_pose") if profile == "cpu"]
        self.rivals = [self.judge(rival) for rival in rivals]
        self.constants = [self.judged(self.constant(share))[UNPAIRED]["ssim"] for share in CONSTANTS] if rivals else []

    def constant(self, share: float) -> dict[str, Tensor]:
        """Pictures by a mask that nobody had to train: the same share everywhere in the warped garment."""
        return {UNPAIRED: compose(share * self.aligned.mask, self.aligned.cloth, self.painted)}

    def judge(self, stage: MultiPoseStage) -> dict[str, dict[str, float]]:
        return self.judged({name: stage.try_on(task) for name, task in self.tasks.items()})

    def judged(self, pictures: dict[str, Tensor]) -> dict[str, dict[str, float]]:
        return {
            name: {key: score.value for key, score in judge_multi_pose(pictures[name], task).items()}
            for name, task in self.tasks.items()
            if name in pictures
        }

    def missed(self, pictures: dict[str, Tensor]) -> set[str]:
        """The bars that pictures do not pass, of both lists or of the second alone."""
        ours = self.judged(pictures)
        found = {"l1_over_coarse": ours[UNPAIRED]["l1_masked"] / self.coarse[UNPAIRED]["l1_masked"]}
        if self.rivals:
            for name, which in (("ssim_over_baselines", UNPAIRED), ("ssim_over_baselines_paired", PAIRED)):
                if which in ours:
                    found[name] = ours[which]["ssim"] - max(rival[which]["ssim"] for rival in self.rivals)
            least = min(rival[UNPAIRED]["head_l1"] for rival in self.rivals)
            found["head_over_baselines"] = ours[UNPAIRED]["head_l1"] / least
            found["ssim_over_constant"] = ours[UNPAIRED]["ssim"] - max(self.constants)
        bars = {name: threshold(CHAPTER, self.profile, name) for name in found}
        if "ssim_over_constant" in bars:
            bars["ssim_over_constant"] = max(1e-6, bars["ssim_over_constant"])  # zero, but for rounding
        return {n for n, value in found.items() if (value <= bars[n] if n.startswith("ssim") else value >= bars[n])}


def shipped(name: str) -> MultiPoseStage:
    stage = zoo.load(f"{name}.cpu")
    assert isinstance(stage, MultiPoseStage)
    return stage


@pytest.fixture(scope="module", params=("smoke", "cpu"))
def world(request):
    return World(request.param)


def everybody(world: World, try_on) -> dict[str, Tensor]:
    return {name: try_on(task) for name, task in world.tasks.items()}


def test_the_truth_passes(world):
    assert world.missed(everybody(world, lambda task: task.truth)) == set()


def test_changing_nothing_misses_every_bar(world):
    def nothing(task: PoseTask) -> Tensor:
        return task.reference.pictures()

    assert world.missed(everybody(world, nothing)) == SMOKE | (CPU if world.rivals else set())


def test_the_coarse_picture_alone_misses(world):
    assert "l1_over_coarse" in world.missed({UNPAIRED: world.painted})


@pytest.mark.parametrize("world", ["cpu"], indirect=True)
def test_first_weights_miss(world):
    """A mask of one half everywhere in the garment is a fair guess by L1, the only bar in smoke; cpu has another."""
    plan = budget("mg_vton_render", world.profile)
    stage = build_stage("mg_vton_render", width=plan.width, height=plan.height, perceptual_weight=0.0)
    assert isinstance(stage, MgVtonRenderStage)
    for parameter in stage.render.parameters():
        torch.nn.init.zeros_(parameter)
    assert "ssim_over_constant" in world.missed({UNPAIRED: stage.try_on(world.tasks[UNPAIRED])})


@pytest.mark.parametrize("world", ["cpu"], indirect=True)
def test_shipped_weights_pass_and_miss_with_somebody_elses_head(world):
    stage = shipped("mg_vton_render")
    pictures = everybody(world, stage.try_on)
    assert world.missed(pictures) == set()
    made, third = pictures[UNPAIRED], world.tasks[UNPAIRED].size[0] // 3
    beheaded = {UNPAIRED: torch.cat([made.roll(1, 0)[:, :, :third], made[:, :, third:]], 2)}
    assert "head_over_baselines" in world.missed(beheaded)


@pytest.mark.parametrize("world", ["cpu"], indirect=True)
@pytest.mark.parametrize("share", CONSTANTS)
def test_a_mask_that_nobody_trained_misses(world, share):
    assert "ssim_over_constant" in world.missed(world.constant(share))


@pytest.mark.parametrize("world", ["cpu"], indirect=True)
def test_a_white_sheet_misses_every_bar(world):
    def sheet(task: PoseTask) -> Tensor:
        return torch.ones_like(task.truth)

    assert world.missed(everybody(world, sheet)) == SMOKE | CPU
