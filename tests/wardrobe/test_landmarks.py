"""The coordinates in which garments are cut."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from vtonlib.wardrobe import landmarks as lm
from vtonlib.wardrobe.body import body_model
from wardrobe.worlds import needs_anny

pytestmark = needs_anny


def at_joint(name):
    """The landmarks around a joint of the template, within 6 cm: means of arm share and arm coordinate."""
    marks = lm.landmarks_of_all()
    own = body_model().group("body")
    near = own[np.linalg.norm(marks.place[own] - body_model().joint(name, lm.template()), axis=1) < 0.06]
    assert len(near) > 10
    return marks.arm[near].mean(), marks.along[near].mean()


@pytest.mark.parametrize("side", "lr")
def test_the_arm_counts_from_the_shoulder_to_the_wrist(side):
    share, along = at_joint(f"{side}-elbow")
    assert share > 0.95
    assert 0.4 < along < 0.6
    share, along = at_joint(f"{side}-hand")
    assert share > 0.95
    assert 0.93 < along < 1.07


def test_trunk_head_and_legs_are_no_arm():
    marks = lm.landmarks_of_all()
    middle = np.abs(marks.place[:, 0]) < 0.09
    assert marks.arm[middle].max() < 0.3
    assert marks.along[middle].max() < 0
    legs = body_model().group("body")
    legs = legs[marks.place[legs, 2] < lm.KNEE_Z]
    assert marks.arm[legs].max() < 1e-6
    assert ((marks.arm >= 0) & (marks.arm <= 1 + 1e-5)).all()


def test_left_and_right_have_the_same_landmarks():
    marks = lm.landmarks_of_all()
    own = body_model().group("body")
    distance, twin = cKDTree(marks.place[own]).query(marks.place[own] * [-1, 1, 1])
    paired = (distance < 1e-4) & (np.abs(marks.place[own, 0]) > 0.02)
    assert paired.mean() > 0.85
    one, other = own[paired], own[twin[paired]]
    np.testing.assert_allclose(marks.along[one], marks.along[other], atol=2e-3)
    np.testing.assert_allclose(marks.arm[one], marks.arm[other], atol=2e-3)
    turn = np.abs(np.exp(1j * marks.around[one]) - np.exp(1j * marks.around[other]))
    assert np.median(turn) < 1e-2


def test_the_angle_about_the_arm_is_zero_on_top():
    marks = lm.suit().landmarks
    arm = (marks.arm > 0.95) & (marks.along > 0.15) & (marks.along < 0.9)
    top, below = arm & (np.abs(marks.around) < 0.3), arm & (np.abs(marks.around) > np.pi - 0.3)
    assert top.sum() > 20
    assert below.sum() > 20
    for step in np.arange(0.2, 0.9, 0.1):
        here = np.abs(marks.along - step) < 0.05
        assert marks.place[top & here, 2].mean() > marks.place[below & here, 2].mean() + 0.03


def test_heights_are_in_the_order_of_a_body():
    order = [lm.NECK_Z, lm.JOIN_Z, lm.WAIST_Z, lm.HIP_Z, lm.CROTCH_Z, lm.KNEE_Z, lm.ANKLE_Z]
    assert order == sorted(order, reverse=True)
    for name, height in (("l-knee", lm.KNEE_Z), ("l-ankle", lm.ANKLE_Z)):
        assert abs(body_model().joint(name, lm.template())[2] - height) < 0.05


def test_the_suit_wraps_the_template_closely_and_follows_its_bones():
    suit = lm.suit()
    assert suit.fine.weights.shape == (len(suit.landmarks.place), len(suit.vertices))
    marks = suit.landmarks
    for field in (marks.arm, marks.along, marks.around, suit.bone_indices, suit.bone_weights):
        assert len(field) == len(suit.landmarks.place)
        assert np.isfinite(field).all()
    np.testing.assert_allclose(suit.bone_weights.sum(axis=1), 1, atol=1e-5)
    body = lm.template()[body_model().group("body")]
    distance, _ = cKDTree(body).query(suit.landmarks.place)
    assert np.quantile(distance, 0.99) < 0.04
    assert np.abs(suit.landmarks.around).max() <= np.pi + 1e-5
