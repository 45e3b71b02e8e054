"""The bars of chapter 11 stop parsers that learned nothing: first weights, usual labels, and one deaf to the pose."""

from dataclasses import replace

import pytest
import torch

from vtonlib import zoo
from vtonlib.bars import threshold
from vtonlib.data.pose_task import pose_task
from vtonlib.data.worn import worn_garments
from vtonlib.profiles import PROFILES, budget
from vtonlib.studies.pose_changes import miou
from vtonlib.training.registry import build_stage
from vtonlib.training.stages.mg_vton_parsing import MgVtonParsingStage

CHAPTER = "11_conditional_parsing"


def usual_labels(height):
    training = worn_garments("train", height).examples["person.parse"][::4].long()
    counts = torch.zeros(20, *training.shape[1:]).scatter_add_(0, training, torch.ones(training.shape))
    return counts.argmax(0)


def missed(parse, profile):
    """The bars that a parser, from lists to labels (N, H, W), does not pass."""
    height = PROFILES[profile].size[0]
    task = pose_task("multi_pose_unpaired", height)
    truth, labels = task.target.parse.long(), parse(task).long()
    usual = usual_labels(height).expand_as(truth)
    found = {"right_over_usual": float((labels == truth).float().mean() - (usual == truth).float().mean())}
    if profile == "cpu":
        other = replace(task, target=replace(task.target, keypoints=task.target.keypoints.roll(-1, 0)))
        found["over_copy"] = miou(labels, task).value - miou(task.reference.parse, task).value
        found["over_joints"] = miou(labels, task).value - miou(parse(other), task).value
    return {name for name, value in found.items() if value <= threshold(CHAPTER, profile, name)}


EVERY = {"cpu": {"right_over_usual", "over_copy", "over_joints"}, "smoke": {"right_over_usual"}}


@pytest.mark.parametrize("profile", EVERY)
def test_the_truth_passes(profile):
    """It knows the joints that it is asked for, and answers with somebody else if these are somebody else's."""
    asked = pose_task("multi_pose_unpaired", PROFILES[profile].size[0]).target

    def answer(task):
        right = torch.equal(task.target.keypoints, asked.keypoints)
        return asked.parse if right else asked.parse.roll(-1, 0)

    assert missed(answer, profile) == set()


@pytest.mark.parametrize("profile", EVERY)
def test_the_usual_labels_miss(profile):
    usual = usual_labels(PROFILES[profile].size[0])
    assert missed(lambda task: usual.expand(len(task.cloth), -1, -1), profile) == EVERY[profile]


@pytest.mark.parametrize("profile", EVERY)
def test_first_weights_miss(profile):
    plan = budget("mg_vton_parsing", profile)
    stage = build_stage("mg_vton_parsing", width=plan.width, height=plan.height)
    assert isinstance(stage, MgVtonParsingStage)
    assert missed(stage.parse_all, profile) == EVERY[profile]


def test_copying_misses_whatever_asks_for_more_than_the_old_labels():
    assert missed(lambda task: task.reference.parse, "cpu") >= {"over_copy", "over_joints"}


def test_shipped_weights_pass_and_miss_when_they_are_deaf_to_the_pose():
    stage = zoo.load("mg_vton_parsing.cpu")
    assert isinstance(stage, MgVtonParsingStage)
    assert missed(stage.parse_all, "cpu") == set()

    def deaf(task):
        return stage.parse_all(replace(task, target=task.reference))

    assert "over_joints" in missed(deaf, "cpu")
