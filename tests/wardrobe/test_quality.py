"""Skin that pokes through cloth counts, skin that belongs there does not; a torn garment is told from a covered one."""

import numpy as np
import pytest

from vtonlib.data.keypoints import COCO
from vtonlib.data.labels import LIP
from vtonlib.data.sample import View
from vtonlib.errors import VtonError
from vtonlib.wardrobe.quality import pieces, poke_through

SIZE = (128, 96)
SHIRT = (slice(36, 76), slice(30, 66))
TROUSERS = (slice(76, 120), slice(32, 64))


class Labels:
    """A person in a long-sleeved shirt and trousers, painted in boxes (rows, columns)."""

    def __init__(self):
        self.parse = np.zeros(SIZE, np.uint8)
        self.neck = np.zeros(SIZE, bool)
        self.keypoints = np.zeros((18, 3), np.float32)
        for name, x, y in (("neck", 48, 34), ("left_hip", 56, 76), ("right_hip", 40, 76)):
            self.keypoints[COCO[name]] = x, y, 1
        for side, x in (("left", 74), ("right", 22)):
            self.keypoints[COCO[f"{side}_elbow"]] = x, 55, 1
            self.keypoints[COCO[f"{side}_wrist"]] = x, 74, 1
        self.paint("face", slice(10, 28), slice(40, 56))
        self.paint("upper_clothes", *SHIRT)
        self.paint("pants", *TROUSERS)
        self.bare_neck(slice(28, 40), slice(42, 54))

    def paint(self, name, rows, columns):
        self.parse[rows, columns] = LIP[name]
        self.neck[rows, columns] = False
        return self

    def bare_neck(self, rows, columns):
        self.parse[rows, columns] = 0
        self.neck[rows, columns] = True
        return self

    def move(self, joint, x, y):
        self.keypoints[COCO[joint], :2] = x, y
        return self

    def view(self):
        return View(np.zeros((*SIZE, 3), np.uint8), self.parse, self.neck, self.keypoints)


def shirt_pixels(view):
    return int((view.parse == LIP["upper_clothes"]).sum())


def test_a_dressed_person_is_clean():
    view = Labels().view()
    assert poke_through(view) == 0
    assert (pieces(view, "top"), pieces(view, "bottom"), pieces(view, "dress")) == (1, 1, 0)


def test_a_hole_of_skin_in_the_shirt_counts_by_its_pixels():
    view = Labels().bare_neck(slice(55, 58), slice(44, 49)).view()
    assert poke_through(view) == pytest.approx(15 / (15 + shirt_pixels(view)))


@pytest.mark.parametrize("part", ["face", "right_arm", "left_leg"])
def test_every_part_of_the_body_can_poke_through(part):
    assert poke_through(Labels().paint(part, slice(60, 62), slice(40, 42)).view()) > 0


def test_the_worst_garment_decides():
    labels = Labels().bare_neck(slice(55, 58), slice(44, 49)).paint("left_leg", slice(90, 96), slice(40, 50))
    view = labels.view()
    assert poke_through(view) == pytest.approx(60 / (view.parse == LIP["pants"]).sum(), rel=0.06)


def test_a_hand_on_the_belly_is_no_hole():
    labels = Labels().move("left_elbow", 74, 60).move("left_wrist", 62, 60)
    labels.paint("left_arm", slice(56, 64), slice(48, 63))
    assert poke_through(labels.view()) == 0


def test_a_finger_that_the_other_sleeve_cuts_off_is_no_hole():
    labels = Labels().move("left_elbow", 74, 60).move("left_wrist", 62, 60)
    labels.paint("left_arm", slice(58, 60), slice(49, 53))
    assert poke_through(labels.view()) == 0


@pytest.mark.parametrize(("name", "columns"), [("left_arm", slice(69, 72)), ("right_arm", slice(49, 53))])
def test_a_forearm_and_a_hand_of_the_other_side_poke_through(name, columns):
    labels = Labels().move("left_elbow", 80, 60).move("left_wrist", 62, 60)
    labels.paint("upper_clothes", slice(50, 70), slice(60, 84))
    labels.paint(name, slice(58, 60), columns)
    assert poke_through(labels.view()) > 0


def test_a_neckline_that_hair_divides_is_no_hole():
    labels = Labels().paint("hair", slice(36, 40), slice(40, 56)).bare_neck(slice(40, 44), slice(44, 52))
    assert poke_through(labels.view()) == 0


@pytest.mark.parametrize(("columns", "counts"), [(slice(30, 66), False), (slice(40, 55), True)])
def test_a_bare_waist_goes_from_side_to_side_and_a_sliver_does_not(columns, counts):
    view = Labels().bare_neck(slice(74, 76), columns).view()
    assert (poke_through(view) > 0) == counts


@pytest.mark.parametrize(("name", "counts"), [("left_leg", True), ("left_arm", False)])
def test_a_notch_in_the_outline_counts_unless_an_arm_may_go_behind_the_back(name, counts):
    view = Labels().paint(name, slice(90, 98), slice(60, 64)).view()
    assert (poke_through(view) > 0) == counts


def test_skin_at_the_edge_of_the_picture_is_not_enclosed():
    labels = Labels().paint("pants", slice(76, 128), slice(32, 64)).paint("left_leg", slice(126, 128), slice(40, 56))
    assert poke_through(labels.view()) == 0


def test_an_arm_across_the_chest_does_not_split_the_garment():
    labels = Labels().paint("left_arm", slice(50, 58), slice(30, 66))
    assert pieces(labels.view(), "top") == 1


@pytest.mark.parametrize("name", ["hair", "coat", "right_arm", "dress"])
def test_what_lies_before_a_garment_does_not_split_it(name):
    labels = Labels().paint(name, slice(80, 100), slice(32, 64))
    assert pieces(labels.view(), "bottom") == 1


@pytest.mark.parametrize("name", ["background", "left_leg"])
def test_two_separate_pieces_are_two(name):
    labels = Labels().paint(name, slice(80, 100), slice(32, 64))
    assert pieces(labels.view(), "bottom") == 2


def test_a_speck_is_no_piece():
    labels = Labels().paint("upper_clothes", slice(50, 51), slice(80, 82))
    assert pieces(labels.view(), "top") == 1
    assert pieces(labels.paint("upper_clothes", slice(50, 54), slice(80, 82)).view(), "top") == 2


def test_labels_that_are_missing_are_named():
    with pytest.raises(VtonError, match="parse, neck or keypoints"):
        poke_through(View(np.zeros((*SIZE, 3), np.uint8)))
