"""People, framing, backgrounds, and the layers of a person: contracts that hold for whoever is drawn."""

from dataclasses import replace

import numpy as np
import pytest

from vtonlib.data.labels import LIP
from vtonlib.wardrobe import backgrounds
from vtonlib.wardrobe.accessories import draw_accessory
from vtonlib.wardrobe.anatomy import part_of_triangles
from vtonlib.wardrobe.backgrounds import background, draw_background_id
from vtonlib.wardrobe.body import ADULT, body_model
from vtonlib.wardrobe.camera import Camera
from vtonlib.wardrobe.framing import floor_row, frame_person
from vtonlib.wardrobe.landmarks import template
from vtonlib.wardrobe.light import Light
from vtonlib.wardrobe.people import draw_person
from vtonlib.wardrobe.person_layers import person_layers
from vtonlib.wardrobe.scene import NECK
from wardrobe.worlds import needs_anny, rest, still, with_short_hair


@pytest.fixture(scope="module")
def crowd():
    rng = np.random.default_rng(0)
    return [draw_person(rng) for _ in range(300)]


def test_everybody_drawn_is_an_adult(crowd):
    ages = np.array([who.phenotype.age for who in crowd])
    assert ages.min() >= ADULT[0]
    assert ages.max() <= ADULT[1]
    assert np.ptp(ages) > 0.8 * (ADULT[1] - ADULT[0])


def test_bodies_are_within_the_model_and_vary(crowd):
    for name in ("gender", "muscle", "weight", "height", "proportions", "cupsize", "firmness"):
        values = np.array([getattr(who.phenotype, name) for who in crowd])
        assert values.min() >= 0
        assert values.max() <= 1
        assert values.std() > 0.05
    for who in crowd:
        assert np.isclose(sum(who.phenotype.ancestry), 1)
        assert min(who.phenotype.ancestry) >= 0
        assert len(who.face) > 20
        assert all(0 <= value <= 1 for value in who.face.values())
    assert len({tuple(sorted(who.face.items())) for who in crowd}) == len(crowd)


def test_half_are_women_unless_told_and_tones_are_independent_of_that(crowd):
    women = np.array([who.female for who in crowd])
    assert 0.42 < women.mean() < 0.58
    rng = np.random.default_rng(1)
    assert all(draw_person(rng, woman=True).female for _ in range(20))
    assert not any(draw_person(rng, woman=False).female for _ in range(20))
    tones = np.array([who.skin.tone for who in crowd], float)
    assert abs(np.corrcoef(tones, women)[0, 1]) < 0.15
    share = np.bincount(tones.astype(int)) / len(tones)
    assert (share > 0).sum() >= 6
    assert share[share > 0].max() < 2.2 * share[share > 0].min()


def test_some_wear_hats_and_sunglasses_and_all_attributes_are_told(crowd):
    hats, glasses = (np.mean([bool(getattr(who, name)) for who in crowd]) for name in ("hat", "sunglasses"))
    assert 0 < hats < 0.25
    assert 0 < glasses < 0.25
    for who in crowd:
        told = who.attributes()
        assert told.keys() >= {"gender", "hair_length", "skin_tone", "sunglasses", "hat", "body_size"}
        assert (told["gender"] == "woman") == who.female
        assert (told["sunglasses"] == "yes") == bool(who.sunglasses)
        assert (told["hat"] == "none") == (who.hat is None)
    styles, colours = {who.hair.style for who in crowd}, {who.hair.colour for who in crowd}
    assert len(styles) >= 6
    assert len(colours) >= 5


def test_the_same_seed_draws_the_same_person():
    assert draw_person(np.random.default_rng(5)) == draw_person(np.random.default_rng(5))
    assert draw_person(np.random.default_rng(5)) != draw_person(np.random.default_rng(6))


SIZE = (256, 192)


@needs_anny
@pytest.mark.parametrize("turn_deg", [0, 35, -35])
@pytest.mark.parametrize("body", [{"gender": 0.1, "weight": 0.8}, {"height": 0.2}, {"height": 0.8}])
def test_whole_framing_holds_the_whole_body_and_half_framing_ends_at_the_thighs(body, turn_deg):
    model, standing = body_model(), rest(**body)
    skin = standing[model.group("body")]
    for seed in range(5):
        camera = frame_person(standing, True, turn_deg, SIZE, np.random.default_rng(seed))
        assert camera.size == SIZE
        assert camera.turn_deg == turn_deg
        rows = camera.project(skin)[:, 1]
        assert rows.min() > 0
        assert rows.max() < SIZE[0]
        assert np.ptp(rows) > 0.8 * SIZE[0]
        assert 0.85 < floor_row(camera, standing) < 1.02
        near = frame_person(standing, False, turn_deg, SIZE, np.random.default_rng(seed))
        names = ("l-upper-leg", "l-knee", "head")
        rows = {name: near.project(model.joint(name, standing)[None])[0, 1] for name in names}
        assert near.project(skin)[:, 1].min() > 0
        assert rows["head"] < 0.35 * SIZE[0]
        assert rows["l-upper-leg"] < SIZE[0] < rows["l-knee"]
        assert floor_row(near, standing) is None
        middle = near.project(model.joint("spine-2", standing)[None])[0, 0]
        assert abs(middle - SIZE[1] / 2) < 0.2 * SIZE[1]


@needs_anny
def test_framing_jitters_a_little_and_is_repeatable():
    cameras = [frame_person(rest(), True, 0, SIZE, np.random.default_rng(seed)) for seed in (0, 0, 1)]
    assert cameras[0] == cameras[1] != cameras[2]
    assert np.linalg.norm(np.subtract(cameras[0].centre, cameras[2].centre)) < 0.1


@pytest.mark.parametrize("floor", [None, 0.95])
@pytest.mark.parametrize("number", range(backgrounds.COUNT))
def test_every_background_is_light_drawn_alike_each_time(number, floor):
    drawn = background(number, (64, 48), floor)
    assert drawn.shape == (64, 48, 3)
    assert drawn.dtype == np.float32
    assert drawn.min() >= 0
    assert drawn.max() <= 1
    assert 0.1 < drawn.mean() < 0.95
    np.testing.assert_array_equal(drawn, background(number, (64, 48), floor))


def test_backgrounds_differ_and_six_in_ten_are_plain():
    pictures = [background(number, (64, 48), None).tobytes() for number in range(backgrounds.COUNT)]
    assert len(set(pictures)) == backgrounds.COUNT
    rng = np.random.default_rng(0)
    drawn = np.array([draw_background_id(rng) for _ in range(2000)])
    assert drawn.min() >= 0
    assert drawn.max() < backgrounds.COUNT
    assert abs((drawn // len(backgrounds.PAPERS) == backgrounds.KINDS.index("plain")).mean() - 0.6) < 0.05


def test_the_floor_darkens_below_its_line_only():
    wall, floor = (background(0, (200, 150), at) for at in (None, 0.9))
    np.testing.assert_array_equal(wall[:150], floor[:150])
    assert (floor[175:] < wall[175:]).all()


@needs_anny
def test_skin_is_divided_into_the_persons_own_left_and_right():
    labels = part_of_triangles()
    place = template()[body_model().mesh.triangles["body"]].mean(axis=1)
    assert labels.shape == (len(place),)
    names = ("face", "left_arm", "right_arm", "left_leg", "right_leg")
    assert set(np.unique(labels)) == {NECK, *(LIP[name] for name in names)}
    for part in ("arm", "leg"):
        assert place[labels == LIP[f"left_{part}"], 0].min() > -0.02
        assert place[labels == LIP[f"right_{part}"], 0].max() < 0.02
        left, right = ((labels == LIP[f"{side}_{part}"]).sum() for side in ("left", "right"))
        assert 0.9 < left / right < 1.1
    assert place[labels == LIP["face"], 2].min() > 0.72
    assert (labels[place[:, 2] > 0.9] == LIP["face"]).all()
    legs = np.isin(labels, [LIP["left_leg"], LIP["right_leg"]])
    assert legs[place[:, 2] < -0.1].mean() > 0.999
    assert (labels[(np.abs(place[:, 0]) < 0.1) & (place[:, 2] > 0.2) & (place[:, 2] < 0.6)] == NECK).all()


@needs_anny
def test_a_person_is_skin_first_then_eyes_hair_and_what_is_worn_on_the_head():
    rng = np.random.default_rng(3)
    who = replace(with_short_hair(rng), sunglasses=None)
    camera = Camera((0, 0, 0.2), 1.9, (128, 96))
    layers = person_layers(who, rest(), rest(), still(), camera, Light())
    np.testing.assert_array_equal(layers[0].part, part_of_triangles())
    labels = [layer.part for layer in layers[1:]]
    assert {LIP["face"], LIP["hair"]} <= set(labels)
    with_glasses = replace(who, sunglasses=draw_accessory(rng, "sunglasses"))
    more = person_layers(with_glasses, rest(), rest(), still(), camera, Light())
    assert [layer.part for layer in more[1:]] == [*labels, LIP["sunglasses"]]
    for layer in more:
        corners = layer.triangles if layer.value_triangles is None else layer.value_triangles
        assert layer.triangles.max() < len(layer.screen)
        assert corners.max() < len(layer.values)
        assert corners.shape == layer.triangles.shape
        assert layer.values.dtype == layer.screen.dtype == np.float32
        assert np.isfinite(layer.values).all()
        assert layer.alpha == 0
        light = layer.shader(layer.values[corners[:50, 0]])
        assert light.shape == (50, 3)
        assert np.isfinite(light).all()
        assert light.min() >= 0
    glasses = more[-1].screen
    eyes = camera.project(np.stack([body_model().joint(f"{side}-eye", rest()) for side in "lr"]))
    assert np.abs(glasses[:, :2].mean(axis=0) - eyes[:, :2].mean(axis=0)).max() < 6  # pixels of 15 mm
