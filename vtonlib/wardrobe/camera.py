"""A pin-hole camera that looks along +y at a dressed person.

Screen points are (x, y, depth): pixels with the origin at the upper left corner of the picture (a pixel's centre is
at .5), depth in metres from the camera. Camera space has x to the right, y down, z away from the viewer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numba
import numpy as np


@dataclass(frozen=True)
class Camera:
    """Where the camera looks and what it sees.

    Attributes:
        centre: the point (3,) in metres that falls on the middle of the picture.
        height_m: metres that the picture's height spans at the centre's depth.
        size: (height, width) of the picture in pixels, supersampling included.
        distance: metres from the camera to the centre.
        turn_deg: how far the person is turned about the vertical axis; positive turns the person to the own left, so
            that the left ear goes behind the face.
    """

    centre: tuple[float, float, float]
    height_m: float
    size: tuple[int, int]
    distance: float = 3.2
    turn_deg: float = 0.0

    def rotation(self) -> np.ndarray:
        """(3, 3) matrix from world axes to camera axes."""
        angle = math.radians(self.turn_deg)
        c, s = math.cos(angle), math.sin(angle)
        # The person faces -y, so the person's left (+x) lies on the right of the picture.
        return np.array([[c, -s, 0], [0, 0, -1], [s, c, 0]], np.float32)

    def project(self, points: np.ndarray) -> np.ndarray:
        """World points (N, 3) to screen points (N, 3), float32."""
        middle = np.array([self.size[1] / 2, self.size[0] / 2], np.float32)
        zoom = np.float32(self.size[0] / self.height_m * self.distance)
        flat = np.ascontiguousarray(points, np.float32)
        centre = np.asarray(self.centre, np.float32)
        return np.asarray(_project(flat, centre, self.rotation(), middle, zoom, np.float32(self.distance)))

    def directions(self, vectors: np.ndarray) -> np.ndarray:
        """World directions (N, 3) to camera space (N, 3), float32."""
        return np.ascontiguousarray(vectors @ self.rotation().T, np.float32)


@numba.njit(cache=True, fastmath=True)
def _project(
    points: np.ndarray,
    centre: np.ndarray,
    rotation: np.ndarray,
    middle: np.ndarray,
    zoom: np.float32,
    distance: np.float32,
) -> np.ndarray:
    """See :meth:`Camera.project`; ``middle`` (2,) of the picture, ``zoom`` pixels a metre at a depth of 1 m."""
    out = np.empty((points.shape[0], 3), np.float32)
    for n in range(points.shape[0]):
        x, y, z = points[n, 0] - centre[0], points[n, 1] - centre[1], points[n, 2] - centre[2]
        depth = rotation[2, 0] * x + rotation[2, 1] * y + rotation[2, 2] * z + distance
        for k in range(2):
            across = rotation[k, 0] * x + rotation[k, 1] * y + rotation[k, 2] * z
            out[n, k] = middle[k] + across * (zoom / depth)
        out[n, 2] = depth
    return out
