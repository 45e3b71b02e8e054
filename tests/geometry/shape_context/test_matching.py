"""Costs against loops, and who stays alone."""

import itertools

import numpy as np
import pytest

from vtonlib.geometry.shape_context.matching import UNMATCHED, assign, chi_square, matching_cost, tangent_cost


def shares(number, seed):
    values = np.random.default_rng(seed).random((number, 60)) * (
        np.random.default_rng(seed + 1).random((number, 60)) < 0.3
    )
    return values / values.sum(1, keepdims=True)


def test_chi_square_equals_a_loop():
    first, second = shares(6, 0), shares(5, 9)
    expected = np.zeros((6, 5))
    for i, j, k in itertools.product(range(6), range(5), range(60)):
        a, b = first[i, k], second[j, k]
        if a + b > 0:
            expected[i, j] += 0.5 * (a - b) ** 2 / (a + b)
    assert np.allclose(chi_square(first, second), expected, rtol=0, atol=1e-12)
    assert np.allclose(np.diag(chi_square(first, first)), 0, atol=1e-12)
    assert chi_square(np.eye(2), np.eye(2)).tolist() == [[0, 1], [1, 0]]


def test_tangents_by_hand():
    cost = tangent_cost(np.array([0.0, np.pi / 2]), np.array([0.0, np.pi, -np.pi / 2]))
    assert np.allclose(cost, [[0, 1, 0.5], [0.5, 0.5, 1]])
    assert matching_cost(np.array([[0.5]]), np.array([[1.0]])).item() == pytest.approx(0.55)


def test_the_assignment_is_the_cheapest_of_all():
    cost = np.random.default_rng(0).random((6, 6)) * 0.2
    partners = assign(cost)
    assert sorted(partners) == list(range(6))
    best = min(cost[range(6), order].sum() for order in itertools.permutations(range(6)))
    assert cost[range(6), partners].sum() == pytest.approx(best)


def test_a_pair_that_costs_more_than_its_dummies_stays_alone():
    cost = np.full((8, 8), 0.9)
    np.fill_diagonal(cost, [0.0, 0.1, 0.2, 0.24, 0.26, 0.1, 0.1, 0.1])
    assert assign(cost).tolist() == [0, 1, 2, 3, UNMATCHED, 5, 6, 7]
    np.fill_diagonal(cost, 0.9)
    assert (assign(cost) == UNMATCHED).sum() == 2  # no more than a quarter


def test_sides_may_differ_in_number():
    cost = np.full((4, 6), 0.2)
    partners = assign(cost)
    assert len(partners) == 4
    assert len(set(partners)) == 4
    more = assign(cost.T)
    assert (more == UNMATCHED).sum() == 2
