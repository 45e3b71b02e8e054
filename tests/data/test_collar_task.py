"""Collars and necks of a fixed list: each with its person, and a band by hand."""

from dataclasses import replace

import pytest
import torch

from vtonlib.data.collar_task import collar_task
from vtonlib.data.keypoints import COCO_18
from vtonlib.data.warp_task import warp_task


@pytest.fixture(scope="module")
def task():
    return collar_task("neckline_change", 64)


def test_it_is_the_list_with_more(task):
    assert torch.equal(task.cloth, warp_task("neckline_change", 64).cloth)
    assert task.inner.shape == task.throat.shape == task.old_throat.shape == task.worn.shape
    assert not (task.inner * (1 - task.cloth_mask)).any()
    assert task.label.any()
    assert not (task.label * (1 - task.inner)).any()
    assert not (task.throat * task.worn).any()
    assert not (task.old_throat * task.old).any()


def test_a_part_keeps_each_collar_with_its_person(task):
    part = task.only([7, 3])
    assert torch.equal(part.inner, task.inner[[7, 3]])
    assert torch.equal(part.truth, task.truth[[7, 3]])
    assert torch.equal(part.sheer, task.sheer[[7, 3]])
    assert part.materials == (task.materials[7], task.materials[3])


def test_the_band_is_where_necklines_differ(task):
    """One row: the old garment bares columns 10 to 13, the new one 12 to 15; far away they differ as well.

    So do they at the belly, where a neckline is none.
    """
    empty = torch.zeros(1, 1, 64, 48)
    old, worn, old_throat, throat = (empty.clone() for _ in range(4))
    old[..., 10, 5:30], worn[..., 10, 5:28] = 1, 1
    for garment, neck, columns in ((old, old_throat, slice(10, 14)), (worn, throat, slice(12, 16))):
        garment[..., 10, columns], neck[..., 10, columns] = 0, 1
    worn[..., 40, 10:14], old_throat[..., 40, 10:14] = 1, 1
    person = task.only([0]).person
    joints = torch.zeros(1, 18, 3)
    for name, x in (("neck", 13), ("right_shoulder", 3), ("left_shoulder", 23)):
        joints[0, COCO_18.index(name)] = torch.tensor([x, 10.0, 1.0])
    known = {"person": replace(person, keypoints=joints), "old": old, "worn": worn}
    closing, opening = replace(task.only([0]), **known, throat=throat, old_throat=old_throat).band()
    assert closing[0, 0, 10].nonzero().flatten().tolist() == [10, 11]
    assert opening[0, 0, 10].nonzero().flatten().tolist() == [14, 15]
    assert closing.sum() + opening.sum() == 4


def test_necklines_differ_on_the_list_of_that_name(task):
    closing, opening = task.band()
    assert ((closing + opening).flatten(1).sum(1) > 0).float().mean() > 0.9
