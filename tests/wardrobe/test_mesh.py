"""Normals, subdivision and neighbours, against values that can be worked out by hand."""

import numpy as np
import pytest

from vtonlib.wardrobe.mesh import neighbour_mean, normals, subdivide

CUBE = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float32)
CUBE_QUADS = np.array([[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]])
"""Turned outwards."""


def grid(rows, columns, wrap=False):
    """Quads of a grid of vertices; of a torus if both directions wrap."""
    number = np.arange(rows * columns).reshape(rows, columns)
    if wrap:
        number = np.pad(number, ((0, 1), (0, 1)), mode="wrap")
    return np.stack([number[:-1, :-1], number[:-1, 1:], number[1:, 1:], number[1:, :-1]], axis=2).reshape(-1, 4)


def euler(quads):
    """Vertices - edges + faces."""
    ends = np.stack([quads, np.roll(quads, -1, axis=1)], axis=2).reshape(-1, 2)
    return len(np.unique(quads)) - len(np.unique(np.sort(ends, axis=1), axis=0)) + len(quads)


@pytest.mark.parametrize(
    ("quads", "count", "characteristic"),
    [(CUBE_QUADS, 8, 2), (grid(4, 6), 24, 1), (grid(5, 7, wrap=True), 35, 0)],
    ids=["sphere", "disc", "torus"],
)
def test_subdivision_keeps_the_surface_and_splits_each_quad_into_four(quads, count, characteristic):
    fine = subdivide(quads, count)
    assert euler(quads) == euler(fine.quads) == characteristic
    assert fine.quads.shape == (4 * len(quads), 4)
    assert fine.triangles.shape == (8 * len(quads), 3)
    assert fine.weights.shape == fine.linear.shape == (fine.quads.max() + 1, count)
    again = subdivide(fine.quads, fine.weights.shape[0])
    assert euler(again.quads) == characteristic


@pytest.mark.parametrize(("quads", "count"), [(CUBE_QUADS, 8), (grid(4, 6), 24), (grid(5, 7, wrap=True), 35)])
def test_weights_are_shares_of_the_old_vertices(quads, count):
    fine = subdivide(quads, count)
    for weights in (fine.weights, fine.linear):
        np.testing.assert_allclose(np.asarray(weights.sum(axis=1)).ravel(), 1, atol=1e-6)
        assert weights.data.min() >= 0
    np.testing.assert_array_equal(fine.linear[:count].toarray(), np.eye(count))


def test_a_flat_sheet_stays_flat_and_its_border_straight():
    rng = np.random.default_rng(0)
    xy = np.stack(np.meshgrid(np.arange(6.0), np.arange(5.0)), axis=2).reshape(-1, 2)
    inner = (xy > 0).all(axis=1) & (xy < [5, 4]).all(axis=1)
    xy[inner] += rng.uniform(-0.3, 0.3, (inner.sum(), 2))
    flat = np.column_stack([xy, 2 * xy[:, 0] - 3 * xy[:, 1] + 1])
    fine = subdivide(grid(5, 6), 30)
    x, y, z = (fine.weights @ flat).T
    np.testing.assert_allclose(z, 2 * x - 3 * y + 1, atol=1e-5)
    assert np.isclose(x.min(), 0, atol=1e-6)
    assert np.isclose(y.max(), 4, atol=1e-6)
    ends = np.stack([fine.quads, np.roll(fine.quads, -1, axis=1)], axis=2).reshape(-1, 2)
    edges, uses = np.unique(np.sort(ends, axis=1), axis=0, return_counts=True)
    border = np.unique(edges[uses == 1])
    corner = np.isin(border, [0, 5, 24, 29])  # the border cuts its corners
    sides = border[~corner]
    assert np.min([np.abs(x[sides]), np.abs(x[sides] - 5), np.abs(y[sides]), np.abs(y[sides] - 4)], axis=0).max() < 1e-6


def test_a_cube_gets_the_points_of_catmull_and_clark():
    points = subdivide(CUBE_QUADS, 8).weights @ CUBE
    # Corner: (faces' mean + 2 edges' mean) / 3 = (1/3 + 4/3) / 3; face: its middle; edge: mean of ends and faces.
    np.testing.assert_allclose(points[:8], CUBE * 5 / 9, atol=1e-6)
    np.testing.assert_allclose(points[8:14], CUBE[CUBE_QUADS].mean(axis=1), atol=1e-6)
    edges = np.sort(np.abs(points[14:]), axis=1)
    np.testing.assert_allclose(edges, np.tile([0, 0.75, 0.75], (12, 1)), atol=1e-6)


def roundness(points):
    radius = np.linalg.norm(points, axis=1)
    return radius.std() / radius.mean()


def test_the_limit_is_rounder_than_flat_facets():
    points, quads, flat, spread = CUBE, CUBE_QUADS, CUBE, []
    for _ in range(3):
        fine = subdivide(quads, len(points))
        points, flat, quads = fine.weights @ points, fine.linear @ flat, fine.quads
        spread.append(roundness(points))
        assert roundness(points) < 0.5 * roundness(flat)
    facing = normals(points.astype(np.float32), fine.triangles)
    # Turned outwards still, and along the radius as on a ball.
    assert (facing * points / np.linalg.norm(points, axis=1, keepdims=True)).sum(axis=1).min() > 0.95


def test_normals_have_unit_length_and_large_triangles_count_more():
    roof = np.array([[0, 0, 0], [0, 1, 0], [2, 0, 0], [-1, 0, 1]], np.float32)
    found = normals(roof, np.array([[0, 2, 1], [0, 1, 3]], np.int32))
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    flat, steep = np.array([0, 0, 2.0]), np.array([1, 0, 1.0])  # cross products: twice the areas
    np.testing.assert_allclose(found[2], [0, 0, 1], atol=1e-6)
    np.testing.assert_allclose(found[3], steep / np.sqrt(2), atol=1e-6)
    np.testing.assert_allclose(found[0], (flat + steep) / np.linalg.norm(flat + steep), atol=1e-6)


def test_a_vertex_without_triangles_gets_no_normal_and_no_neighbour():
    points = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [9, 9, 9]], np.float32)
    triangle = np.array([[0, 1, 2]], np.int32)
    assert normals(points, triangle)[3].tolist() == [0, 0, 0]
    mean = neighbour_mean(triangle, 4).toarray()
    np.testing.assert_allclose(mean, [[0, 0.5, 0.5, 0], [0.5, 0, 0.5, 0], [0.5, 0.5, 0, 0], [0, 0, 0, 0]])


def test_neighbours_that_share_two_triangles_count_once():
    mean = neighbour_mean(np.array([[0, 1, 2], [2, 1, 3]]), 4)
    np.testing.assert_allclose(mean[1].toarray(), [[1 / 3, 0, 1 / 3, 1 / 3]], atol=1e-6)
