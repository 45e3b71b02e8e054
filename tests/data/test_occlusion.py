"""When an arm counts as being before a garment."""

import numpy as np
import pytest

from vtonlib.data.keypoints import COCO
from vtonlib.data.labels import LIP
from vtonlib.data.occlusion import arm_occludes

TOP = (slice(30, 80), slice(30, 66))


def figure(arm, wrist=None, side="right", label="upper_clothes", visible=1):
    """A garment of one label, one arm over it or beside it, and its wrist."""
    parse = np.zeros((128, 96), np.uint8)
    parse[TOP] = LIP[label]
    parse[arm] = LIP[f"{side}_arm"]
    keypoints = np.zeros((18, 3), np.float32)
    keypoints[COCO[f"{side}_wrist"]] = [*(wrist or (0, 0)), visible]
    return parse, keypoints


ACROSS = (slice(60, 66), slice(20, 50))
HANGING = (slice(40, 100), slice(22, 30))


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_forearm_across_the_belly_counts(side):
    assert arm_occludes(*figure(ACROSS, (49, 63), side), "top")


def test_an_arm_beside_the_garment_does_not():
    assert not arm_occludes(*figure(HANGING, (26, 95)), "top")


def test_an_arm_down_the_front_does():
    assert arm_occludes(*figure((slice(40, 100), slice(44, 52)), (48, 78)), "top")


def test_an_arm_between_a_sleeve_and_a_wide_skirt_does_not():
    parse, keypoints = figure(HANGING, (26, 95), label="dress")
    parse[30:40, 22:30] = parse[100:120, 20:76] = LIP["dress"]
    assert not arm_occludes(parse, keypoints, "dress")


def test_an_arm_without_a_visible_joint_nearby_does_not():
    assert not arm_occludes(*figure(ACROSS, (49, 63), visible=0), "top")
    assert not arm_occludes(*figure(ACROSS, (20, 100)), "top")


def test_a_few_pixels_do_not():
    assert not arm_occludes(*figure((slice(60, 63), slice(40, 43)), (41, 61)), "top")


@pytest.mark.parametrize(
    ("label", "category", "counts"),
    [
        ("coat", "top", True),
        ("dress", "dress", True),
        ("skirt", "bottom", True),
        ("pants", "top", False),
        ("upper_clothes", "dress", False),
    ],
)
def test_only_the_garment_of_the_sample_counts(label, category, counts):
    assert arm_occludes(*figure(ACROSS, (49, 63), label=label), category) == counts
