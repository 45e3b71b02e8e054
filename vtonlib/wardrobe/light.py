"""The light of the studio: one soft key light and light from all around.

Colours are shaded in linear light and stored as sRGB; a square stands for sRGB's curve (exponent 2 for 2.2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Light:
    """Light in camera space (x right, y down, z away from the viewer).

    Attributes:
        towards: unit vector (3,) from the scene to the key light.
        key: strength of the key light; ``sky`` and ``ground`` that of the light from above and below.
    """

    towards: tuple[float, float, float] = (-0.42, -0.55, -0.72)
    key: float = 0.72
    sky: float = 0.5
    ground: float = 0.31


def draw_light(rng: np.random.Generator) -> Light:
    """A studio light from the upper left, the upper right or the front."""
    towards = np.array([rng.uniform(-0.65, 0.65), rng.uniform(-0.7, -0.4), -0.75])
    towards /= np.linalg.norm(towards)
    return Light((float(towards[0]), float(towards[1]), float(towards[2])), key=float(rng.uniform(0.62, 0.78)))


def to_linear(srgb: np.ndarray) -> np.ndarray:
    """sRGB in [0, 1] to linear light."""
    return np.asarray(srgb * srgb, np.float32)


def diffuse(normals: np.ndarray, light: Light, wrap: np.ndarray | float = 0.3) -> np.ndarray:
    """How much light falls on surfaces (N, 3) turned to the viewer: (N, C), C being 1 or that of ``wrap`` (C,).

    ``wrap`` in [0, 1) lets light reach round the edge of day and night, as it does in cloth and skin.
    """
    wraps = np.atleast_1d(np.asarray(wrap, np.float32))
    facing = (normals @ np.asarray(light.towards, np.float32))[:, None]
    lit = np.clip((facing + wraps) / (1 + wraps), 0, None)
    up = (0.5 - 0.5 * normals[:, 1])[:, None]
    return np.asarray(light.key * lit + light.sky * up + light.ground * (1 - up))


def highlight(normals: np.ndarray, light: Light, sharpness: float) -> np.ndarray:
    """Blinn's highlight (N, 1) for a viewer straight in front, in [0, 1]."""
    half = np.asarray(light.towards, np.float32) + np.array([0, 0, -1], np.float32)
    half /= np.linalg.norm(half)
    return np.clip(normals @ half, 0, 1)[:, None] ** sharpness
