"""Necklines: where a garment ends around the neck, as one signed field over the template."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

NECK_POINT_Z = 0.765
"""Height of the end of the shoulder line at the neck, on the template."""


@dataclass(frozen=True)
class Neckline:
    """The curve of a neckline, drawn on the template from the front and from the back (metres).

    Attributes:
        width: half the width of the opening on the shoulder.
        front: height of the lowest point in front; ``back`` of that behind.
        roundness: 1 is a V, 2 a parabola, above 2 a U.
    """

    width: float
    front: float
    back: float
    roundness: float

    def inside(self, place: np.ndarray) -> np.ndarray:
        """Metres (V,) by which template points (V, 3) lie within the cloth; negative in the opening."""
        shoulder = 0.778 - 0.42 * (self.width - 0.06)  # the shoulder falls away from the neck
        across = np.abs(place[:, 0]) / self.width
        rise_front = self.front + (shoulder - self.front) * across**self.roundness
        rise_back = self.back + (shoulder - self.back) * across**2.2
        behind = np.clip((place[:, 1] + 0.045) / 0.05, 0, 1)
        behind = behind * behind * (3 - 2 * behind)
        return np.asarray((1 - behind) * rise_front + behind * rise_back - place[:, 2], np.float32)


def neckline(collar: str, half_width: float, depth: float) -> Neckline:
    """The neckline of a collar.

    Args:
        collar: ``crew``, ``v``, ``scoop``, ``turtle`` or ``shirt``.
        half_width: metres from the middle to the neck point, where shoulder and neck meet.
        depth: metres from the neck point down to the lowest point in front.
    """
    front = NECK_POINT_Z - depth
    if collar == "turtle":
        return Neckline(width=0.4, front=0.772, back=0.80, roundness=2)
    if collar == "shirt":
        return Neckline(width=max(half_width, 0.082), front=front, back=0.752, roundness=1.25)
    roundness = {"crew": 2.3, "scoop": 2.5, "v": 1.05}[collar]
    return Neckline(half_width, front, 0.745 - 0.25 * max(0.0, half_width - 0.085), roundness)
