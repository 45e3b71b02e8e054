"""Hair and what is worn on the head: it follows the body, stays out of it, and is drawn without holes."""

import numpy as np
import pytest
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

from vtonlib.wardrobe.accessories import KINDS, accessory_values, draw_accessory, shade_accessory, wear
from vtonlib.wardrobe.body import Phenotype, body_model
from vtonlib.wardrobe.camera import Camera
from vtonlib.wardrobe.hair import (
    CHANNELS,
    COLOURS,
    HairSpec,
    draw_hair,
    dress_head,
    make_spec,
    ribbon_triangles,
    ribbons,
    scalp_cut,
    scalp_values,
    shade_hair,
    shade_scalp,
)
from vtonlib.wardrobe.hair_growth import grow
from vtonlib.wardrobe.hair_styles import STYLES
from vtonlib.wardrobe.hats import HATS
from vtonlib.wardrobe.landmarks import template
from vtonlib.wardrobe.light import Light
from vtonlib.wardrobe.mesh import normals
from vtonlib.wardrobe.raster import Frame, draw, interpolate
from vtonlib.wardrobe.ribbon_raster import draw_ribbons
from vtonlib.wardrobe.scalp import hairline_height, scalp
from vtonlib.wardrobe.skinning import skin

QUICK = ("crop", "long straight", "bun")


def spec_of(style: str, colour: str = "brown") -> HairSpec:
    return make_spec(np.random.default_rng(0), style, colour)


def standing(phenotype: Phenotype, rotations=None):
    model = body_model()
    rest = model.shape(phenotype)
    transforms = model.bone_transforms(rest, rotations or {})
    return model, rest, skin(rest, model.bone_indices, model.bone_weights, transforms), transforms


def camera_on(posed: np.ndarray, size=(256, 192), turn=0.0) -> Camera:
    return Camera((0, 0, float(posed[body_model().group("body"), 2].max()) - 0.25), 0.7, size, turn_deg=turn)


def test_draws_differ_by_gender_and_exclude_nothing():
    counts = {}
    for gender in (0.0, 1.0):
        rng = np.random.default_rng(3)
        counts[gender] = [draw_hair(rng, gender) for _ in range(600)]
    long = {g: np.mean([s.length == "long" for s in specs]) for g, specs in counts.items()}
    assert long[1.0] > long[0.0] + 0.2
    assert {s.style for s in counts[0.0] + counts[1.0]} == set(STYLES)
    assert {s.colour for s in counts[0.0]} <= set(COLOURS)


def test_a_spec_repeats_with_its_seed():
    assert draw_hair(np.random.default_rng(8), 0.5) == draw_hair(np.random.default_rng(8), 0.5)


def test_the_hairline_leaves_the_face_free_and_covers_the_crown():
    points = np.array([[0, -0.155, 0.935], [0, -0.03, 1.0], [0, 0.04, 0.92], [0.03, -0.14, 0.85]], np.float32)
    assert (hairline_height(points) > 0).tolist() == [False, True, True, False]


def test_roots_lie_inside_the_hairline():
    shell = scalp()
    triangle, bary = shell.sample(np.random.default_rng(0), 500, edge=0.008)
    height = (shell.height[shell.triangles[triangle]] * bary).sum(axis=1)
    assert np.quantile(height, 0.02) > -0.004
    assert triangle.max() < len(shell.triangles)


@pytest.mark.parametrize("style", list(STYLES))
def test_strands_stay_out_of_the_body_and_off_the_face(style):
    strands = grow(style, 0)
    assert np.isfinite(strands.points).all()
    body, triangles = template(), body_model().mesh.triangles["body"]
    used = body_model().group("body")
    around = normals(body, triangles)[used]
    flat = strands.points[:, 1:].reshape(-1, 3)
    nearest = cKDTree(body[used]).query(flat)[1]
    inside = ((flat - body[used][nearest]) * around[nearest]).sum(axis=1)
    assert np.mean(inside < -0.002) < 0.01
    mouth = (np.abs(flat[:, 0]) < 0.03) & (flat[:, 1] < -0.14) & (flat[:, 2] < 0.895) & (flat[:, 2] > 0.79)
    assert not mouth.any()


def test_variants_differ_and_are_kept():
    assert grow("crop", 0) is grow("crop", 0)
    assert not np.array_equal(grow("crop", 0).points, grow("crop", 1).points)


@pytest.mark.parametrize("style", QUICK)
def test_hair_returns_to_the_template_it_was_grown_on(style):
    hair = dress_head(spec_of(style), *standing(Phenotype()), clearance=0.0)
    moved = np.linalg.norm(hair.points - hair.strands.points, axis=2)
    assert np.median(moved) < 1e-4
    assert np.quantile(moved, 0.99) < 0.01


@pytest.mark.parametrize("style", QUICK)
def test_hair_follows_a_larger_head_and_a_turned_one(style):
    turn = Rotation.from_euler("z", 30, degrees=True).as_matrix()
    model, rest, posed, transforms = standing(Phenotype(gender=0.1, height=0.9), {"head": turn})
    hair = dress_head(spec_of(style), model, rest, posed, transforms)
    strands, shell = hair.strands, scalp()
    roots = (shell.follow(posed)[shell.triangles[strands.triangle]] * strands.bary[..., None]).sum(axis=1)
    reach = np.linalg.norm(hair.points - roots[:, None], axis=2)
    before = np.linalg.norm(strands.points - strands.roots[:, None], axis=2)
    assert (np.abs(reach - before) < 0.01 + 0.25 * before)[strands.low == 0].all()
    grown = strands.low[:, 0] == 0
    wanted = turn @ strands.outward[grown, 0][0]
    np.testing.assert_allclose(hair.outward[grown, 0][0], wanted, atol=1e-4)


def test_clearance_lifts_hanging_hair_off_the_skin():
    parts = standing(Phenotype())
    bare, dressed = (dress_head(spec_of("long straight"), *parts, clearance=c) for c in (0.0, 0.02))
    moved = np.linalg.norm(dressed.points - bare.points, axis=2)
    assert moved[bare.strands.low == 0].max() == 0
    assert np.median(moved[bare.strands.low == 1]) == pytest.approx(0.02, abs=0.003)


def test_below_the_shoulders_hair_does_not_follow_the_head():
    turn = Rotation.from_euler("z", 40, degrees=True).as_matrix()
    still = dress_head(spec_of("long straight"), *standing(Phenotype()))
    turned = dress_head(spec_of("long straight"), *standing(Phenotype(), {"head": turn}))
    moved = np.linalg.norm(still.points - turned.points, axis=2)
    low = still.strands.low == 1
    assert low.any()
    assert np.median(moved[low]) < 0.005
    assert np.median(moved[still.strands.low == 0]) > 0.02


@pytest.mark.parametrize("style", QUICK)
@pytest.mark.parametrize("turn", [0.0, 35.0])
def test_a_picture_of_hair_has_no_bald_spot(style, turn):
    model, rest, posed, transforms = standing(Phenotype(gender=0.9))
    spec, light = spec_of(style), Light()
    hair = dress_head(spec, model, rest, posed, transforms)
    camera, shell = camera_on(posed, turn=turn), scalp()
    frame = Frame.empty(camera.size)
    draw(frame, camera.project(posed), model.mesh.triangles["body"], 0)
    draw(frame, camera.project(hair.scalp_points), shell.triangles, 1, scalp_cut(spec), 0.003)
    sides, values = ribbons(hair, camera)
    triangles = ribbon_triangles(*hair.points.shape[:2])
    draw_ribbons(frame, sides, triangles, 2)
    assert values.shape == (hair.points[..., 0].size, CHANNELS)
    visible = (shell.height > 0.015) & (camera.directions(hair.scalp_normals)[:, 2] < -0.2)
    crown = camera.project(hair.scalp_points[visible]).astype(int)
    assert len(crown) > 200
    assert np.mean(frame.layer[crown[:, 1], crown[:, 0]] == 0) < 0.002  # no skin

    rows, columns = np.nonzero(frame.layer == 2)
    seen = interpolate(rows, columns, frame.triangle, frame.bary, triangles // 2, values)
    colour = shade_hair(seen, spec, light)
    assert colour.shape == (len(rows), 3)
    assert np.isfinite(colour).all()
    assert colour.min() >= 0
    assert colour.std(axis=0).min() > 0.1 * colour.mean()  # strands differ: no helmet

    rows, columns = np.nonzero(frame.layer == 1)
    under = interpolate(rows, columns, frame.triangle, frame.bary, shell.triangles, scalp_values(hair, camera))
    assert np.isfinite(shade_scalp(under, spec, light, np.full(3, 0.4, np.float32))).all()


def test_ribbons_are_drawn_as_the_general_rasterizer_draws_them():
    hair = dress_head(spec_of("crop"), *(parts := standing(Phenotype())))
    camera = camera_on(parts[2])
    sides, _ = ribbons(hair, camera)
    triangles = ribbon_triangles(*hair.points.shape[:2])
    plain, quick = Frame.empty(camera.size), Frame.empty(camera.size)
    draw(plain, sides, triangles, 2)
    draw_ribbons(quick, sides, triangles, 2)
    assert np.mean(plain.layer != quick.layer) < 1e-3
    same = (plain.triangle == quick.triangle) & (plain.layer == 2) & (quick.layer == 2)
    assert same.sum() > 0.97 * (plain.layer == 2).sum()
    np.testing.assert_allclose(plain.bary[same], quick.bary[same], atol=1e-2)


@pytest.mark.parametrize("kind", KINDS)
def test_accessories_sit_on_the_head(kind):
    model, rest, posed, transforms = standing(Phenotype(gender=0.2, height=0.8))
    worn = wear(draw_accessory(np.random.default_rng(1), kind), model, rest, transforms)
    assert np.isfinite(worn.points).all()
    skull = scalp().follow(posed)
    assert cKDTree(skull).query(worn.points)[0].max() < (0.12 if kind != "beanie" else 0.06)
    camera = camera_on(posed)
    frame = Frame.empty(camera.size)
    draw(frame, camera.project(posed), model.mesh.triangles["body"], 0)
    draw(frame, camera.project(worn.points), worn.triangles, 3, nearer=0.002)
    rows, columns = np.nonzero(frame.layer == 3)
    assert len(rows) > 60
    values = interpolate(rows, columns, frame.triangle, frame.bary, worn.triangles, accessory_values(worn, camera))
    colour = shade_accessory(values, Light())
    assert np.isfinite(colour).all()
    assert colour.min() >= 0


def test_sunglasses_cover_both_eyes():
    model, rest, posed, transforms = standing(Phenotype())
    worn = wear(draw_accessory(np.random.default_rng(0), "sunglasses"), model, rest, transforms)
    camera = camera_on(posed)
    frame = Frame.empty(camera.size)
    draw(frame, camera.project(posed), model.mesh.triangles["body"], 0)
    draw(frame, camera.project(worn.points), worn.triangles, 3)
    for side in "lr":
        eye = camera.project(posed[model.group(f"helper-{side}-eye")]).mean(axis=0)
        assert frame.layer[int(eye[1]), int(eye[0])] == 3


@pytest.mark.parametrize("kind", list(HATS))
@pytest.mark.parametrize("style", ["afro", "bun"])
def test_a_hat_hides_the_hair_above_its_rim(kind, style):
    parts = model, rest, posed, transforms = standing(Phenotype())
    hair = dress_head(spec_of(style), *parts, hat=kind)
    worn = wear(draw_accessory(np.random.default_rng(0), kind), model, rest, transforms)
    top = hair.points[..., 2] > 0.965
    assert hair.points[top][:, 2].max() < worn.points[:, 2].max()
    camera = camera_on(posed)
    frame = Frame.empty(camera.size)
    sides, _ = ribbons(hair, camera)
    draw_ribbons(frame, sides, ribbon_triangles(*hair.points.shape[:2]), 2)
    draw(frame, camera.project(worn.points), worn.triangles, 3, nearer=0.003)
    high = int(camera.project(np.array([[0, -0.1, 0.965]], np.float32))[0, 1])
    assert np.mean(frame.layer[:high] == 2) < 0.002
