"""A piece of cloth as a mesh that is ready to be posed and drawn."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

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
        reach = self.keep
        if reach is None:
            reach = np.logical_and.reduce([column > -_BORDER for column in self.cut.T])
        triangles = self.triangles[np.logical_or.reduce([reach[corner] for corner in self.triangles.T])]
        used = np.zeros(len(self.rest), bool)
        used[triangles] = True
        number = np.cumsum(used) - 1
        both = used[self.twins].all(axis=1)
        return replace(
            self,
            rest=np.ascontiguousarray(self.rest[used]),
            triangles=np.ascontiguousarray(number[triangles], np.int32),
            bone_indices=np.ascontiguousarray(self.bone_indices[used]),
            bone_weights=np.ascontiguousarray(self.bone_weights[used]),
            cut=np.ascontiguousarray(self.cut[used]),
            uv=np.ascontiguousarray(self.uv[used]),
            place=np.ascontiguousarray(self.place[used]),
            neck=self.neck[used],
            hem=self.hem[used],
            keep=None,
            twins=number[self.twins[both]],
        )
