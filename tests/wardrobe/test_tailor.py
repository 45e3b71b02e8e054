"""Garments made to measure: their parts are sound meshes that grow with ease, length and the wearer."""

from dataclasses import replace

import numpy as np
import pytest

from vtonlib.wardrobe import landmarks as lm
from vtonlib.wardrobe.body import body_model
from vtonlib.wardrobe.camera import Camera
from vtonlib.wardrobe.mesh import normals
from vtonlib.wardrobe.part import Part
from vtonlib.wardrobe.ramp import smoothstep
from vtonlib.wardrobe.raster import Frame, draw
from vtonlib.wardrobe.tailor import make
from wardrobe.worlds import VARIETY, garment, needs_anny, profile_of, rest

pytestmark = needs_anny

PARTS = {
    "tee": {"body", "sleeve", "tube"}, "tank": {"body", "tube"}, "sweater": {"body", "sleeve", "tube"},
    "shirt": {"body", "sleeve", "tube", "collar"}, "coat": {"body", "sleeve", "tube"},
    "dress": {"body", "sleeve", "tube"}, "trousers": {"leg"}, "skirt": {"tube"},
}  # fmt: skip


def made(spec, **body):
    return make(spec, rest(**body), profile_of(**body))


def part(garment3d, name):
    (found,) = [p for p in garment3d.parts if p.name == name]
    return found


def kept(piece):
    """Points of a part that are cloth."""
    return piece.rest[(piece.cut >= 0).all(axis=1)]


@pytest.mark.parametrize("name", VARIETY)
def test_every_part_is_a_sound_mesh(name):
    garment3d = made(VARIETY[name], weight=0.6)
    assert {p.name for p in garment3d.parts} == PARTS[name]
    for piece in garment3d.parts:
        count = len(piece.rest)
        assert len(piece.triangles) > 100
        assert piece.triangles.min() >= 0
        assert piece.triangles.max() < count
        shapes = [piece.rest, piece.bone_indices, piece.bone_weights, piece.cut, piece.uv, piece.place, piece.neck]
        for array, width in zip(shapes, (3, 8, 8, piece.cut.shape[-1], 2, 3), strict=False):
            assert array.shape == (count, width)
            assert np.isfinite(array).all()
        for field in (piece.neck, piece.hem):
            assert field.shape == (count,)
            assert np.isfinite(field).all()
        assert piece.rest.dtype == piece.cut.dtype == piece.uv.dtype == np.float32
        np.testing.assert_allclose(piece.bone_weights.sum(axis=1), 1, atol=1e-4)
        assert piece.bone_indices.max() < len(body_model().bones)
        assert (piece.cut >= 0).all(axis=1).sum() > 100


@pytest.mark.parametrize("name", VARIETY)
def test_leaving_out_what_is_cut_away_changes_no_picture(name, monkeypatch):
    """Fewer triangles are drawn, the same samples are covered."""
    camera = Camera((0, 0, 0.1 if VARIETY[name].category != "top" else 0.5), 1.7, (128, 96))

    def silhouettes():
        for piece in made(VARIETY[name]).parts:
            frame = Frame.empty(camera.size)
            draw(frame, camera.project(piece.rest), piece.triangles, 0, piece.cut)
            yield np.where(frame.layer >= 0, frame.depth, np.inf), len(piece.triangles)

    trimmed = list(silhouettes())
    monkeypatch.setattr(Part, "trimmed", lambda self: self)
    fewer = 0
    for (mine, count), (whole, total) in zip(trimmed, silhouettes(), strict=True):
        np.testing.assert_array_equal(mine, whole)
        assert np.isfinite(mine).sum() > 10
        fewer += total - count
    assert fewer > 0


@pytest.mark.parametrize("name", ["tee", "dress", "skirt", "trousers"])
def test_cloth_is_turned_outwards(name):
    garment3d = made(VARIETY[name])
    piece = garment3d.parts[-1]
    facing = normals(piece.rest, piece.triangles)
    middle = np.array([0.0, -0.03])
    # Each leg has its own middle: look at their outer halves only.
    outer = np.abs(piece.rest[:, 0]) > (0.13 if name == "trousers" else 0)
    cloth = (piece.cut >= 0).all(axis=1) & outer
    share = ((facing[:, :2] * (piece.rest[:, :2] - middle)).sum(axis=1) > 0)[cloth].mean()
    assert share > 0.98


@pytest.mark.parametrize("category", ["top", "dress"])
def test_upper_part_and_tube_meet_under_the_arms(category):
    garment3d = made(garment(category))
    upper, tube = part(garment3d, "body"), part(garment3d, "tube")
    ring = (np.abs(upper.place[:, 2] - lm.JOIN_Z) < 0.012) & (upper.cut >= 0).all(axis=1)
    assert ring.sum() > 20
    apart = []
    for point in upper.rest[ring]:
        beside = tube.rest - point
        apart.append(np.linalg.norm(beside, axis=1).min())
    assert np.median(apart) < 0.01
    assert max(apart) < 0.03


def girth(garment3d, low, high):
    """Mean distance of cloth from the axis between two template heights."""
    piece = part(garment3d, "tube")
    here = (piece.place[:, 2] > low) & (piece.place[:, 2] < high)
    return float(np.hypot(piece.rest[here, 0], piece.rest[here, 1] + 0.03).mean())


@pytest.mark.parametrize(("gender", "weight"), [(0.0, 0.95), (1.0, 0.95), (1.0, 0.3)])
def test_patterns_and_open_fronts_run_on_where_upper_part_and_tube_meet(gender, weight):
    """The same place of the fabric is at the same place in the room, seen on either side of the join."""
    coat = make(VARIETY["coat"], rest(gender, weight), profile_of(gender, weight))
    trunk, tube = part(coat, "body"), part(coat, "tube")
    near = (np.abs(trunk.place[:, 2] - lm.JOIN_Z) < 0.004) & (trunk.cut[:, 1] < 0.9)
    near &= np.abs(trunk.uv[:, 0]) < 0.3
    grid = tube.place[:, 2].round(4)
    row = np.flatnonzero(grid == grid[np.argmin(np.abs(grid - lm.JOIN_Z))])
    row = row[np.argsort(tube.uv[row, 0])]
    for axis in range(2):  # heights differ by up to the band of 4 mm
        met = np.interp(trunk.uv[near, 0], tube.uv[row, 0], tube.rest[row, axis])
        assert np.abs(met - trunk.rest[near, axis]).max() < 0.006


def test_more_ease_another_layer_and_a_wider_body_make_it_wider():
    tee = garment()
    base = girth(made(tee), 0.2, 0.4)
    eased = girth(made(replace(tee, ease=0.035)), 0.2, 0.4)
    assert abs(eased - base - 0.02) < 0.003  # both are metres between body and cloth
    over = girth(make(tee, rest(), profile_of(), over=0.01), 0.2, 0.4)
    assert abs(over - base - 0.01) < 0.003
    assert girth(made(tee, weight=0.8), 0.2, 0.4) > base + 0.005


@pytest.mark.parametrize("name", ["trousers", "skirt"])
def test_bottoms_grow_with_ease_and_with_what_they_are_worn_over(name):
    def volume(spec, over=0.0):
        piece = make(spec, rest(), profile_of(), over=over).parts[0]
        thighs = (np.abs(piece.place[:, 2] + 0.02) < 0.06) & (piece.cut >= 0).all(axis=1)
        return float(np.hypot(piece.rest[thighs, 0], piece.rest[thighs, 1] + 0.03).mean())

    spec = VARIETY[name]
    assert volume(replace(spec, ease=spec.ease + 0.02)) > volume(spec) + 0.002
    assert volume(spec, over=0.01) > volume(spec) + 0.002


def test_flare_widens_the_hem_more_than_the_waist():
    plain, flared = (made(garment("dress", flare=flare)) for flare in (0.1, 0.9))
    hem = girth(flared, -0.3, -0.2) - girth(plain, -0.3, -0.2)
    waist = girth(flared, 0.25, 0.3) - girth(plain, 0.25, 0.3)
    assert hem > 0.05
    assert abs(waist) < 0.02


@pytest.mark.parametrize("category", ["top", "dress", "bottom"])
def test_a_longer_hem_reaches_farther_down(category):
    spec = garment(category)
    lower = [kept(made(replace(spec, hem_drop=drop)).parts[-1])[:, 2].min() for drop in (0.1, 0.3, 0.6)]
    assert lower[0] > lower[1] + 0.1 > lower[2] + 0.2


def test_a_longer_sleeve_reaches_farther_out():
    reach = [np.abs(kept(part(made(garment(sleeve_at=at)), "sleeve"))[:, 0]).max() for at in (0.3, 0.6, 0.95)]
    assert reach[0] < reach[1] - 0.05 < reach[2] - 0.1


def test_a_loose_fit_has_wider_sleeves_and_legs_than_a_tight_one():
    def width(spec, name, low, high):
        piece = part(made(spec), name)
        side = (piece.rest[:, 0] > 0) & (piece.place[:, 2] > low) & (piece.place[:, 2] < high)
        return piece.rest[side & (piece.cut >= 0).all(axis=1)].std(axis=0)[:2].sum()

    legs = [width(garment("bottom", fit=fit), "leg", -0.6, -0.3) for fit in ("tight", "loose")]
    assert legs[1] > 1.1 * legs[0]
    sleeves = [part(made(garment(sleeve="long", sleeve_at=0.96, fit=fit)), "sleeve").rest for fit in ("tight", "loose")]
    assert not np.allclose(*sleeves)


def test_what_is_made_depends_on_the_spec_alone():
    for piece, again in zip(made(garment()).parts, make(garment(), rest()).parts, strict=True):
        np.testing.assert_array_equal(piece.rest, again.rest)
        np.testing.assert_array_equal(piece.cut, again.cut)
    other = made(garment(seed=8, folds=0.9, flare=0.5))
    assert not np.allclose(part(other, "tube").rest, part(made(garment(folds=0.9, flare=0.5)), "tube").rest)


def test_smoothstep_rises_and_falls():
    x = np.array([-1, 0, 0.25, 0.5, 1, 2])
    np.testing.assert_allclose(smoothstep(0, 1, x), [0, 0, 0.15625, 0.5, 1, 1])
    np.testing.assert_allclose(smoothstep(1, 0, x), [1, 1, 0.84375, 0.5, 0, 0])


def test_a_shirt_collar_lies_around_the_neck_alike_on_both_sides():
    garment3d = made(VARIETY["shirt"])
    collar = part(garment3d, "collar")
    assert collar.place[:, 2].min() > 0.6
    assert collar.place[:, 2].max() < 0.85
    mirrored = collar.rest * [-1, 1, 1]
    nearest = np.linalg.norm(collar.rest[:, None] - mirrored[None], axis=2).min(axis=1)
    assert nearest.max() < 0.01
    # Its foot lies on the neckline: where the trunk's cloth ends.
    trunk = part(garment3d, "body")
    edge = trunk.rest[(np.abs(trunk.neck) < 0.015) & (trunk.place[:, 2] > 0.55)]
    foot = collar.rest[np.argsort(collar.hem)[-97:]]
    away = np.linalg.norm(foot[:, None] - edge[None], axis=2).min(axis=1)
    assert np.median(away) < 0.02


@pytest.mark.parametrize("name", ["sleeve", "body", "tube", "leg"])
def test_the_fabric_is_laid_on_without_stretching_it_much(name):
    """Along the cloth a metre of fabric is about a metre: between its ends, and in the median of all edges."""
    piece = part(made(VARIETY["trousers" if name == "leg" else "tee"]), name)
    cloth = (piece.cut >= 0).all(axis=1)
    triangles = piece.triangles[cloth[piece.triangles].all(axis=1)]
    ends = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]]])
    lengths = np.linalg.norm(piece.place[ends[:, 0]] - piece.place[ends[:, 1]], axis=1)
    laid = np.linalg.norm(piece.uv[ends[:, 0]] - piece.uv[ends[:, 1]], axis=1)
    stretch = np.median(laid / np.maximum(lengths, 1e-6))
    assert 0.6 < stretch < 1.7
