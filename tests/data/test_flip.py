"""A mirrored sample is mirrored everywhere, and twice mirrored it is itself."""

from dataclasses import replace

import numpy as np
import pytest

from vtonlib.data.flip import MIRRORED_JOINTS, flip_keypoints, flip_sample
from vtonlib.data.keypoints import COCO, COCO_18
from vtonlib.data.labels import LIP
from vtonlib.data.sample import GARMENTS, VIEWS, Garment, Sample, View

from .hand_made import make_sample, same


def test_twice_is_the_same_sample():
    sample = make_sample(3)
    again = flip_sample(flip_sample(sample))
    for slot in VIEWS:
        new, old = getattr(again, slot), getattr(sample, slot)
        for field in ("image", "parse", "neck", "framing", "turn_deg"):
            assert same(getattr(new, field), getattr(old, field)), field
        np.testing.assert_allclose(new.keypoints, old.keypoints, rtol=0, atol=1e-5)
        np.testing.assert_allclose(new.correspondence, old.correspondence, rtol=0, atol=1e-5)
    for slot in GARMENTS:
        assert same(getattr(again, slot), getattr(sample, slot))
    assert again.person_id == sample.person_id


def test_places_on_halves_of_pixels_come_back_exactly():
    """As they are stored, so that a set on disk stays the same to the last bit."""
    sample = make_sample(4)
    view = replace(
        sample.person,
        keypoints=(sample.person.keypoints * 2).round() / np.float32(2),
        correspondence=(sample.person.correspondence * 2).round() / np.float32(2),
    )
    sample = Sample("p", sample.cloth, view)
    assert same(flip_sample(flip_sample(sample)), sample)


def test_pixels_labels_and_joints_change_sides():
    sample = make_sample()
    flipped, view = flip_sample(sample).person, sample.person
    assert np.array_equal(flipped.image, view.image[:, ::-1])
    assert np.array_equal(flipped.neck, view.neck[:, ::-1])
    assert flipped.turn_deg == -view.turn_deg
    shoe = view.parse == LIP["right_shoe"]
    assert shoe.any()
    assert np.array_equal(flipped.parse == LIP["left_shoe"], shoe[:, ::-1])
    assert not (flipped.parse == LIP["right_shoe"]).any()


def test_a_joint_still_marks_the_same_pixel():
    keypoints = np.zeros((18, 3), np.float32)
    keypoints[COCO["left_wrist"]] = (0, 5, 1)
    flipped = flip_keypoints(keypoints, 48)
    assert flipped[COCO["right_wrist"]].tolist() == [47, 5, 1]
    assert flipped[COCO["left_wrist"], 2] == 0


def test_joints_change_places_in_pairs():
    pairs = {(COCO_18[a], COCO_18[b]) for a, b in enumerate(MIRRORED_JOINTS)}
    assert ("nose", "nose") in pairs
    assert ("neck", "neck") in pairs
    assert len(pairs) == 18
    for a, b in pairs - {("nose", "nose"), ("neck", "neck")}:
        assert {a.split("_")[0], b.split("_")[0]} == {"left", "right"}
        assert a.split("_")[1] == b.split("_")[1]
    assert list(MIRRORED_JOINTS) == [0, 1, 5, 6, 7, 2, 3, 4, 11, 12, 13, 8, 9, 10, 15, 14, 17, 16]


def test_the_correspondence_still_points_at_the_same_thread():
    sample = make_sample()
    flipped = flip_sample(sample)
    rows, columns = np.nonzero(np.isfinite(sample.person.correspondence[..., 0]))
    for y, x in list(zip(rows, columns, strict=True))[::37]:
        u, v = sample.person.correspondence[y, x].round().astype(int)
        new_u, new_v = flipped.person.correspondence[y, 47 - x].round().astype(int)
        if u <= 47 and v <= 63:
            assert np.array_equal(flipped.cloth.image[new_v, new_u], sample.cloth.image[v, u])


@pytest.mark.parametrize("lacking", ["everything", "other garment"])
def test_what_is_not_there_stays_away(lacking):
    full = make_sample()
    sample = replace(full, other_cloth=None)
    if lacking == "everything":
        sample = Sample("p", Garment("g", full.cloth.image), View(full.person.image))
    flipped = flip_sample(sample)
    for slot in (*VIEWS, *GARMENTS):
        assert (getattr(flipped, slot) is None) == (getattr(sample, slot) is None)
    assert same(flip_sample(flipped).cloth, sample.cloth)


def test_a_garment_without_a_picture_stays_as_it_is():
    full = make_sample()
    sample = Sample("p", Garment("g", caption="a red dress."), replace(full.person, correspondence=None))
    flipped = flip_sample(sample)
    assert same(flipped.cloth, sample.cloth)
    assert np.array_equal(flipped.person.image, full.person.image[:, ::-1])
