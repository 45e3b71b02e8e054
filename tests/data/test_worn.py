"""People beside their garments: each example points at the garment that its picture shows."""

import pytest
import torch

from vtonlib.data.layout import read_sample
from vtonlib.data.mini import wardrobe_mini
from vtonlib.data.sample import CATEGORIES
from vtonlib.data.worn import worn_garments
from vtonlib.errors import VtonError

NAMES = ["000000", "000092"]


@pytest.fixture(scope="module")
def worn():
    return worn_garments("test", 128, names=NAMES)


@pytest.mark.parametrize("row", range(8))
def test_an_example_is_a_view_and_its_garment(worn, row):
    slots = {"person": "cloth", "other_pose": "cloth", "swap": "other_cloth", "other_pose_swap": "other_cloth"}
    slot, owner = list(slots.items())[row // 2]
    sample = read_sample(wardrobe_mini(), "test", NAMES[row % 2])
    view, garment = getattr(sample, slot), getattr(sample, owner)
    examples, number = worn.examples, worn.examples["garment"][row]
    assert (examples["person.image"][row].permute(1, 2, 0).numpy() == view.image).all()
    assert (examples["person.parse"][row].numpy() == view.parse).all()
    assert (examples["person.keypoints"][row].numpy() == view.keypoints).all()
    assert (worn.garments["image"][number].permute(1, 2, 0).numpy() == garment.image).all()
    assert (worn.garments["mask"][number].numpy() == garment.mask).all()
    assert CATEGORIES[worn.garments["category"][number]] == garment.category


def test_worn_is_where_the_garments_own_points_are_seen(worn):
    view = read_sample(wardrobe_mini(), "test", NAMES[1]).swap
    assert (worn.examples["worn"][5].numpy() == ~torch.from_numpy(view.correspondence).isnan().any(2).numpy()).all()


def test_one_view_needs_one_garment_for_each_person(worn):
    swap = worn_garments("test", 128, ("swap",), NAMES)
    assert len(swap.garments["image"]) == 2
    assert swap.examples["garment"].tolist() == [0, 1]
    assert torch.equal(swap.garments["image"], worn.garments["image"][2:])


@pytest.mark.parametrize("slots", [(), ("cloth",), ("person", "sideways")])
def test_a_view_that_does_not_exist_is_refused(slots):
    with pytest.raises(VtonError, match="choose one or more of person, other_pose"):
        worn_garments("test", 128, slots, NAMES)
