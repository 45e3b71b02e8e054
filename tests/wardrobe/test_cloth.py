"""Creases, tangents and the light on cloth: what must hold however it looks."""

import inspect

import numpy as np
import pytest

from vtonlib.wardrobe import cloth, folds
from vtonlib.wardrobe.cutting import ARM_LENGTH
from vtonlib.wardrobe.fabric import FabricSpec, bake
from vtonlib.wardrobe.landmarks import ANKLE_Z, NECK_Z
from vtonlib.wardrobe.light import Light

MAPS = {"trunk": folds.trunk_folds, "sleeve": folds.sleeve_folds, "leg": folds.leg_folds}


@pytest.mark.parametrize("kind", MAPS)
def test_creases_come_from_their_seed_and_deepen_with_their_amount(kind):
    draw = MAPS[kind]
    first, again, other = draw(0.5, 3), draw(0.5, 3), draw(0.5, 4)
    np.testing.assert_array_equal(first.height, again.height)
    assert not np.array_equal(first.height, other.height)
    deep = [draw(amount, 3).height.std() for amount in (0.1, 0.5, 1.0)]
    assert 0 < deep[0] < deep[1] < deep[2]
    assert np.abs(draw(1.0, 3).height).max() < 0.06  # metres
    assert first.height.dtype == np.float32


def test_maps_reach_from_the_neck_to_the_hem():
    def lowest(chart):
        return chart.top - (chart.height.shape[0] - 1) * folds.RESOLUTION

    assert lowest(folds.trunk_folds(0.5, 0, -1.2)) <= -1.2
    assert lowest(folds.sleeve_folds(0.5, 0)) <= -ARM_LENGTH
    assert lowest(folds.leg_folds(0.5, 0)) <= ANKLE_Z - NECK_Z
    for draw in MAPS.values():
        assert draw(0.5, 0).top > 0


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


FLAT = folds.FoldMap(np.zeros((400, 200), np.float32), -0.6, 0.2)
RED = bake(FabricSpec("plain", "none", "leather", ((0.8, 0.2, 0.1), (0.7, 0.1, 0.1)), "red", 0.0, 1))


def lit(neck=0.5, hem=0.5, normal=(0, 0, -1), place=(0.1, 0.1, 0.5), light=None, trim=(0, 0, 0, 0), at=0.0, fabric=RED):
    """Cloth of a given fabric under a light: samples of one small flat patch, (9, 3)."""
    samples = np.zeros((9, cloth.ATTRIBUTES), np.float32)
    samples[:, 0:3] = normal
    samples[:, 3:6], samples[:, 6:9] = (1, 0, 0), (0, -1, 0)
    samples[:, 9], samples[:, 10] = at + np.linspace(0, 0.05, 9), -0.2
    samples[:, 11], samples[:, 12], samples[:, 13:16] = neck, hem, place
    style = np.array([0.018, 0, 0.1, 0.085, 0, 0, 0], np.float32)
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
