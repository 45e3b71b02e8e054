"""Who matches whom: a cost for each pair of points, and the cheapest one-to-one assignment.

Belongie et al. 2002, IEEE TPAMI 24(4); weights and dummies as in VITON's code.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

TANGENT_WEIGHT = 0.1
DUMMY_SHARE = 0.25
DUMMY_COST = 0.25

UNMATCHED = -1


def chi_square(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """The distance 1/2 sum_k (a_k - b_k)^2 / (a_k + b_k) between histograms, in [0, 1]; bins empty in both give 0.

    Args:
        first: (N, K) shares that add up to 1.
        second: (M, K).

    Returns:
        (N, M).
    """
    # (a - b)^2 / (a + b) = a + b - 4 a b / (a + b), whose last term is 0 unless both bins hold something. A point has
    # something in a third of its bins, so that going through the points saves two thirds of the work.
    common = np.empty((len(first), len(second)))
    for index, shares in enumerate(first):
        occupied = shares > 0
        other = second[:, occupied]
        common[index] = (other * shares[occupied] / (other + shares[occupied])).sum(1)
    distance: NDArray[np.float64] = (first.sum(1)[:, None] + second.sum(1)) / 2 - 2 * common
    return distance


def tangent_cost(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """(1 - cos(difference)) / 2 for tangent angles (N,) and (M,): (N, M), 0 for equal and 1 for opposite ones."""
    result: NDArray[np.float64] = (1 - np.cos(first[:, None] - second)) / 2
    return result


def matching_cost(contexts: NDArray[np.float64], tangents: NDArray[np.float64]) -> NDArray[np.float64]:
    """Nine tenths of the histograms' distance and one tenth of the tangents' cost, both (N, M)."""
    return (1 - TANGENT_WEIGHT) * contexts + TANGENT_WEIGHT * tangents


def assign(cost: NDArray[np.float64]) -> NDArray[np.int64]:
    """The one-to-one assignment of the least total cost, in which bad pairs may stay alone.

    Each side gets a quarter more points, dummies, that cost 0.25 to match with anything, also with each other. A pair
    that costs more than 0.25 is thus given up as long as dummies are left; at most a quarter stay alone, and what is
    left over is paired whatever it costs. The assignment is exact (Hungarian method); no two points share a partner.

    Args:
        cost: (N, M).

    Returns:
        (N,) partners in 0..M-1, :data:`UNMATCHED` for points that a dummy took.
    """
    rows, columns = cost.shape
    dummies = round(DUMMY_SHARE * max(rows, columns))
    side = max(rows, columns) + dummies
    padded = np.full((side, side), DUMMY_COST)
    padded[:rows, :columns] = cost
    partners = linear_sum_assignment(padded)[1][:rows].astype(np.int64)
    return np.where(partners < columns, partners, UNMATCHED)
