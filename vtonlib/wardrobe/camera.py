"""A pin-hole camera that looks along +y at a dressed person.

Screen points are (x, y, depth): pixels with the origin at the upper left corner of the picture (a pixel's centre is
at .5), depth in metres from the camera. Camera space has x to the right, y down, z away from the viewer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

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
        local = (points - np.asarray(self.centre, np.float32)) @ self.rotation().T
        depth = local[:, 2] + self.distance
        scale = self.size[0] / self.height_m * self.distance / depth
        return np.stack(
            [self.size[1] / 2 + local[:, 0] * scale, self.size[0] / 2 + local[:, 1] * scale, depth], axis=1
        ).astype(np.float32)

    def directions(self, vectors: np.ndarray) -> np.ndarray:
        """World directions (N, 3) to camera space (N, 3), float32."""
        return np.ascontiguousarray(vectors @ self.rotation().T, np.float32)
