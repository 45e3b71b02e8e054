"""Stripes, plaids, dots and noises as seamless tiles of colour without stair-steps."""

from __future__ import annotations

import numpy as np

from vtonlib.wardrobe.fabrics.noise import cells, noise, shifted
from vtonlib.wardrobe.fabrics.recipes import Recipe
from vtonlib.wardrobe.fabrics.spec import TILE, Array
from vtonlib.wardrobe.ramp import smoothstep

_FINE = 16  # samples per pixel across a band's edge


def band_profile(recipe: Recipe, colours: Array, repeats: int) -> Array:
    """(256, 3) the colours of the recipe's bands, so many repeats of them, averaged over each pixel and a little more.

    Args:
        recipe: its bands.
        colours: (K, 3) sRGB in [0, 1]; band indices count modulo K.
        repeats: how often the bands fit into the tile.
    """
    widths = np.array([width for _, width in recipe.bands])
    ends = np.cumsum(widths) / widths.sum()
    at = (np.arange(TILE * _FINE) + 0.5) / (TILE * _FINE) * repeats % 1
    which = np.minimum(np.searchsorted(ends, at), len(widths) - 1)
    index = np.array([band % len(colours) for band, _ in recipe.bands])[which]
    profile = colours[index].reshape(TILE, _FINE, 3).mean(1)
    soft: Array = 0.5 * profile + 0.25 * np.roll(profile, 1, 0) + 0.25 * np.roll(profile, -1, 0)
    return soft


def stripes(recipe: Recipe, colours: Array, repeats: int, down: bool) -> Array:
    """(256, 256, 3) stripes across the body, or down it."""
    profile = band_profile(recipe, colours, repeats)
    return np.broadcast_to(profile[None] if down else profile[:, None], (TILE, TILE, 3)).copy()


def plaid(recipe: Recipe, colours: Array, repeats: int) -> Array:
    """(256, 256, 3) warp and weft of the same bands, mixed by a twill of four threads."""
    profile = band_profile(recipe, colours, repeats)
    rows = np.arange(TILE)
    over = np.array([0.36, 0.5, 0.64, 0.5], np.float32)[(rows[:, None] + rows[None, :]) % 4][..., None]
    return np.asarray(over * profile[None] + (1 - over) * profile[:, None], np.float32)


def dots(recipe: Recipe, colours: Array, repeats: int) -> Array:
    """(256, 256, 3) dots in staggered rows: two in each repeat."""
    step = TILE / repeats
    radius = step * {"pin dots": 0.17, "polka dots": 0.2, "coin dots": 0.24}[recipe.name]
    at = (np.arange(TILE, dtype=np.float32) + 0.5) % step
    first, second = (np.abs(at - place) for place in (step / 4, step * 3 / 4))
    # The distance to a dot's centre wraps round the repeat.
    first, second = np.minimum(first, step - first), np.minimum(second, step - second)
    distance = np.minimum(np.hypot(first[:, None], first[None]), np.hypot(second[:, None], second[None]))
    return _mix(colours[0], colours[1], np.clip(radius - distance + 0.5, 0, 1))


def scatter(rng: np.random.Generator, recipe: Recipe, colours: Array) -> Array:
    """(256, 256, 3) a pattern without a grid: camouflage, a wash of dye, flecks, space-dyed yarn or a pelt."""
    draw = {"camouflage": _camouflage, "wash": _wash, "fleck": _fleck, "space dye": _space_dye, "animal": _animal}
    return draw[recipe.name](rng, colours)


def _mix(one: Array, two: Array, share: Array) -> Array:
    return np.asarray(one + (two - one) * share[..., None], np.float32)


def _camouflage(rng: np.random.Generator, colours: Array) -> Array:
    tile = np.broadcast_to(colours[0], (TILE, TILE, 3))
    for colour, level in zip(colours[1:], (0.08, 0.3, 0.52), strict=False):
        blots = noise(rng, "blot") + 0.16 * noise(rng, "soft")
        tile = tile + (colour - tile) * smoothstep(level - 0.035, level + 0.035, blots)[..., None]
    return tile


def _wash(rng: np.random.Generator, colours: Array) -> Array:
    """Dye that ran: soft pools with a few sharper shores and streaks of the brush."""
    brush = 0.3 * noise(rng, "blot") + 0.12 * noise(rng, "streak") + 0.12 * noise(rng, "soft")
    tile = _mix(colours[0], colours[1], smoothstep(-0.35, 0.5, noise(rng, "cloud") + brush))
    pool = 0.85 * smoothstep(0.15, 0.5, noise(rng, "cloud") - brush)
    return np.asarray(tile + (colours[2] - tile) * pool[..., None], np.float32)


def _fleck(rng: np.random.Generator, colours: Array) -> Array:
    tile = _mix(colours[0], colours[0] * 0.8, 0.5 + 0.5 * noise(rng, "slub_across"))
    for colour in colours[1:]:
        tile = tile + (colour - tile) * smoothstep(0.5, 0.72, noise(rng, "soft") + 0.3 * noise(rng, "grain"))[..., None]
    return tile


def _space_dye(rng: np.random.Generator, colours: Array) -> Array:
    tile = _mix(colours[0], colours[1], smoothstep(0.05, 0.5, noise(rng, "streak")))
    return np.asarray(
        tile + (colours[2] - tile) * (0.8 * smoothstep(0.42, 0.7, noise(rng, "streak")))[..., None], np.float32
    )


def _animal(rng: np.random.Generator, colours: Array) -> Array:
    """Rosettes: a broken dark ring around a heart a little darker than the ground."""
    _, centre = cells(121)
    distance = shifted(rng, centre) + 3.0 * noise(rng, "soft")
    heart = smoothstep(7.5, 5.5, distance)
    ring = smoothstep(9.2, 8.0, distance) * smoothstep(4.2, 5.4, distance) * smoothstep(0.3, 0.1, noise(rng, "soft"))
    tile = _mix(colours[0], colours[1], 0.8 * heart)
    return np.asarray(tile + (colours[2] - tile) * ring[..., None], np.float32)
