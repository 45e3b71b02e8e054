"""What a person has on: garments in the order in which they are put on, made to measure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vtonlib.wardrobe.cutting import Cut
from vtonlib.wardrobe.garment_spec import GarmentSpec
from vtonlib.wardrobe.landmarks import CROTCH_Z, Landmarks, landmarks_of_all
from vtonlib.wardrobe.outfit import Look
from vtonlib.wardrobe.tailor import Garment3d, make
from vtonlib.wardrobe.tube import Profile

_OVER = 0.006
"""Metres by which each further garment hangs outside the one below it."""
_LAP = 0.03
"""Metres of skin that are drawn on under the edge of a garment."""


@dataclass(frozen=True)
class Worn:
    """A garment on a person; ``tried`` marks the one that the sample is about."""

    garment: Garment3d
    look: Look
    tried: bool

    @property
    def hides(self) -> bool:
        """Whether what lies under it cannot be seen."""
        return self.garment.spec.sheer == 0


def put_on(
    pieces: list[tuple[GarmentSpec, Look, bool]],
    rest: np.ndarray,
    body: Profile,
    made: dict[tuple[GarmentSpec, float], Garment3d] | None = None,
) -> list[Worn]:
    """Make the garments (spec, look, tried) for a body, from the innermost to the outermost.

    ``made`` holds what was made for this body before, with the metres that it hangs outside of, and gains the rest.
    """
    made = {} if made is None else made
    worn = []
    for depth, (spec, look, tried) in enumerate(pieces):
        over = depth * (_OVER if spec.sheer == 0 else 0.7 * _OVER)  # sheer cloth clings
        if (spec, over) not in made:
            made[spec, over] = make(spec, rest, body, over)
        worn.append(Worn(made[spec, over], look, tried))
    return worn


def cuts_over(worn: list[Worn], number: int) -> list[Cut]:
    """The cuts that hide parts of garment ``number``."""
    return [other.garment.cut for other in worn[number + 1 :] if other.hides]


def skin_field(worn: list[Worn]) -> np.ndarray:
    """The cut (19158, 1) of the body: skin is drawn only where no garment hides it."""
    marks = landmarks_of_all()
    covered = np.max([w.garment.cut.covers(marks) - _hanging(w, marks) for w in worn if w.hides], axis=0)
    return np.asarray((_LAP - covered)[:, None], np.float32)


def _hanging(worn: Worn, marks: Landmarks) -> np.ndarray:
    """More skin to draw on, (V,) metres: a skirt swings free of the legs, and one sees up to them under its hem."""
    skirted = worn.garment.spec.category == "dress" or worn.garment.spec.kind == "skirt"
    return np.asarray(np.where(skirted & (marks.place[:, 2] < CROTCH_Z + 0.05), 0.06, 0.0))
