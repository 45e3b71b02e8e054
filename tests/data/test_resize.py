"""Samples at another size agree with themselves; squares keep their middle."""

from dataclasses import replace

import numpy as np
import pytest

from vtonlib.data.resize import pad_sample, pad_view, resize_sample
from vtonlib.data.sample import Garment, Sample, View
from vtonlib.errors import VtonError

from .hand_made import make_sample, same

BLOCKS = np.kron(np.random.default_rng(0).integers(0, 20, (32, 24)), np.ones((2, 2), int)).astype(np.uint8)


def test_halving_blocks_of_two_pixels_keeps_labels_and_masks():
    sample = make_sample()
    sample = replace(
        sample, person=replace(sample.person, parse=BLOCKS, neck=BLOCKS == 3),
        cloth=replace(sample.cloth, mask=BLOCKS > 9),
    )  # fmt: skip
    half = resize_sample(sample, (32, 24))
    assert np.array_equal(half.person.parse, BLOCKS[::2, ::2])
    assert np.array_equal(half.person.neck, BLOCKS[::2, ::2] == 3)
    assert np.array_equal(half.cloth.mask, BLOCKS[::2, ::2] > 9)
    assert half.other_pose.image.shape == (32, 24, 3)
    assert half.other_cloth.alpha.shape == (32, 24)
    assert 0 <= half.other_cloth.alpha.min() <= half.other_cloth.alpha.max() <= 1


def test_places_move_with_the_pixels():
    sample = make_sample()
    half = resize_sample(sample, (32, 24))
    np.testing.assert_allclose(half.person.keypoints[:, :2], (sample.person.keypoints[:, :2] + 0.5) / 2 - 0.5)
    assert np.array_equal(half.person.keypoints[:, 2], sample.person.keypoints[:, 2])
    expected = (sample.person.correspondence[1::2, 1::2] + 0.5) / 2 - 0.5
    assert np.array_equal(np.isnan(half.person.correspondence), np.isnan(expected))
    np.testing.assert_allclose(half.person.correspondence, expected.clip(0, [23, 31]), atol=1e-5)


def test_a_smooth_picture_keeps_its_colours():
    sample = make_sample()
    half = resize_sample(sample, (32, 24))
    averaged = sample.cloth.image.reshape(32, 2, 24, 2, 3).mean((1, 3))
    assert np.abs(half.cloth.image - averaged).max() <= 2


def test_the_same_size_changes_nothing_and_missing_fields_stay_missing():
    sample = make_sample()
    sample = replace(sample, person=replace(sample.person, correspondence=None))
    assert same(resize_sample(sample, (64, 48)).person, sample.person)
    assert same(resize_sample(sample, (64, 48)).cloth, sample.cloth)
    least = resize_sample(Sample("p", Garment("g", sample.cloth.image), View(sample.person.image)), (32, 24))
    assert least.person.parse is None
    assert least.swap is None
    assert least.cloth.mask is None


def test_a_square_has_the_portrait_in_its_middle():
    view = make_sample().person
    square = pad_view(view)
    assert square.size == (64, 64)
    for field in ("image", "parse", "neck", "correspondence"):
        assert same(np.ascontiguousarray(getattr(square, field)[:, 8:56]), getattr(view, field)), field
    assert np.isnan(square.correspondence[:, :8]).all()
    assert np.array_equal(square.image[:, :8], np.repeat(view.image[:, :1], 8, axis=1))
    assert np.array_equal(square.parse[:, 56:], np.repeat(view.parse[:, -1:], 8, axis=1))
    assert np.array_equal(square.keypoints, view.keypoints + np.array([8, 0, 0], np.float32))


def test_a_square_stays_and_what_is_not_there_stays_away():
    view = make_sample().person
    square = pad_view(view)
    assert same(pad_view(square), square)
    least = pad_view(View(view.image))
    assert least.parse is None
    assert least.keypoints is None
    with pytest.raises(VtonError, match="is wider than high; give a portrait"):
        pad_view(View(np.zeros((4, 5, 3), np.uint8)))


def test_every_picture_of_a_sample_becomes_a_square():
    sample = make_sample()
    square = pad_sample(replace(sample, swap=None))
    assert square.swap is None
    assert square.other_pose.size == square.other_cloth.image.shape[:2] == (64, 64)
    assert np.array_equal(square.cloth.mask[:, 8:56], sample.cloth.mask)
    assert np.array_equal(square.other_cloth.alpha[:, 8:56], sample.other_cloth.alpha)
    expected = sample.person.correspondence + np.array([8, 0], np.float32)
    assert np.array_equal(square.person.correspondence[:, 8:56], expected, equal_nan=True)
    assert same(replace(square.person, correspondence=None), replace(pad_view(sample.person), correspondence=None))


def test_a_garment_without_a_picture_stays_as_it_is():
    full = make_sample()
    sample = Sample("p", Garment("g", caption="a red dress."), replace(full.person, correspondence=None))
    small, square = resize_sample(sample, (32, 24)), pad_sample(sample)
    assert same(small.cloth, sample.cloth)
    assert same(square.cloth, sample.cloth)
    assert same(small.person, replace(resize_sample(full, (32, 24)).person, correspondence=None))
    assert same(square.person, replace(pad_sample(full).person, correspondence=None))
