"""A piece of cloth as a mesh that is ready to be posed and drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


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
