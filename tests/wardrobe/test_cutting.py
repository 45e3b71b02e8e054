"""Necklines and cuts: more skin where a garment is cut lower, wider or shorter, and never elsewhere."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.spatial import cKDTree

from vtonlib.wardrobe import landmarks as lm
from vtonlib.wardrobe.body import body_model
from vtonlib.wardrobe.cutting import EVERYWHERE, cut_of
from vtonlib.wardrobe.neckline import NECK_POINT_Z, Neckline, neckline
from vtonlib.wardrobe.tailor import make
from wardrobe.worlds import VARIETY, garment, needs_anny, profile_of, rest

CHEST = np.stack(np.meshgrid(np.linspace(-0.25, 0.25, 41), [-0.2, -0.1, -0.05, 0.03, 0.1], np.linspace(0.4, 0.8, 33)),
                 axis=-1).reshape(-1, 3)  # fmt: skip
FRONT, BACK = CHEST[:, 1] <= -0.1, CHEST[:, 1] >= 0.03
CURVE = Neckline(width=0.08, front=0.62, back=0.74, roundness=2)


def test_a_neckline_passes_through_its_points():
    places = np.array([[0, -0.2, 0.62], [0, 0.1, 0.74], [0, -0.2, 0.60], [0, 0.1, 0.75]])
    np.testing.assert_allclose(CURVE.inside(places), [0, 0, 0.02, -0.01], atol=1e-6)
    # On the shoulder: as high as the shoulder line there, in front as behind.
    shoulder = np.array([[0.08, -0.2, 0], [0.08, 0.1, 0], [-0.08, -0.2, 0]])
    np.testing.assert_allclose(CURVE.inside(shoulder), 0.778 - 0.42 * 0.02, atol=1e-6)
    # A parabola is a quarter of the way up at half the width, a V half of it.
    half = np.array([[0.04, -0.2, 0]])
    rise = CURVE.inside(shoulder[:1]) - 0.62
    np.testing.assert_allclose(CURVE.inside(half) - 0.62, rise / 4, atol=1e-6)
    np.testing.assert_allclose(replace(CURVE, roundness=1).inside(half) - 0.62, rise / 2, atol=1e-6)


def test_necklines_are_symmetric_and_smooth_from_front_to_back():
    np.testing.assert_array_equal(CURVE.inside(CHEST), CURVE.inside(CHEST * [-1, 1, 1]))
    side = np.column_stack([np.full(300, 0.07), np.linspace(-0.2, 0.1, 300), np.full(300, 0.7)])
    assert np.abs(np.diff(CURVE.inside(side))).max() < 0.01


@pytest.mark.parametrize("collar", ["crew", "v", "scoop", "shirt"])
def test_a_deeper_neck_bares_more_in_front_and_nothing_behind(collar):
    fields = [neckline(collar, 0.085, depth).inside(CHEST) for depth in (0.08, 0.12, 0.2)]
    for less, more in pairwise(fields):
        across = np.abs(CHEST[:, 0]) < 0.08
        assert (more <= less + 1e-6)[across].all()
        assert (more < less - 0.01)[FRONT & (np.abs(CHEST[:, 0]) < 0.03)].all()
        np.testing.assert_allclose(more[BACK & (CHEST[:, 1] > 0.05)], less[BACK & (CHEST[:, 1] > 0.05)], atol=1e-6)
    middle = np.array([[0, -0.2, NECK_POINT_Z - 0.12]])
    np.testing.assert_allclose(neckline(collar, 0.085, 0.12).inside(middle), 0, atol=1e-6)


@pytest.mark.parametrize("collar", ["crew", "v", "scoop", "shirt"])
def test_a_wider_neck_bares_more(collar):
    fields = [neckline(collar, width, 0.14).inside(CHEST) for width in (0.085, 0.095, 0.11)]
    for less, more in pairwise(fields):
        assert (more <= less + 1e-6).all()
        assert (more < less - 1e-3).any()


def test_a_v_is_narrower_than_a_scoop_and_a_turtle_covers_the_neck():
    at = np.array([[0.04, -0.2, 0.66]])
    assert neckline("v", 0.09, 0.16).inside(at) > neckline("scoop", 0.09, 0.16).inside(at)
    throat = np.array([[0, -0.15, 0.75], [0.05, -0.1, 0.75], [0, 0.02, 0.78]])
    assert (neckline("turtle", 0.06, 0.0).inside(throat) > 0).all()
    assert (neckline("crew", 0.08, 0.09).inside(throat[:1]) < 0).all()


@needs_anny
@pytest.mark.parametrize(
    ("field", "values"),
    [("sleeve_at", (0.3, 0.5, 0.96)), ("hem_drop", (-0.1, 0.05, 0.25)), ("neck_depth", (0.2, 0.09))],
)
def test_a_longer_garment_covers_more_and_all_that_the_shorter_covers(field, values):
    own = body_model().group("body")
    covers = [cut_of(garment(**{field: value})).covers(lm.landmarks_of_all())[own] for value in values]
    for less, more in pairwise(covers):
        assert not ((more < 0) & (less > 0)).any()
        assert ((more > 0) & (less < 0)).sum() > 20


@needs_anny
def test_a_garment_bares_head_and_hands_and_ends_at_its_hem():
    marks = lm.landmarks_of_all()
    for name, spec in VARIETY.items():
        bare = cut_of(spec).covers(marks) < 0
        assert bare[marks.place[:, 2] > 0.87].all(), name
        if name != "tank":
            assert bare[marks.along > 1.03].all(), name
        assert bare[marks.place[:, 2] < lm.HIP_Z - spec.hem_drop - 1e-3].all() or spec.hem_drop > 0.8
        covered_hip = (np.abs(marks.place[:, 2] - 0.14) < 0.01) & (marks.arm < 0.1) & (np.abs(marks.place[:, 1]) < 0.5)
        if spec.front == "closed":
            assert not bare[covered_hip].any(), name


@needs_anny
def test_a_garment_without_sleeves_bares_arms_and_hands():
    marks = lm.landmarks_of_all()
    assert (cut_of(VARIETY["tank"]).covers(marks) < 0)[marks.along > 0.3].all()


@needs_anny
def test_trousers_leave_arms_chest_and_feet_bare():
    marks = lm.landmarks_of_all()
    bare = cut_of(VARIETY["trousers"]).covers(marks) < 0
    assert bare[marks.arm > 0.5].all()
    assert bare[marks.place[:, 2] > lm.WAIST_Z].all()
    assert bare[marks.place[:, 2] < lm.ANKLE_Z].all()
    assert not bare[(marks.arm < 0.1) & (np.abs(marks.place[:, 2] - lm.KNEE_Z) < 0.1)].any()


@needs_anny
def test_an_open_front_is_open_in_front_only_and_a_closed_one_nowhere():
    cut = cut_of(VARIETY["coat"])
    places = np.array([[0, -0.2, 0.4], [0.3, -0.2, 0.4], [0, 0.1, 0.4]])
    field = cut.opening_field(places)
    assert field[0] < 0 < field[1]
    assert field[2] > 0.5
    np.testing.assert_array_equal(cut_of(garment()).opening_field(places), EVERYWHERE)


@needs_anny
@pytest.mark.parametrize("name", ["tee", "tank", "sweater", "shirt", "coat", "dress"])
def test_what_the_cut_covers_is_where_the_parts_of_the_suit_are(name):
    """Above the join the cloth is the suit's: it is kept at a vertex just where ``covers`` says so.

    Behind the edges of an open front less counts as covered than is, since one looks in from the side.
    """
    made = make(VARIETY[name], rest(), profile_of())
    marks = lm.suit().landmarks
    cloth = np.full(len(marks.place), -1.0)  # what a part leaves out lies beyond its cut
    for part in made.parts:
        if part.name in ("body", "sleeve"):
            away, vertex = cKDTree(marks.place).query(part.place)
            assert away.max() < 1e-6
            cloth[vertex] = np.maximum(cloth[vertex], part.cut.min(axis=1))
    covers = made.cut.covers(marks)
    above = np.where(marks.arm > 0.4, True, marks.place[:, 2] > lm.JOIN_Z + 0.012)
    # Between trunk and arm (0.4 to 0.5) the seam of both is as near as the edge: leave close calls out.
    sure = above & (np.abs(covers) > 1e-4) & (np.abs(cloth) > 1e-4)
    assert sure.sum() > 2000
    assert not (covers[sure] > 0)[cloth[sure] < 0].any()  # nothing is hidden under cloth that is not there
    if VARIETY[name].front != "open":
        np.testing.assert_array_equal(cloth[sure] > 0, covers[sure] > 0)
    assert 0.2 < (cloth[sure] > 0).mean() < 0.99


@needs_anny
@pytest.mark.parametrize("name", ["trousers", "skirt", "tee", "dress"])
def test_what_the_cut_covers_is_where_tube_and_legs_are(name):
    made = make(VARIETY[name], rest(), profile_of())
    part = made.parts[-1] if name in ("trousers", "skirt") else next(p for p in made.parts if p.name == "tube")
    count = len(part.place)
    _, vertex = cKDTree(lm.suit().landmarks.place).query(part.place)
    arm = lm.suit().landmarks.arm[vertex] if part.name == "leg" else np.zeros(count)
    covers = made.cut.covers(lm.Landmarks(part.place, arm, np.full(count, -0.5), np.zeros(count)))
    below = part.place[:, 2] < lm.JOIN_Z
    np.testing.assert_array_equal((part.cut >= 0).all(axis=1)[below], (covers >= 0)[below])
