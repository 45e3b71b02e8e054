"""The walk down the arm, on arms drawn by hand, and on real maps."""

import pytest
import torch

from vtonlib.data.keypoints import COCO
from vtonlib.data.label_sets import FASHIONGAN_7
from vtonlib.data.outfits import outfits
from vtonlib.errors import VtonError
from vtonlib.metrics.sleeves import SleeveRuler, arms_in_view, match_of_sleeves, sleeve_cover

ARMS, CLOTH, DRESS = (FASHIONGAN_7.number(name) for name in ("arms", "upper_clothes", "pants"))


def straight_arms() -> tuple[torch.Tensor, torch.Tensor]:
    """One person, 40 x 40, whose right arm hangs in column 5 and left arm in column 30, rows 4 to 36, both bare."""
    labels = torch.zeros(1, 40, 40, dtype=torch.int64)
    labels[0, 4:37, 5] = labels[0, 4:37, 30] = ARMS
    joints = torch.zeros(1, 18, 3)
    for side, x in (("right", 5), ("left", 30)):
        for joint, y in (("shoulder", 4), ("elbow", 20), ("wrist", 36)):
            joints[0, COCO[f"{side}_{joint}"]] = torch.tensor([x, y, 1.0])
    return labels, joints


@pytest.mark.parametrize("cloth", [CLOTH, DRESS])
@pytest.mark.parametrize(("rows", "covered"), [(0, 0), (8, 8 / 33), (33, 1)])
def test_a_sleeve_covers_its_share_of_the_arm(cloth, rows, covered):
    labels, joints = straight_arms()
    labels[0, 4 : 4 + rows, [5, 30]] = cloth
    assert sleeve_cover(labels, joints).item() == pytest.approx(covered)


def test_what_is_neither_cloth_nor_skin_does_not_count():
    labels, joints = straight_arms()
    labels[0, 4:20, [5, 30]] = FASHIONGAN_7.number("hair")
    labels[0, 20:25, [5, 30]] = CLOTH
    assert sleeve_cover(labels, joints).item() == pytest.approx(5 / 17)


def test_arms_with_a_hidden_joint_are_left_out():
    labels, joints = straight_arms()
    labels[0, 4:37, 5] = CLOTH
    assert sleeve_cover(labels, joints).item() == 0.5
    joints[0, COCO["right_elbow"], 2] = 0
    assert sleeve_cover(labels, joints).item() == 0
    assert arms_in_view(joints).all()
    joints[0, COCO["left_wrist"], 2] = 0
    assert sleeve_cover(labels, joints).isnan().all()
    assert not arms_in_view(joints).any()


def test_places_outside_the_picture_do_not_count():
    labels, joints = straight_arms()
    joints[0, COCO["right_wrist"], :2] = joints[0, COCO["left_wrist"], :2] = torch.tensor([5.0, 90.0])
    assert sleeve_cover(labels, joints).isfinite().all()


def test_the_ruler_finds_the_cuts_that_separate():
    cover = torch.tensor([0.0, 0.1, 0.3, 0.4, 0.6, 0.7, 0.9, 1.0, torch.nan])
    sleeve = torch.tensor([0, 0, 1, 1, 2, 2, 3, 3, 3])
    ruler = SleeveRuler.fit(cover, sleeve)
    assert 0.1 < ruler.cuts[0] <= 0.3
    assert 0.4 < ruler.cuts[1] <= 0.6
    assert 0.7 < ruler.cuts[2] <= 0.9
    told = ruler.tell(cover)
    assert told.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, -1]
    assert match_of_sleeves(told, sleeve, cover.isfinite()) == 1
    assert match_of_sleeves(told, torch.full((9,), 2), cover.isfinite()) == 0.25
    assert match_of_sleeves(told, sleeve, sleeve == 3) == pytest.approx(2 / 3), "an arm that was not drawn is wrong"


def test_rare_lengths_count_as_much_as_frequent_ones():
    cover = torch.cat([torch.full((98,), 0.30), torch.tensor([0.30, 0.5, 0.9])])
    sleeve = torch.tensor([0] * 98 + [1, 2, 3])
    assert SleeveRuler.fit(cover, sleeve).tell(torch.tensor([0.5, 0.9])).tolist() == [2, 3]


def test_the_ruler_reads_real_maps_of_held_out_people():
    train, test = (outfits(split, 64, ("person",)) for split in ("train", "test"))
    covers = [sleeve_cover(people.tensors["labels"], people.tensors["keypoints"]) for people in (train, test)]
    told = SleeveRuler.fit(covers[0], train.tensors["sleeve"]).tell(covers[1])
    judged = arms_in_view(test.tensors["keypoints"])
    assert match_of_sleeves(told, test.tensors["sleeve"], judged) > 0.95
    assert judged.float().mean() > 0.9
    assert torch.equal(judged, told >= 0)


def test_what_does_not_fit_is_refused():
    labels, joints = straight_arms()
    with pytest.raises(VtonError, match=r"joints \(1, 17, 3\)"):
        sleeve_cover(labels, joints[:, 1:])
    with pytest.raises(VtonError, match="no example"):
        SleeveRuler.fit(torch.rand(6), torch.tensor([0, 1, 2, 2, 1, 0]))
    with pytest.raises(VtonError, match="nobody"):
        match_of_sleeves(torch.tensor([0]), torch.tensor([0]), torch.tensor([False]))
