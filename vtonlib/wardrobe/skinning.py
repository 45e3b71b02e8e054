"""Linear blend skinning: each vertex follows a weighted mean of its bones' transforms."""

from __future__ import annotations

import numba
import numpy as np

INFLUENCES = 8


def compact_weights(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Dense weights (V, B) to the indices and weights (V, 8) of the strongest bones; rows sum to one again."""
    indices = np.argsort(-weights, axis=1, kind="stable")[:, :INFLUENCES]
    kept = np.take_along_axis(weights, indices, axis=1)
    kept /= kept.sum(axis=1, keepdims=True)
    return indices.astype(np.int32), kept.astype(np.float32)


@numba.njit(cache=True, fastmath=True)
def skin(rest: np.ndarray, indices: np.ndarray, weights: np.ndarray, transforms: np.ndarray) -> np.ndarray:
    """Rest points (V, 3) with bones (V, 8) under transforms (B, 3, 4) to posed points (V, 3)."""
    out = np.empty_like(rest)
    for v in range(rest.shape[0]):
        x, y, z = rest[v, 0], rest[v, 1], rest[v, 2]
        a, b, c = np.float32(0), np.float32(0), np.float32(0)
        for k in range(indices.shape[1]):
            w = weights[v, k]
            if w == 0:
                break
            t = transforms[indices[v, k]]
            a += w * (t[0, 0] * x + t[0, 1] * y + t[0, 2] * z + t[0, 3])
            b += w * (t[1, 0] * x + t[1, 1] * y + t[1, 2] * z + t[1, 3])
            c += w * (t[2, 0] * x + t[2, 1] * y + t[2, 2] * z + t[2, 3])
        out[v, 0] = a
        out[v, 1] = b
        out[v, 2] = c
    return out
