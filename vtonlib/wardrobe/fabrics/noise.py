"""Tiles of seamless noise, made once a process and then shifted and turned: a fabric needs many and each costs 4 ms."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.spatial import cKDTree

from vtonlib.wardrobe.fabrics.spec import TILE, Array

# name: (cycles per tile across, and down, where the power has fallen to 1/e; lowest cycles that remain)
_BANDS = {
    "cloud": (2.2, 2.2, 0.0),
    "blot": (4.5, 4.5, 1.5),
    "soft": (14.0, 14.0, 3.0),
    "grain": (60.0, 60.0, 20.0),
    "slub_down": (70.0, 5.0, 8.0),
    "slub_across": (5.0, 70.0, 8.0),
    "streak": (6.0, 36.0, 3.0),
    "crinkle": (30.0, 4.0, 5.0),
}
_COPIES = 3


@cache
def _bank(name: str, copy: int) -> Array:
    across, down, least = _BANDS[name]
    rng = np.random.default_rng([copy, *name.encode()])
    fx = np.fft.rfftfreq(TILE, 1 / TILE)[None, :]
    fy = np.fft.fftfreq(TILE, 1 / TILE)[:, None]
    gain = np.exp(-((fx / across) ** 2) - (fy / down) ** 2) * (np.hypot(fx, fy) >= max(least, 0.5))
    tile = np.fft.irfft2(np.fft.rfft2(rng.standard_normal((TILE, TILE))) * gain, s=(TILE, TILE))
    bank: Array = np.clip(tile / tile.std() / 2.2, -1, 1).astype(np.float32)
    bank.flags.writeable = False
    return bank


def noise(rng: np.random.Generator, name: str) -> Array:
    """(256, 256) seamless noise in [-1, 1], mean about 0 and deviation about 0.45, of the band `name`."""
    tile = _bank(name, int(rng.integers(_COPIES)))
    if rng.random() < 0.5:
        tile = tile[:, ::-1]
    return shifted(rng, tile)


def shifted(rng: np.random.Generator, tile: Array) -> Array:
    """The tile, rolled by a random number of rows and columns."""
    rolled: Array = np.roll(tile, tuple(rng.integers(TILE, size=2).tolist()), (0, 1))
    return rolled


@cache
def cells(count: int) -> tuple[Array, Array]:
    """Seamless cells around `count` points: distance to the nearest border, and to the centre, in pixels (256, 256)."""
    side = round(count**0.5)
    rng = np.random.default_rng(count)
    grid = np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).reshape(-1, 2)
    points = ((grid + 0.5 + rng.uniform(-0.42, 0.42, grid.shape)) * (TILE / side)) % TILE
    pixels = np.stack(np.meshgrid(np.arange(TILE), np.arange(TILE)), -1).reshape(-1, 2) + 0.5
    near, _ = cKDTree(points, boxsize=TILE).query(pixels, k=2)
    border = ((near[:, 1] - near[:, 0]) / 2).reshape(TILE, TILE).astype(np.float32)
    centre = near[:, 0].reshape(TILE, TILE).astype(np.float32)
    border.flags.writeable = centre.flags.writeable = False
    return border, centre
