"""The z-buffer, against a slow and plain one."""

import numpy as np
import pytest

from vtonlib.wardrobe.raster import Frame, draw, interpolate

SIZE = (40, 48)


def soup(seed, count=30):
    """Random triangles, some of them partly outside the picture."""
    rng = np.random.default_rng(seed)
    middle = rng.uniform(-5, 50, (count, 1, 2))
    corners = middle + rng.normal(0, 9, (count, 3, 2))
    depth = rng.uniform(1, 5, (count, 3, 1))
    screen = np.concatenate([corners, depth], axis=2).reshape(-1, 3).astype(np.float32)
    return screen, np.arange(3 * count, dtype=np.int32).reshape(count, 3)


def oracle(screen, triangles):
    """For each sample the nearest triangle, its depth and weights, and whether it is a close call."""
    y, x = np.mgrid[0 : SIZE[0], 0 : SIZE[1]] + 0.5
    depth, nearest = np.full(SIZE, np.inf), np.full(SIZE, -1)
    weights, close = np.zeros((*SIZE, 3)), np.zeros(SIZE, bool)
    for number, corners in enumerate(screen.astype(np.float64)[triangles]):
        system = np.stack([corners[:, 0], corners[:, 1], np.ones(3)])
        share = np.linalg.solve(system, np.stack([x.ravel(), y.ravel(), np.ones(x.size)])).T.reshape(*SIZE, 3)
        z = share @ corners[:, 2]
        least = share.min(axis=2)
        close |= (np.abs(least) < 1e-4) | ((least > 0) & (np.abs(z - depth) < 1e-4))
        better = (least >= 0) & (z < depth)
        depth[better], nearest[better], weights[better] = z[better], number, share[better]
    return depth, nearest, weights, close


@pytest.mark.parametrize("seed", range(6))
def test_random_triangles_are_drawn_as_by_a_point_in_triangle_test(seed):
    screen, triangles = soup(seed)
    frame = Frame.empty(SIZE)
    draw(frame, screen, triangles, 3)
    depth, nearest, weights, close = oracle(screen, triangles)
    sure = ~close
    assert sure.mean() > 0.99
    hit = sure & (nearest >= 0)
    assert 0.2 < hit.mean() < 1
    np.testing.assert_array_equal(frame.layer[sure], np.where(nearest >= 0, 3, -1)[sure])
    np.testing.assert_array_equal(frame.triangle[hit], nearest[hit])
    np.testing.assert_allclose(frame.depth[hit], depth[hit], atol=1e-4)
    assert np.isinf(frame.depth[sure & (nearest < 0)]).all()
    np.testing.assert_allclose(frame.bary[hit], weights[hit][:, :2], atol=1e-4)


@pytest.mark.parametrize("seed", range(4))
def test_neither_the_order_of_triangles_nor_their_winding_matters(seed):
    screen, triangles = soup(seed)
    first, second = Frame.empty(SIZE), Frame.empty(SIZE)
    draw(first, screen, triangles, 0)
    draw(second, screen, np.ascontiguousarray(triangles[::-1, ::-1]), 0)
    assert np.isclose(first.depth, second.depth, atol=1e-4).mean() > 0.999
    assert np.isfinite(first.depth).mean() > 0.2


@pytest.mark.parametrize("snap", [0, 0.5, 1])
@pytest.mark.parametrize("seed", range(5))
def test_a_closed_sheet_has_no_holes(seed, snap):
    rng = np.random.default_rng(seed)
    points = np.stack(np.meshgrid(np.linspace(-8, 56, 24), np.linspace(-8, 48, 24)), axis=2)
    points += rng.uniform(-0.8, 0.8, points.shape)
    if snap:  # corners and edges that run through the middles of samples
        points = np.round(points / snap) * snap
    screen = np.concatenate([points.reshape(-1, 2), np.ones((24 * 24, 1))], axis=1).astype(np.float32)
    number = np.arange(24 * 24, dtype=np.int32).reshape(24, 24)
    a, b, c, d = number[:-1, :-1], number[:-1, 1:], number[1:, 1:], number[1:, :-1]
    triangles = np.stack([a, b, c, a, c, d], axis=2).reshape(-1, 3)
    frame = Frame.empty(SIZE)
    draw(frame, screen, triangles, 0)
    assert (frame.layer == 0).all()


def test_the_nearer_layer_wins_in_any_order_and_a_head_start_counts():
    near = np.array([[0, 0, 1], [48, 0, 1], [0, 40, 1]], np.float32)
    far = near + np.array([0, 0, 0.0025], np.float32)
    triangle = np.array([[0, 1, 2]], np.int32)
    for order in ((near, far), (far, near)):
        frame = Frame.empty(SIZE)
        for screen in order:
            draw(frame, screen, triangle, 0 if screen is near else 1)
        assert set(np.unique(frame.layer)) == {-1, 0}
    for nearer, winner in ((0.002, 0), (0.003, 1)):
        frame = Frame.empty(SIZE)
        draw(frame, near, triangle, 0)
        draw(frame, far, triangle, 1, nearer=nearer)
        assert frame.layer.max() == winner


def test_two_sheets_that_cross_meet_in_a_line():
    corners = np.array([[0, 0], [48, 0], [48, 40], [0, 40]], np.float32)
    flat = np.column_stack([corners, np.full(4, 2)]).astype(np.float32)
    slanting = np.column_stack([corners, [1, 3, 3, 1]]).astype(np.float32)
    triangles = np.array([[0, 1, 2], [0, 2, 3]], np.int32)
    frame = Frame.empty(SIZE)
    draw(frame, flat, triangles, 0)
    draw(frame, slanting, triangles, 1)
    np.testing.assert_array_equal(frame.layer, np.tile(np.arange(48) < 24, (40, 1)).astype(np.int8))


def test_a_plane_is_interpolated_exactly():
    screen, triangles = soup(1)
    frame = Frame.empty(SIZE)
    draw(frame, screen, triangles, 0)
    rows, columns = np.nonzero(frame.layer == 0)
    x, y = screen[:, 0], screen[:, 1]
    values = np.stack([2 * x - y + 3, np.full_like(x, 7), y], axis=1)
    found = interpolate(rows, columns, frame.triangle, frame.bary, triangles, values)
    expected = np.stack([2 * (columns + 0.5) - (rows + 0.5) + 3, np.full(len(rows), 7), rows + 0.5], axis=1)
    np.testing.assert_allclose(found, expected, atol=2e-3)


def square(step=6):
    """A sheet over the whole picture, and its corners' places."""
    points = np.stack(np.meshgrid(np.arange(-3.0, 60, step), np.arange(-3.0, 60, step)), axis=2)
    rows, columns = points.shape[:2]
    number = np.arange(rows * columns, dtype=np.int32).reshape(rows, columns)
    a, b, c, d = number[:-1, :-1], number[:-1, 1:], number[1:, 1:], number[1:, :-1]
    screen = np.concatenate([points.reshape(-1, 2), np.ones((rows * columns, 1))], axis=1).astype(np.float32)
    return screen, np.stack([a, b, c, a, c, d], axis=2).reshape(-1, 3)


def test_a_straight_cut_has_the_border_of_its_field_and_not_of_the_triangles():
    screen, triangles = square()
    x, y = screen[:, 0], screen[:, 1]
    fields = np.stack([x + 0.5 * y - 20.3, 33.2 - y], axis=1).astype(np.float32)
    frame = Frame.empty(SIZE)
    draw(frame, screen, triangles, 0, fields)
    row, column = np.mgrid[0 : SIZE[0], 0 : SIZE[1]] + 0.5
    np.testing.assert_array_equal(frame.layer == 0, (column + 0.5 * row >= 20.3) & (row <= 33.2))
    assert 0.1 < (frame.layer == 0).mean() < 0.9


def test_a_round_cut_is_as_round_as_its_field():
    screen, triangles = square(step=1)
    field = 12 - np.hypot(screen[:, 0] - 24, screen[:, 1] - 20)
    frame = Frame.empty(SIZE)
    draw(frame, screen, triangles, 0, field[:, None].astype(np.float32))
    assert abs((frame.layer == 0).sum() - np.pi * 144) < 12
    row, column = np.nonzero(frame.layer == 0)
    assert np.hypot(column + 0.5 - 24, row + 0.5 - 20).max() < 12.05


def test_what_is_cut_away_shows_what_lies_behind():
    screen, triangles = square()
    frame = Frame.empty(SIZE)
    draw(frame, screen, triangles, 0, (screen[:, :1] - 24).astype(np.float32))
    draw(frame, screen + np.array([0, 0, 1], np.float32), triangles, 1)
    np.testing.assert_array_equal(frame.layer, np.tile(np.arange(48) < 24, (40, 1)).astype(np.int8))


def test_lines_and_what_lies_outside_draw_nothing():
    screen = np.array([[5, 5, 1], [20, 20, 1], [35, 35, 1], [-9, -9, 1], [-1, -9, 1], [-9, 30, 1]], np.float32)
    frame = Frame.empty(SIZE)
    draw(frame, screen, np.array([[0, 1, 2], [0, 0, 1], [3, 4, 5]], np.int32), 0)
    assert (frame.layer == -1).all()
    assert (frame.depth.dtype, frame.layer.dtype, frame.triangle.dtype) == (np.float32, np.int8, np.int32)
    assert frame.bary.shape == (*SIZE, 2)
