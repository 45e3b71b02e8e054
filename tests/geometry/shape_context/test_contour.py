"""Contours of squares, specks and broken shapes, by hand."""

import numpy as np
import pytest

from vtonlib.errors import VtonError
from vtonlib.geometry.shape_context.contour import outer_contours, sample_contour


def rectangle(top, bottom, left, right, size=(40, 30)):
    mask = np.zeros(size, bool)
    mask[top : bottom + 1, left : right + 1] = True
    return mask


def test_the_contour_of_a_rectangle_by_hand():
    (outline,) = outer_contours(rectangle(3, 6, 2, 6))
    assert outline.tolist()[:6] == [[2, 2.5], [3, 2.5], [4, 2.5], [5, 2.5], [6, 2.5], [6.5, 3]]
    assert len(outline) == 2 * (4 + 5)
    (x, y), (next_x, next_y) = (
        (np.roll(outline, -1, 0) - outline).T,
        (np.roll(outline, -2, 0) - np.roll(outline, -1, 0)).T,
    )
    turning = x * next_y - y * next_x
    assert turning.min() >= 0  # clockwise, with y down


def test_contours_touch_the_frame_and_turn_inward():
    ell = rectangle(0, 9, 0, 9, (10, 10))
    ell[:5, 5:] = False
    (outline,) = outer_contours(ell)
    assert [4.5, 4] in outline.tolist()
    assert [5, 4.5] in outline.tolist()
    assert outline.min() == -0.5
    assert outline.max() == 9.5
    x, y = outline.T
    area = abs(x @ np.roll(y, 1) - y @ np.roll(x, 1)) / 2
    assert area == pytest.approx(75, abs=2)  # a corner of the polygon is cut by an eighth


def test_points_lie_at_equal_distances_with_the_shape_on_their_right():
    mask = rectangle(5, 34, 4, 25)
    contour = sample_contour(mask, 52)
    steps = np.hypot(*(np.roll(contour.points, -1, 0) - contour.points).T)
    assert np.ptp(steps) < 0.35
    middle = np.argmin(np.abs(contour.points[:26, 0] - 14))  # of the upper edge
    assert contour.tangents[middle] == pytest.approx(0, abs=1e-6)
    lower = np.argmin(np.hypot(*(contour.points - [14, 34.5]).T))
    assert abs(contour.tangents[lower]) == pytest.approx(np.pi, abs=1e-6)
    right = np.argmin(np.hypot(*(contour.points - [25.5, 20]).T))
    assert contour.tangents[right] == pytest.approx(np.pi / 2, abs=1e-6)  # down, as y grows


def test_tangents_of_a_disc_follow_the_circle():
    y, x = np.mgrid[:60, :60]
    contour = sample_contour(np.hypot(x - 30, y - 29) < 20, 100)
    around = np.arctan2(*(contour.points - [30, 29]).T[::-1]) + np.pi / 2
    error = np.angle(np.exp(1j * (contour.tangents - around)))
    assert np.abs(error).max() < np.radians(15)
    assert np.abs(error).mean() < np.radians(4)


def test_parts_share_the_points_by_length_and_specks_and_holes_do_not_count():
    mask = rectangle(2, 31, 2, 11) | rectangle(5, 14, 16, 25)
    mask[8:12, 5:8] = False
    mask[38, 2:4] = True
    assert len(outer_contours(mask)) == 2
    contour = sample_contour(mask, 60)
    in_second = contour.points[:, 0] > 14
    assert in_second.sum() == pytest.approx(60 * 40 / 120, abs=1)
    assert not in_second[:30].any()
    assert contour.points[:, 1].max() < 32
    alone = sample_contour(mask, 60, largest_only=True)
    assert alone.points[:, 0].max() < 12
    assert np.array_equal(alone.points, sample_contour(rectangle(2, 31, 2, 11), 60).points)


def test_parts_that_meet_at_a_corner_are_two():
    mask = rectangle(2, 9, 2, 9) | rectangle(10, 17, 10, 17)
    assert len(outer_contours(mask)) == 2
    ring = rectangle(2, 9, 2, 9) | rectangle(10, 17, 2, 20) | rectangle(4, 9, 10, 20)
    ring[9, 9] = False  # its own corner is passed twice
    (outline,) = outer_contours(ring)
    assert len(np.unique(outline, axis=0)) == len(outline)


@pytest.mark.parametrize(
    ("mask", "named"),
    [(np.zeros((20, 20)), "largest part has 0 pixels"), (rectangle(2, 4, 2, 4), "largest part has 9 pixels"),
     (np.ones((1, 20, 20)), r"give one mask \(H, W\)")],
)  # fmt: skip
def test_masks_without_a_boundary_are_refused(mask, named):
    with pytest.raises(VtonError, match=named):
        sample_contour(mask)
