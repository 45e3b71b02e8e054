"""The cut of a garment: signed fields over the template that say where its cloth is, in metres.

Every field is positive inside the cloth. The same functions cut the cloth's own meshes and hide the skin under it, so
that skin cannot come through.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vtonlib.wardrobe.garment_spec import GarmentSpec
from vtonlib.wardrobe.landmarks import (
    ANKLE_Z,
    ARM_LENGTH,
    HIP_Z,
    WAIST_Z,
    Landmarks,
)
from vtonlib.wardrobe.neckline import Neckline, neckline
from vtonlib.wardrobe.pattern import trunk_uv

_ARMHOLE = 0.137
"""Half the width across the shoulders of a garment without sleeves."""
_BEHIND_OPENING = 0.05
EVERYWHERE = 1.0
"""A field's value where it cuts nothing."""


@dataclass(frozen=True)
class Cut:
    """Where a garment begins and ends on the template: heights, and the arm coordinate of the sleeve's end, if any."""

    category: str
    neck: Neckline | None
    sleeve_end: float | None
    top: float
    bottom: float
    opening: float

    def neck_field(self, place: np.ndarray) -> np.ndarray:
        """Metres inside the neckline and the front opening."""
        field = self.neck.inside(place) if self.neck else np.full(len(place), EVERYWHERE, np.float32)
        return np.asarray(np.minimum(field, self.opening_field(place)))

    def opening_field(self, place: np.ndarray) -> np.ndarray:
        """Metres from the edge of an open front; EVERYWHERE if it is closed or behind."""
        if self.opening <= 0:
            return np.full(len(place), EVERYWHERE, np.float32)
        gap = self.opening * (0.55 + 0.9 * np.clip(0.66 - place[:, 2], 0, 0.9))
        # Behind the shoulder line the field fades to "uncut" smoothly, so that it does not tear there.
        behind = np.clip((place[:, 1] + 0.02) / 0.06, 0, 1)
        # Measured along the cloth, which chest and tube share, so that the edge runs on where they meet.
        return np.asarray(0.8 * np.abs(trunk_uv(place)[:, 0]) - gap + behind, np.float32)

    def sleeve_field(self, marks: Landmarks) -> np.ndarray:
        """Metres from the sleeve's end, or from the armhole, into the cloth."""
        if self.sleeve_end is None:
            down = np.maximum(0, (0.66 - marks.place[:, 2]) / 0.13)
            edge = _ARMHOLE + np.where(down < 1, 0.07 * down**2, 0.07 + 0.13 * (down - 1))
            return np.asarray(np.minimum(edge - np.abs(marks.place[:, 0]), 0.1 * (0.5 - marks.arm)), np.float32)
        return np.asarray((self.sleeve_end - marks.along) * ARM_LENGTH, np.float32)

    def height_field(self, place: np.ndarray) -> np.ndarray:
        """Metres inside the upper and lower border."""
        return np.asarray(np.minimum(self.top - place[:, 2], place[:, 2] - self.bottom), np.float32)

    def covers(self, marks: Landmarks) -> np.ndarray:
        """Metres (V,) by which a vertex of any mesh lies under the garment; negative where it is bare."""
        if self.category == "bottom":
            return np.asarray(np.where(marks.arm > 0.3, -EVERYWHERE, self.height_field(marks.place)), np.float32)
        # Seen from the side one looks behind the edges of an open front.
        edges = self.opening_field(marks.place) - _BEHIND_OPENING
        inside = np.minimum(self.neck.inside(marks.place), edges) if self.neck else edges
        on_arm = np.minimum(self.sleeve_field(marks), inside)
        on_trunk = np.minimum(on_arm, self.height_field(marks.place))
        return np.asarray(np.where(marks.arm > 0.5, on_arm, on_trunk), np.float32)


def cut_of(spec: GarmentSpec) -> Cut:
    """The cut of a garment."""
    bottom = HIP_Z - spec.hem_drop
    if spec.category == "bottom":
        return Cut("bottom", None, None, WAIST_Z - 0.01, max(bottom, ANKLE_Z + 0.01), 0.0)
    sleeve = spec.sleeve_at if spec.sleeve != "none" else None
    opening = float(np.random.default_rng([spec.seed, 2]).uniform(0.045, 0.1)) if spec.front == "open" else 0.0
    # Without sleeves the armholes cut into the shoulders, and the neck must leave room for the straps.
    widest = 0.085 if spec.sleeve == "none" else 0.12
    neck = neckline(spec.collar, min(widest, spec.neck_width / 2), spec.neck_depth)
    return Cut(spec.category, neck, sleeve, EVERYWHERE, bottom, opening)
