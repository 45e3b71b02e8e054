"""The lists with the worn garment's picture."""

import torch

from vtonlib.data.swap_task import swap_task
from vtonlib.data.warp_task import warp_task


def test_it_is_the_list_with_one_thing_more():
    swap, task = swap_task("unpaired", 64), warp_task("unpaired", 64)
    assert torch.equal(swap.cloth, task.cloth)
    assert swap.categories == task.categories
    assert swap.old_cloth.shape == swap.cloth.shape


def test_who_puts_on_the_own_garment_wears_it_already():
    paired, unpaired = swap_task("paired", 64), swap_task("unpaired", 64)
    assert torch.equal(paired.old_cloth, paired.cloth)
    assert torch.equal(unpaired.old_cloth, paired.cloth)
    assert not torch.equal(unpaired.old_cloth, unpaired.cloth)


def test_a_part_of_the_list_keeps_each_garment_with_its_person():
    whole = swap_task("unpaired", 64)
    part = whole.only([5, 2])
    assert torch.equal(part.old_cloth, whole.old_cloth[[5, 2]])
    assert torch.equal(part.truth, whole.truth[[5, 2]])
