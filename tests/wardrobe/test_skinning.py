"""Linear blend skinning."""

import numpy as np

from vtonlib.wardrobe.skinning import INFLUENCES, compact_weights, skin


def moves(*shifts):
    transforms = np.tile(np.eye(3, 4, dtype=np.float32), (len(shifts), 1, 1))
    transforms[:, :, 3] = shifts
    return transforms


def test_a_point_follows_the_weighted_mean_of_its_bones():
    rest = np.array([[1, 2, 3], [4, 5, 6]], np.float32)
    indices = np.zeros((2, INFLUENCES), np.int32)
    indices[0, :2] = 0, 2
    indices[1, 0] = 1
    weights = np.zeros((2, INFLUENCES), np.float32)
    weights[0, :2] = 0.25, 0.75
    weights[1, 0] = 1
    posed = skin(rest, indices, weights, moves([4, 0, 0], [0, -1, 0], [0, 8, 0]))
    np.testing.assert_allclose(posed, [[2, 8, 3], [4, 4, 6]], atol=1e-6)


def test_identity_is_the_rest_and_one_turn_for_all_is_a_turn():
    rng = np.random.default_rng(0)
    rest = rng.normal(size=(50, 3)).astype(np.float32)
    indices, weights = compact_weights(rng.random((50, 11)).astype(np.float32))
    np.testing.assert_allclose(skin(rest, indices, weights, moves(*np.zeros((11, 3)))), rest, atol=1e-6)
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    transforms = np.tile(np.column_stack([turn, [1, 2, 3]]).astype(np.float32), (11, 1, 1))
    np.testing.assert_allclose(skin(rest, indices, weights, transforms), rest @ turn.T + [1, 2, 3], atol=1e-5)


def test_the_strongest_bones_are_kept_and_shares_sum_to_one():
    dense = np.zeros((3, 12), np.float32)
    dense[0, 5] = 1
    dense[1, [2, 7]] = 0.3, 0.7
    dense[2] = np.arange(12) / 66
    before = dense.copy()
    indices, weights = compact_weights(dense)
    assert indices.shape == weights.shape == (3, INFLUENCES)
    np.testing.assert_array_equal(dense, before)
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-6)
    assert indices[0, 0] == 5
    assert indices[1, :2].tolist() == [7, 2]
    assert sorted(indices[2].tolist()) == list(range(12 - INFLUENCES, 12))
    np.testing.assert_allclose(weights[2], indices[2] / indices[2].sum(), atol=1e-6)
    assert (np.diff(weights, axis=1) <= 0).all()
