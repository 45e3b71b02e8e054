"""How a person fills the picture: half (head to thighs) or whole."""

from __future__ import annotations

import numpy as np

from vtonlib.wardrobe.body import body_model
from vtonlib.wardrobe.camera import Camera


def frame_person(
    posed: np.ndarray, whole: bool, turn_deg: float, size: tuple[int, int], rng: np.random.Generator
) -> Camera:
    """A camera for a posed body.

    Args:
        posed: (V, 3) vertices of the body.
        whole: whole person, or head to thighs.
        turn_deg: turn of the person.
        size: (height, width) of the picture.
        rng: jitters place and distance a little.
    """
    top, bottom = float(posed[:, 2].max()), float(posed[:, 2].min())
    model = body_model()
    middle = np.mean([model.joint(name, posed) for name in ("neck", "spine-3", "pelvis")], axis=0)
    shift = float(rng.normal(0, 0.012))
    stature = top - bottom
    if whole:
        height = stature * float(rng.uniform(1.09, 1.16))
        centre = (top + bottom) / 2 + float(rng.normal(0, 0.008))
    else:
        height = stature * float(rng.uniform(0.56, 0.64))
        centre = top + 0.045 * stature - height / 2 + float(rng.normal(0, 0.01))
    return Camera((float(middle[0]) + shift, float(middle[1]), centre), height, size, 3.2, turn_deg)


def floor_row(camera: Camera, posed: np.ndarray) -> float | None:
    """Where the feet stand, as a share of the picture's height; None if below the picture."""
    row = float(camera.project(posed[[int(posed[:, 2].argmin())]])[0, 1]) / camera.size[0]
    return row if row < 1.02 else None
