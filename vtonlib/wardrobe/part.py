"""A piece of cloth as a mesh that is ready to be posed and drawn."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numba
import numpy as np

_BORDER = 0.01
"""Metres of cloth beyond the cut that are kept, so that normals at an edge see both sides of it."""


@dataclass(frozen=True)
class Part:
    """One mesh of a garment; V vertices, F triangles, lengths in metres.

    Attributes:
        name: 'body', 'sleeve', 'tube', 'leg' or 'collar'.
        rest: (V, 3) at the wearer's rest pose.
        triangles: (F, 3), turned outwards.
        bone_indices, bone_weights: (V, 8), what moves the vertices.
        cut: (V, C) fields; cloth is where all are >= 0.
        uv: (V, 2) where a vertex lies in the fabric: to the wearer's left, and upwards from the neck.
        place: (V, 3) template coordinates.
        neck: (V,) metres from the neckline or the front opening into the cloth.
        hem: (V,) metres from hem or cuff into the cloth.
        keep: (V,) bool, vertices that some body may need; None for those on the inner side of all cuts. It depends on
            the template only, so that a garment has the same vertices on everybody.
        twins: (K, 2) vertices that lie at the same place, where a tube closes; they share their normals.
    """

    name: str
    rest: np.ndarray
    triangles: np.ndarray
    bone_indices: np.ndarray
    bone_weights: np.ndarray
    cut: np.ndarray
    uv: np.ndarray
    place: np.ndarray
    neck: np.ndarray
    hem: np.ndarray
    keep: np.ndarray | None = None
    twins: np.ndarray = field(default_factory=lambda: np.zeros((0, 2), np.int64))

    def trimmed(self) -> Part:
        """The part without the triangles and vertices that its cut leaves out, but for a narrow border."""
        reach = _reached(self.cut) if self.keep is None else self.keep
        triangles, used, number = _renumbered(self.triangles, reach)
        return replace(
            self,
            rest=self.rest[used],
            triangles=triangles,
            bone_indices=self.bone_indices[used],
            bone_weights=self.bone_weights[used],
            cut=self.cut[used],
            uv=self.uv[used],
            place=self.place[used],
            neck=self.neck[used],
            hem=self.hem[used],
            keep=None,
            twins=number[self.twins[(number[self.twins] >= 0).all(axis=1)]],
        )


@numba.njit(cache=True)
def _reached(cut: np.ndarray) -> np.ndarray:
    """Which vertices (V,) lie at most a border's width beyond the cut (V, C)."""
    out = np.empty(cut.shape[0], np.bool_)
    for v in range(cut.shape[0]):
        out[v] = True
        for k in range(cut.shape[1]):
            out[v] &= cut[v, k] > -_BORDER
    return out


@numba.njit(cache=True)
def _renumbered(triangles: np.ndarray, reach: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The triangles (F', 3) of which a vertex is in reach (V,), over the vertices (V',) that they use.

    Also those vertices, in order, and the new number of each old vertex, (V,), -1 for those that are left out.
    """
    kept = np.empty(triangles.shape, np.int32)
    number = np.full(reach.shape[0], -1, np.int32)
    count = 0
    for t in range(triangles.shape[0]):
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        if reach[a] or reach[b] or reach[c]:
            kept[count, 0], kept[count, 1], kept[count, 2] = a, b, c
            number[a], number[b], number[c] = 0, 0, 0
            count += 1
    used = np.flatnonzero(number == 0)
    for n in range(used.shape[0]):
        number[used[n]] = n
    for t in range(count):
        for k in range(3):
            kept[t, k] = number[kept[t, k]]
    return kept[:count], used, number
