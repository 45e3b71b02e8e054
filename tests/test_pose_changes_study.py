"""Kinds of pose changes, and who stands where in them."""

import pytest
import torch

from vtonlib.data.labels import LIP
from vtonlib.data.pose_task import pose_task
from vtonlib.data.warp_task import warp_task
from vtonlib.errors import VtonError
from vtonlib.studies.pose_changes import bare_arms, by_kind, legs, miou, references_in_the_new_garment


@pytest.fixture(scope="module")
def task():
    return pose_task("multi_pose_unpaired", 64)


def test_kinds_divide_the_list_and_halves_are_of_wholes(task):
    kinds = by_kind(task)
    assert len(kinds["same_framing"].cloth) + len(kinds["turned"].cloth) == len(task.cloth)
    assert kinds["turned"].turned.all()
    assert not kinds["same_framing"].turned.any()
    near = kinds["half_to_whole"]
    assert not near.turned.any()
    assert {before for before, _ in near.framings} == {"whole"}
    shoes = [views.region(("left_shoe", "right_shoe")).sum() for views in (near.reference, near.target)]
    assert shoes[0] < 0.1 * shoes[1], "but for a raised foot"


def test_the_new_garment_is_worn_in_the_old_pose(task):
    told, swap = references_in_the_new_garment(task), warp_task("unpaired", 64)
    assert torch.equal(told.pictures(), swap.truth)
    assert torch.equal(told.keypoints[..., :2], task.reference.keypoints[..., :2])
    with pytest.raises(VtonError, match="some of the held-out people"):
        references_in_the_new_garment(task.only([1, 0]))


def test_labels_are_scored_as_parsers_are(task):
    few = task.only(range(0, 200, 20))
    truth = few.target.parse.long()
    assert miou(truth, few).value == legs(truth, few).value == 1
    no_legs = torch.where(torch.isin(truth, torch.tensor([LIP["left_leg"], LIP["right_leg"]])), 0, truth)
    assert legs(no_legs, few).value == 0


def test_arms_are_counted_in_pixels():
    labels = torch.zeros(2, 4, 3, dtype=torch.uint8)
    labels[0, 0, :2], labels[0, 3, 2], labels[1, 1, 1] = LIP["left_arm"], LIP["right_arm"], LIP["face"]
    assert bare_arms(labels).tolist() == [3, 0]
