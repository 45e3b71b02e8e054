"""What stands behind a person: plain paper, gradients, walls with some texture; with a floor for whole bodies."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter

from vtonlib.wardrobe.light import to_linear

PAPERS = (
    (0.93, 0.93, 0.93), (0.88, 0.88, 0.89), (0.90, 0.87, 0.83), (0.80, 0.82, 0.84), (0.84, 0.80, 0.77),
    (0.76, 0.79, 0.77), (0.87, 0.83, 0.84), (0.70, 0.72, 0.75),
)  # fmt: skip
"""sRGB colours of the studio's paper rolls."""
KINDS = ("plain", "gradient", "plaster", "panels", "bricks")
COUNT = len(PAPERS) * len(KINDS)
"""How many backgrounds there are; an id counts paper first, then kind."""


def draw_background_id(rng: np.random.Generator) -> int:
    """An id below COUNT; six in ten are plain, as in shops."""
    kind = int(rng.choice(len(KINDS), p=[0.6, 0.2, 0.08, 0.06, 0.06]))
    return kind * len(PAPERS) + int(rng.integers(len(PAPERS)))


def background(number: int, size: tuple[int, int], floor: float | None) -> np.ndarray:
    """Draw a background.

    Args:
        number: its id.
        size: (height, width) in pixels.
        floor: the row in [0, 1] of the picture's height where the feet stand, or None if they are not seen.

    Returns:
        (H, W, 3) linear light.
    """
    kind, paper = KINDS[number // len(PAPERS)], np.array(PAPERS[number % len(PAPERS)], np.float32)
    height, width = size
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(-0.375, 0.375, width, dtype=np.float32)[None]
    glow = 1.03 - 0.10 * np.hypot(x, (y - 0.4) * 0.8)
    if kind == "gradient":
        glow = glow * (1.06 - 0.26 * y)
    glow = glow * _texture(kind, size, number)
    if floor is not None:
        line = floor - 0.075
        below = np.clip((y - line) / 0.02, 0, 1)
        glow = glow * (1 - 0.07 * below)
        shadow = np.exp(-((x / 0.14) ** 2) - ((y - floor) / 0.018) ** 2)
        glow = glow * (1 - 0.32 * shadow)
    return to_linear(np.clip(paper * glow[..., None], 0, 1))


def _texture(kind: str, size: tuple[int, int], seed: int) -> np.ndarray:
    """Brightness (H, W) about 1."""
    height, width = size
    if kind in ("plain", "gradient"):
        return np.ones(size, np.float32)
    if kind == "plaster":
        grain = np.random.default_rng(seed).normal(size=size)
        rough = gaussian_filter(grain, height / 90) * height / 90 + gaussian_filter(grain, height / 20) * height / 20
        return np.asarray(1 + 0.03 * rough, np.float32)
    y, x = np.mgrid[0:height, 0:width] / height
    if kind == "panels":
        near = np.abs((x / 0.21) % 1 - 0.5) > 0.485
        return np.where(near, 0.88, 1 + 0.015 * np.sin(np.floor(x / 0.21) * 7.0)).astype(np.float32)
    row = np.floor(y / 0.05)  # bricks
    along = x / 0.13 + 0.5 * (row % 2)
    joint = (np.abs((y / 0.05) % 1 - 0.5) > 0.44) | (np.abs(along % 1 - 0.5) > 0.475)
    shade = 1 + 0.03 * np.sin(row * 12.9 + np.floor(along) * 78.2)
    return np.asarray(gaussian_filter(np.where(joint, 0.9, shade), height / 512), np.float32)
