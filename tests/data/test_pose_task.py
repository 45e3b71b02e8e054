"""The lists with two poses: what belongs to whom."""

import pytest
import torch

from vtonlib.data.pose_task import pose_task
from vtonlib.data.warp_task import warp_task


@pytest.mark.parametrize("name", ["multi_pose", "multi_pose_unpaired"])
def test_it_holds_the_same_people_as_the_other_lists(name):
    task, known = pose_task(name, 64), warp_task("unpaired", 64)
    assert torch.equal(task.reference.image, known.person.image)
    assert task.size == (64, 48)
    assert task.truth.shape == task.cloth.shape == (200, 3, 64, 48)
    assert not torch.equal(task.reference.keypoints, task.target.keypoints)


def test_the_garment_stays_on_one_list_and_changes_on_the_other():
    stays, changes = pose_task("multi_pose", 64), pose_task("multi_pose_unpaired", 64)
    assert torch.equal(changes.cloth, warp_task("unpaired", 64).cloth)
    assert torch.equal(stays.cloth, warp_task("paired", 64).cloth)
    assert torch.equal(stays.target.keypoints[..., :2], changes.target.keypoints[..., :2])


def test_a_part_keeps_everything_together():
    task = pose_task("multi_pose", 64)
    part = task.only([7, 3])
    for name in ("cloth", "cloth_mask", "worn", "turned"):
        assert torch.equal(getattr(part, name), getattr(task, name)[[7, 3]])
    assert part.categories == (task.categories[7], task.categories[3])
    assert part.framings == (task.framings[7], task.framings[3])
    assert torch.equal(part.truth, task.truth[[7, 3]])
    assert torch.equal(part.reference.parse, task.reference.parse[[7, 3]])


def test_some_turn():
    assert 0.05 < pose_task("multi_pose", 64).turned.float().mean() < 0.5
