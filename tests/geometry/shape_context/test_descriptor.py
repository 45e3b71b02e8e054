"""A histogram worked by hand, and what it does not see."""

import numpy as np

from vtonlib.geometry.shape_context.descriptor import ANGLES, RADII, shape_contexts


def random_points(number=50, seed=0):
    return np.random.default_rng(seed).random((number, 2)) * [96, 128]


def test_a_histogram_by_hand():
    """Four points on a cross, and one in its middle.

    Seen from the middle all are 1 away, to the right, down, left and up: sectors 0, 3, 6 and 9. Of the 25 distances
    (each point to itself counts 0) 8 are 1, 8 are sqrt 2 and 4 are 2, so their mean is 1.0925, and 1 lies in ring 3.
    """
    points = np.array([[0.0, 0], [1, 0], [0, 1], [-1, 0], [0, -1]])
    histograms = shape_contexts(points)
    expected = np.zeros((5, 12))
    expected[3, [0, 3, 6, 9]] = 1 / 4
    assert np.array_equal(histograms[0].reshape(5, 12), expected)
    # From the right end: the middle is left of it (sector 6, ring 3); the left end too, at 1.83 means (ring 4); the
    # lower one at 135 degrees (sector 4) and the upper one at 225 (sector 7), at 1.29 means (ring 4).
    expected = np.zeros((5, 12))
    expected[3, 6] = expected[4, 6] = expected[4, 4] = expected[4, 7] = 1 / 4
    assert np.array_equal(histograms[1].reshape(5, 12), expected)


def test_histograms_against_a_loop():
    points = random_points()
    mean = np.mean([[np.hypot(*(q - p)) for q in points] for p in points])
    expected = np.zeros((50, 5, 12))
    for i, p in enumerate(points):
        for j, q in enumerate(points):
            distance = np.hypot(*(q - p)) / mean
            if i != j and distance < 2:
                ring = sum(distance >= edge for edge in RADII)
                expected[i, ring, int(np.arctan2(*(q - p)[::-1]) % (2 * np.pi) / (2 * np.pi) * ANGLES)] += 1
    expected = expected.reshape(50, 60)
    assert np.allclose(shape_contexts(points), expected / expected.sum(1, keepdims=True))


def test_place_and_size_do_not_matter_but_a_turn_does():
    points = random_points()
    assert np.array_equal(shape_contexts(points), shape_contexts(points * 2 + 64))
    turned = shape_contexts(points[:, ::-1] * [1, -1])  # by 90 degrees: three sectors back
    rolled = np.roll(shape_contexts(points).reshape(50, 5, 12), -3, axis=2).reshape(50, 60)
    assert np.allclose(turned, rolled)
    assert not np.allclose(turned, shape_contexts(points))


def test_nobody_sees_those_who_are_left_out_but_they_see():
    points = random_points()
    counted = np.arange(50) >= 10
    histograms = shape_contexts(points, counted)
    assert np.allclose(histograms[10:], shape_contexts(points[10:]))
    assert np.allclose(histograms[:10].sum(1), 1)


def test_one_who_sees_nobody_has_an_empty_histogram():
    points = np.vstack([random_points(), [[5000.0, 5000.0]]])
    histograms = shape_contexts(points, np.arange(51) < 50)
    assert histograms[50].sum() == 0
