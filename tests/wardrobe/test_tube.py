"""How cloth hangs, on bodies of which the right answer is known."""

from itertools import pairwise

import numpy as np
import pytest

from vtonlib.wardrobe import tube
from vtonlib.wardrobe.landmarks import CROTCH_Z, suit
from vtonlib.wardrobe.tube import ANGLES, COLUMNS, HEIGHTS, ROWS, Profile, hang, profile, tube_points, tube_triangles
from wardrobe.worlds import needs_anny, profile_of, rest

STEP = float(HEIGHTS[0] - HEIGHTS[1])
AXIS = np.linspace(-0.05, 0.02, ROWS).astype(np.float32)


def turned(radius):
    """A body of revolution: its radius (ROWS,)."""
    radius = np.asarray(radius, np.float32)
    return Profile(np.repeat(radius[:, None], COLUMNS, axis=1), AXIS, HEIGHTS, np.zeros(COLUMNS), np.zeros(COLUMNS))


def test_cloth_on_a_cylinder_is_the_cylinder():
    body = turned(np.full(ROWS, 0.15))
    for taper in (0.0, 0.5, np.full(ROWS, 2.0)):
        np.testing.assert_allclose(hang(body, taper), 0.15, atol=1e-6)


@pytest.mark.parametrize("taper", [0.0, 0.1, 0.4])
def test_below_a_chest_cloth_falls_with_its_taper(taper):
    radius = np.where(HEIGHTS > 0.4, 0.2, 0.05)  # a wide chest on a thin pole
    cloth = hang(turned(radius), taper)
    for height in (0.2, 0.0, -0.2):
        row = int(np.abs(HEIGHTS - height).argmin())
        expected = max(0.05, 0.2 - taper * (0.4 - height))
        np.testing.assert_allclose(cloth[row], expected, atol=0.004)


def test_cloth_does_not_narrow_faster_than_its_taper_and_a_greater_taper_is_closer():
    rng = np.random.default_rng(0)
    body = turned(0.15 + 0.05 * np.sin(np.arange(ROWS) / 9) + rng.uniform(0, 0.01, ROWS))
    cloths = [hang(body, taper) for taper in (0.0, 0.3, 1.0, 9.0)]
    for taper, cloth in zip((0.0, 0.3, 1.0), cloths, strict=False):
        assert np.diff(cloth, axis=0).min() > -taper * STEP - 1e-5
    for looser, closer in pairwise(cloths):
        assert (closer <= looser + 1e-6).all()


def test_above_its_start_cloth_follows_the_body():
    radius = np.where(np.abs(HEIGHTS - 0.5) < 0.03, 0.2, 0.1)
    cloth = hang(turned(radius), 0.0, start=0.1)
    assert cloth[int(np.abs(HEIGHTS - 0.3).argmin())].max() < 0.11
    assert hang(turned(radius), 0.0)[int(np.abs(HEIGHTS - 0.3).argmin())].min() > 0.18


def test_points_lie_on_the_radius_and_the_last_column_closes_the_tube():
    radius = np.random.default_rng(0).uniform(0.1, 0.2, (ROWS, COLUMNS)).astype(np.float32)
    points = tube_points(turned(np.full(ROWS, 0.1)), radius).reshape(ROWS, COLUMNS + 1, 3)
    np.testing.assert_allclose(points[:, 0], points[:, -1], atol=1e-6)
    np.testing.assert_allclose(np.hypot(points[..., 0], points[..., 1] - AXIS[:, None])[:, :-1], radius, atol=1e-6)
    front, left = int(np.abs(ANGLES).argmin()), int(np.abs(ANGLES - np.pi / 2).argmin())
    assert points[3, front, 1] < AXIS[3]
    assert abs(points[3, front, 0]) < 1e-6
    assert points[3, left, 0] > 0.09
    np.testing.assert_array_equal(points[..., 2], np.repeat(HEIGHTS[:, None], COLUMNS + 1, axis=1))


def test_triangles_close_the_tube_once_and_face_outwards():
    triangles = tube_triangles(3, 9)
    assert triangles.shape == (2 * 6 * COLUMNS, 3)
    assert len(np.unique(np.sort(triangles, axis=1), axis=0)) == len(triangles)
    body = turned(np.full(ROWS, 0.15))
    a, b, c = (tube_points(body, body.radius)[triangles[:, k]] for k in range(3))
    facing = np.cross(b - a, c - a)
    middle = (a + b + c) / 3
    outwards = middle[:, :2] - np.array([0, 1]) * np.interp(middle[:, 2], HEIGHTS[::-1], AXIS[::-1])[:, None]
    assert (facing[:, :2] * outwards).sum(axis=1).min() > 0
    assert np.isclose(np.linalg.norm(facing, axis=1).sum() / 2, 2 * np.pi * 0.15 * 6 * STEP, rtol=0.01)


def test_hollows_are_bridged_and_round_bodies_left_alone():
    round_body = np.full((1, COLUMNS), 0.2, np.float32)
    np.testing.assert_allclose(tube._convex(round_body), round_body, atol=1e-3)
    # Two legs, discs of radius 5 cm at x = -0.1 and 0.1: their hull is 5 cm deep in front.
    x, y = np.sin(ANGLES)[:, None], np.cos(ANGLES)[:, None]
    ray = np.linspace(0, 0.2, 2001)[None]
    inside = np.hypot(np.abs(x * ray) - 0.1, y * ray) <= 0.05
    reach = (ray * inside).max(axis=1)
    hull = tube._convex(reach[None].astype(np.float32))[0]
    front = int(np.abs(ANGLES).argmin())
    assert reach[front] == 0
    assert abs(hull[front] - 0.05) < 2e-3
    assert abs(hull.max() - 0.15) < 2e-3
    assert (hull >= reach - 1e-6).all()


@needs_anny
@pytest.mark.parametrize("weight", [0.25, 0.5, 0.8])
@pytest.mark.parametrize("gender", [0.1, 0.9])
def test_the_profile_measures_the_body(gender, weight):
    measured = profile_of(gender, weight)
    assert (np.diff(measured.z) < 0).all()
    assert measured.radius.min() > 0.03
    assert measured.radius.max() < 0.4
    # In the belt, where the trunk is convex, points of the suit lie on the profile.
    model = suit()
    points = np.asarray(model.fine.weights @ rest(gender, weight)[model.vertices])
    place = model.landmarks.place
    belt = (model.landmarks.arm < 0.1) & (np.abs(place[:, 2] - 0.3) < 0.1)
    row = np.round((HEIGHTS[0] - place[belt, 2]) / STEP).astype(int)
    x, y = points[belt, 0], points[belt, 1] - measured.axis[row]
    column = np.round((np.arctan2(x, -y) + np.pi) / (2 * np.pi) * COLUMNS).astype(int) % COLUMNS
    away = np.hypot(x, y) - measured.radius[row, column]
    assert np.abs(away).max() < 0.03
    assert np.median(np.abs(away)) < 0.004


@needs_anny
def test_a_wider_body_has_a_wider_profile():
    belt = np.abs(HEIGHTS - 0.25) < 0.1
    assert profile_of(weight=0.8).radius[belt].mean() > profile_of(weight=0.25).radius[belt].mean() + 0.005


@needs_anny
@pytest.mark.parametrize("taper", [0.1, 0.4, 1.3])
@pytest.mark.parametrize("weight", [0.25, 0.5, 0.8])
def test_cloth_hangs_outside_the_trunk(weight, taper):
    body = profile_of(weight=weight)
    trunk = HEIGHTS > CROTCH_Z + 0.05
    depth = (body.radius - hang(body, taper))[trunk]
    assert depth.max() < 0.013  # smoothing rounds off a hip or a breast
    assert (depth > 0.006).mean() < 0.03


@needs_anny
def test_cloth_never_hangs_inside_the_body():
    body = profile_of()
    assert (body.radius - hang(body, 0.4)).max() < 0.001


@needs_anny
def test_the_tubes_own_arrays_fit_together():
    place = tube.tube_place()
    indices, weights = tube.tube_weights()
    assert place.shape == (ROWS * (COLUMNS + 1), 3)
    assert indices.shape == weights.shape == (len(place), 8)
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-5)
    grid = weights.reshape(ROWS, COLUMNS + 1, 8)
    np.testing.assert_array_equal(grid[:, 0], grid[:, -1])
    np.testing.assert_allclose(place[:, 2].reshape(ROWS, -1)[:, 0], HEIGHTS, atol=0.01)
    assert isinstance(profile(rest()), Profile)
