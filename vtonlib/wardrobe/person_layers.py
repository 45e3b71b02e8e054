"""The layers of a person without clothes on: skin, eyes, hair and what is worn on the head.

The skin is the first layer; the renderer cuts it where cloth hides it.
"""

from __future__ import annotations

import functools

import numpy as np

from vtonlib.data.labels import LIP
from vtonlib.wardrobe.anatomy import part_of_triangles
from vtonlib.wardrobe.body import body_model
from vtonlib.wardrobe.camera import Camera
from vtonlib.wardrobe.hair import (
    dress_head,
    ribbon_triangles,
    ribbons,
    shade_hair,
)
from vtonlib.wardrobe.light import Light
from vtonlib.wardrobe.mesh import normals
from vtonlib.wardrobe.people import PersonSpec
from vtonlib.wardrobe.scene import Layer


@functools.cache
def _vertex_of_uv() -> np.ndarray:
    """For each point of the texture layout (T,) the vertex that it belongs to."""
    mesh = body_model().mesh
    owner = np.zeros(len(mesh.uv), np.int32)
    for name in mesh.triangles:
        owner[mesh.uv_triangles[name].ravel()] = mesh.triangles[name].ravel()
    return owner
