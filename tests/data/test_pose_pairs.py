"""Pairs of poses: the same person and garment on both sides, another pose."""

import pytest
import torch

from vtonlib.data.pose_pairs import pose_pairs
from vtonlib.data.sample import VIEWS


@pytest.fixture(scope="module")
def pairs():
    return pose_pairs("test", 64)


def test_every_view_is_the_reference_of_its_reference(pairs):
    rows = torch.arange(len(pairs.worn.examples["garment"]))
    assert torch.equal(pairs.reference[pairs.reference], rows)
    assert (pairs.reference != rows).all()


def test_the_garment_stays_and_the_pose_changes(pairs):
    garment = pairs.worn.examples["garment"]
    assert torch.equal(garment[pairs.reference], garment)
    people = len(garment) // len(VIEWS)
    assert torch.equal(pairs.reference % people, torch.arange(len(garment)) % people)
    rows = torch.arange(len(garment))
    moved = pairs.views(pairs.reference).keypoints - pairs.views(rows).keypoints
    assert (moved[..., :2].abs().amax((1, 2)) > 1).float().mean() > 0.95
