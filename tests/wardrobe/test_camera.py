"""The camera, against cases worked out by hand."""

import numpy as np
import pytest

from vtonlib.wardrobe.camera import Camera
from vtonlib.wardrobe.scene import camera_for

FRONT = Camera(centre=(0, 0, 1), height_m=2, size=(200, 150), distance=4)
"""100 pixels to the metre at the centre's depth."""


def test_points_fall_where_a_pin_hole_puts_them():
    points = np.array([
        [0, 0, 1],  # the centre
        [0.5, 0, 1],  # the person's left is right in the picture
        [0, 0, 2],  # one metre above the centre is the upper edge
        [0.5, -2, 1.25],  # half as far away: twice as large
        [0.5, 4, 1.25],  # twice as far away: half as large
    ])  # fmt: skip
    expected = [[75, 100, 4], [125, 100, 4], [75, 0, 4], [175, 50, 2], [100, 87.5, 8]]
    screen = FRONT.project(points)
    assert screen.dtype == np.float32
    np.testing.assert_allclose(screen, expected, atol=1e-4)


@pytest.mark.parametrize("turn_deg", [0, 30, -30, 90])
def test_a_positive_turn_faces_the_persons_own_left_which_is_right_in_the_picture(turn_deg):
    camera = Camera((0, 0, 0), 2, (200, 150), distance=4, turn_deg=turn_deg)
    nose, left = camera.project(np.array([[0, -0.1, 0], [0.1, 0, 0]]))
    assert np.sign(round(float(nose[0]) - 75, 3)) == np.sign(turn_deg)
    assert np.sign(round(float(left[2]) - 4, 3)) == np.sign(turn_deg)  # the left shoulder goes away
    angle = np.radians(turn_deg)
    assert np.isclose(nose[2], 4 - 0.1 * np.cos(angle), atol=1e-5)


def test_directions_turn_with_the_person_and_keep_their_length():
    camera = Camera((5, 5, 5), 2, (200, 150), turn_deg=90)
    found = camera.directions(np.array([[0, -1, 0], [0, 0, 1], [1, 0, 0]], np.float32))
    np.testing.assert_allclose(found, [[1, 0, 0], [0, -1, 0], [0, 0, 1]], atol=1e-6)
    rotation = Camera((0, 0, 0), 1, (4, 4), turn_deg=-25).rotation()
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-6)
    assert np.isclose(np.linalg.det(rotation), 1, atol=1e-6)


def test_counting_samples_multiplies_coordinates_and_keeps_depth():
    camera = Camera((0.1, 0.2, 0.9), 1.7, (64, 48), 3.0, 20.0)
    points = np.random.default_rng(0).normal(0, 0.3, (20, 3))
    expected = camera.project(points) * [3, 3, 1]
    np.testing.assert_allclose(camera_for(camera, 3).project(points), expected, rtol=1e-5)
    assert camera_for(camera, 3).size == (192, 144)
