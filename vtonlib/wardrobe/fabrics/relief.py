"""The surface of each material, fine enough to catch the light and coarse enough to survive a picture of 256 rows."""

from __future__ import annotations

import numpy as np

from vtonlib.wardrobe.fabrics.noise import cells, noise, shifted
from vtonlib.wardrobe.fabrics.spec import TILE, Array
from vtonlib.wardrobe.ramp import smoothstep

KNITS = ("stocking", "rib", "cable", "waffle", "chunky")

_AT = ((np.arange(TILE) + 0.5) / TILE).astype(np.float32)
_TURN = np.float32(2 * np.pi)


def relief(rng: np.random.Generator, material: str, extent: float) -> Array:
    """(256, 256) heights in [-1, 1] of a tile of `extent` metres, seamless both ways."""
    make = {
        "jersey": _jersey, "woven": _woven, "knit": _knit, "denim": _denim, "leather": _leather, "chiffon": _chiffon,
    }[material]  # fmt: skip
    heights: Array = np.clip(make(rng, extent), -1, 1).astype(np.float32)
    return heights


def _repeats(extent: float, pitch: float) -> int:
    return max(1, round(extent / pitch))


def _wave(cycles: int) -> Array:
    """(256,) a cosine of so many cycles over the tile, in [-1, 1]."""
    return np.asarray(np.cos(_TURN * cycles * _AT), np.float32)


def _jersey(rng: np.random.Generator, extent: float) -> Array:
    return np.asarray(
        0.12 * noise(rng, "grain") + 0.06 * _wave(_repeats(extent, 0.005))[None] + 0.06 * noise(rng, "soft"), np.float32
    )


def _woven(rng: np.random.Generator, extent: float) -> Array:
    slub = noise(rng, "slub_down") + noise(rng, "slub_across")
    return np.asarray(0.13 * slub + 0.08 * noise(rng, "soft"), np.float32)


def twill(extent: float) -> Array:
    """(256, 256) the diagonal ridges of a twill in [-1, 1]."""
    cycles = _repeats(extent, 0.0042)
    return np.asarray(np.cos(_TURN * cycles * (_AT[:, None] + _AT[None, :])), np.float32)


def _denim(rng: np.random.Generator, extent: float) -> Array:
    return np.asarray(0.35 * twill(extent) + 0.3 * noise(rng, "slub_down") + 0.15 * noise(rng, "soft"), np.float32)


def _leather(rng: np.random.Generator, extent: float) -> Array:
    border, _ = cells(_repeats(extent, 0.0075) ** 2)
    pebble = smoothstep(0.0, 1.8, shifted(rng, border))
    crease = np.abs(noise(rng, "blot"))
    return np.asarray(
        0.5 * (pebble - 0.6) - 0.4 * smoothstep(0.14, 0.0, crease) + 0.25 * noise(rng, "soft"), np.float32
    )


def _chiffon(rng: np.random.Generator, extent: float) -> Array:
    return np.asarray(0.3 * noise(rng, "crinkle") + 0.08 * noise(rng, "grain"), np.float32)


def _stitches(extent: float, pitch: float) -> Array:
    """Columns of V-shaped loops, `pitch` metres wide."""
    columns, rows = _repeats(extent, pitch), _repeats(extent, pitch * 0.8)
    across = (columns * _AT) % 1
    limb = np.abs(2 * across - 1)
    phase = rows * _AT[:, None] + 0.45 * limb[None, :]
    yarn = 0.5 + 0.5 * np.cos(_TURN * phase)
    return np.asarray(
        yarn * (0.35 + 0.65 * np.sin(np.pi * across) ** 0.7 * (0.4 + 0.6 * smoothstep(0.0, 0.3, limb)))[None],
        np.float32,
    )


def _rib(extent: float, pitch: float) -> Array:
    ridge = 0.5 + 0.5 * _wave(_repeats(extent, pitch))
    loops = 0.85 + 0.15 * _wave(_repeats(extent, 0.0065))
    return np.asarray(smoothstep(0.1, 0.9, ridge)[None, :] * loops[:, None], np.float32)


def _cable(extent: float) -> Array:
    """Two strands that cross again and again, between columns of purl."""
    columns, turns = _repeats(extent, 0.075), _repeats(extent, 0.06)
    across = ((columns * _AT) % 1 - 0.5)[None, :]
    angle = np.pi * 2 * turns * _AT[:, None]
    swing, near = 0.15 * np.sin(angle), np.cos(angle)
    one, other = (
        np.maximum(0, 1 - ((across - side * swing) / 0.13) ** 2) * (0.75 + 0.25 * side * near) for side in (1, -1)
    )
    braid = np.maximum(one, other)
    purl = 0.3 * (0.5 + 0.5 * _wave(_repeats(extent, 0.0075)))[:, None] * (np.abs(across) > 0.3)
    edge = 0.55 * np.exp(-(((np.abs(across) - 0.36) / 0.03) ** 2))
    return np.asarray(
        np.maximum(braid, np.maximum(purl, edge)) * (0.9 + 0.1 * _wave(_repeats(extent, 0.007))[:, None]), np.float32
    )


def _waffle(extent: float) -> Array:
    wave = np.abs(_wave(_repeats(extent, 0.022)))
    return np.asarray(np.maximum(wave[:, None], wave[None, :]) ** 2, np.float32)


def _knit(rng: np.random.Generator, extent: float) -> Array:
    style = KNITS[rng.integers(len(KNITS))]
    if style == "rib":
        surface = _rib(extent, rng.uniform(0.01, 0.016))
    elif style == "cable":
        surface = _cable(extent)
    elif style == "waffle":
        surface = 0.8 * _waffle(extent)
    else:
        surface = _stitches(extent, 0.015) if style == "chunky" else 0.6 * _stitches(extent, 0.0075)
    return np.asarray(1.7 * surface - 0.85 + 0.12 * noise(rng, "grain"), np.float32)
