"""Floral prints: flowers of layered petals with leaves, tossed over the tile and wrapped around its edges."""

from __future__ import annotations

import numpy as np

from vtonlib.wardrobe.fabrics.noise import noise
from vtonlib.wardrobe.fabrics.spec import TILE, Array

_LEAVES = 8  # directions that leaves are drawn in


def _polar(radius: float) -> tuple[Array, Array]:
    """Distance from the centre in radii, and angle, on a square that holds the disc."""
    half = int(np.ceil(radius)) + 1
    y, x = np.mgrid[-half : half + 1, -half : half + 1].astype(np.float32)
    return np.hypot(x, y) / radius, np.arctan2(y, x)


def flower(radius: float, petals: int, turn: float, sharp: float, colours: Array) -> Array:
    """A flower seen from above.

    Args:
        radius: pixels.
        petals: how many each ring has.
        turn: radians.
        sharp: shape of the petals' ends, 0.3 (broad) to 1 (pointed).
        colours: (3, 3) sRGB: petals, the petals' feet, the heart.

    Returns:
        (N, N, 4) sRGB and alpha in [0, 1].
    """
    rho, theta = _polar(radius)
    soft = 0.9 / radius
    rgb = np.zeros((*rho.shape, 3), np.float32)
    alpha = np.zeros_like(rho)
    for ring, (size, lift) in enumerate(((1.0, 0.0), (0.68, 0.1))):
        angle = petals * (theta - turn) / 2 + ring * np.pi / 2
        lobe = np.abs(np.cos(angle)) ** sharp
        edge = size * (0.42 + 0.58 * lobe)
        cover = np.clip((edge - rho) / soft + 0.5, 0, 1)
        foot = np.clip(1 - rho / (0.8 * size), 0, 1)
        crease = 0.22 * (1 - lobe) + 0.1 * np.clip(1 - np.abs(rho - edge) / 0.1, 0, 1)
        tone = colours[0] + (colours[1] - colours[0]) * (0.65 * foot**1.4)[..., None]
        tone = (tone + lift * (1 - tone)) * (1 - crease)[..., None]
        rgb += (tone - rgb) * cover[..., None]
        alpha = np.maximum(alpha, cover)
    heart = np.clip((0.2 - rho) / soft + 0.5, 0, 1)
    speck = 0.86 + 0.14 * np.cos(9 * theta) * np.cos(rho * 40)
    rgb += (colours[2] * speck[..., None] - rgb) * heart[..., None]
    return np.concatenate([rgb, alpha[..., None]], -1)


def leaf(radius: float, turn: float, colour: Array) -> Array:
    """A leaf `radius` pixels from its middle to its tip, with a lighter vein: (N, N, 4) sRGB and alpha in [0, 1]."""
    rho, theta = _polar(radius)
    along, side = rho * np.cos(theta - turn), rho * np.sin(theta - turn)
    width = 0.36 * np.clip(1 - along**2, 0, None) ** 0.8 * (1 - 0.25 * along)
    cover = np.clip((width - np.abs(side)) * radius + 0.5, 0, 1)
    vein = np.clip(1 - np.abs(side) * radius / 0.9, 0, 1) * 0.35
    tone = colour * (0.92 + 0.16 * np.sign(side))[..., None]
    return np.concatenate([tone + (1 - tone) * vein[..., None], cover[..., None]], -1).astype(np.float32)


def _paste(tile: Array, stamp: Array, row: float, column: float) -> None:
    """Lay a stamp, which must be smaller than the tile, over it, centred, and again wherever it crosses an edge."""
    high, wide = stamp.shape[:2]
    colour, through = stamp[..., :3] * stamp[..., 3:], 1 - stamp[..., 3:]
    first, left = (int(row) - high // 2) % TILE, (int(column) - wide // 2) % TILE
    for top in (first, first - TILE):
        rows = slice(max(0, -top), min(high, TILE - top))
        for start in (left, left - TILE):
            columns = slice(max(0, -start), min(wide, TILE - start))
            if rows.start < rows.stop and columns.start < columns.stop:
                below = tile[top + rows.start : top + rows.stop, start + columns.start : start + columns.stop]
                below *= through[rows, columns]
                below += colour[rows, columns]


def floral(rng: np.random.Generator, colours: Array, size: float, extent: float) -> Array:
    """A tossed floral print.

    Args:
        rng: places, kinds and turns.
        colours: (4, 3) sRGB in [0, 1]: ground, petals, heart, leaves.
        size: metres across a large flower.
        extent: metres that the tile covers.

    Returns:
        (256, 256, 3) sRGB in [0, 1], seamless both ways.
    """
    ground, petal, heart, green = colours
    radius = size / extent * TILE / 2
    tile = np.asarray(ground * (1 + 0.025 * noise(rng, "soft"))[..., None], np.float32)
    looks = [(petal, 0.65 * petal + 0.35 * heart), (0.55 * petal + 0.45 * heart, petal)]
    petals, sharp = int(rng.integers(5, 8)), float(rng.uniform(0.4, 0.9))
    large, small = [], []
    for kind in range(3):
        outer, foot = looks[kind % 2]
        turn = float(rng.uniform(0, 2 * np.pi))
        large.append(flower(radius * (1.1 - 0.12 * kind), petals, turn, sharp, np.stack([outer, foot, heart])))
        small.append(flower(radius * 0.42, 5, turn, 0.5, np.stack([outer, foot, heart])))
    leaves = [leaf(radius * 0.75, turn, green) for turn in (2 * np.pi * k / _LEAVES for k in range(_LEAVES))]

    # Staggered places, shaken, keep large flowers apart without a search.
    count = max(2, round(TILE / (radius * 3.1)))
    step = TILE / count
    rows, columns = (grid.ravel() for grid in np.mgrid[0:count, 0:count].astype(float))
    columns = columns + 0.5 * (rows % 2)
    shake = rng.uniform(-0.2, 0.2, (2, rows.size))
    rows, columns = (rows + shake[0]) * step, (columns + shake[1]) * step
    for row, column in zip(rows, columns, strict=True):
        for first in rng.integers(_LEAVES, size=2 + int(rng.integers(2))):
            turn, reach = first * 2 * np.pi / _LEAVES, radius * 1.25
            _paste(tile, leaves[first], row + reach * np.sin(turn), column + reach * np.cos(turn))
    for row, column, shift in zip(rows, columns, rng.uniform(0.42, 0.58, rows.size), strict=True):
        _paste(tile, small[rng.integers(3)], row + shift * step, column + (1 - shift) * 0.9 * step)
    for row, column in zip(rows, columns, strict=True):
        _paste(tile, large[rng.integers(3)], row, column)
    np.clip(tile, 0, 1, out=tile)
    return tile
