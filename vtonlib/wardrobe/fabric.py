"""Fabrics: :func:`draw_fabric` chooses one as a shop would stock it, :func:`bake` draws it as seamless tiles.

Light and folds are not part of a fabric; the renderer adds them from the relief, the gloss and the fuzz.
"""

from __future__ import annotations

import numpy as np

from vtonlib.errors import VtonError
from vtonlib.wardrobe.fabrics import patterns
from vtonlib.wardrobe.fabrics.decals import decal
from vtonlib.wardrobe.fabrics.draw import draw_fabric
from vtonlib.wardrobe.fabrics.floral import floral
from vtonlib.wardrobe.fabrics.noise import noise
from vtonlib.wardrobe.fabrics.recipes import Recipe, recipe_of
from vtonlib.wardrobe.fabrics.relief import relief, twill
from vtonlib.wardrobe.fabrics.spec import DECAL, GRAPHICS, MATERIALS, PATTERNS, RGB, TILE, Array, Fabric, FabricSpec

__all__ = ["GRAPHICS", "MATERIALS", "PATTERNS", "Fabric", "FabricSpec", "bake", "draw_fabric"]

EXTENT = 0.32
"""Metres that a tile covers, unless whole repeats of a pattern ask for a little more or less."""
GLOSS = {"jersey": 0.02, "woven": 0.04, "knit": 0.01, "denim": 0.02, "leather": 0.35, "chiffon": 0.08}
FUZZ = {"jersey": 0.12, "woven": 0.08, "knit": 0.5, "denim": 0.1, "leather": 0.0, "chiffon": 0.05}


def bake(spec: FabricSpec) -> Fabric:
    """Draw a fabric: the same spec always gives the same arrays.

    Raises:
        VtonError: an unknown pattern, graphic or material.
    """
    for field, value, known in (
        ("pattern", spec.pattern, PATTERNS),
        ("graphic", spec.graphic, GRAPHICS),
        ("material", spec.material, MATERIALS),
    ):
        if value not in known:
            raise VtonError(f"fabric {field} {value!r}: use one of {', '.join(known)}")
    # Streams of their own, so that a change to one part leaves the others as they were.
    tile_rng, relief_rng, decal_rng, block_rng = (np.random.default_rng([spec.seed, part]) for part in range(4))
    extent, repeats = _fit(spec)
    height = relief(relief_rng, spec.material, extent)
    albedo = np.clip(_tinted(spec, tile_rng, _pattern(spec, tile_rng, extent, repeats), height, extent), 0, 1)
    size, centre, picture = 0.0, (0.0, 0.0), None
    if spec.graphic != "none":
        size, small = spec.scale, spec.scale < 0.1
        picture = decal(decal_rng, spec.graphic, np.array(spec.colours[1:3], np.float32), small)
        centre = _centre(decal_rng, picture, size, small)
    # Metallic cloth is what "silver" means.
    gloss = max(GLOSS[spec.material], 0.25 if spec.colour_name == "silver" else 0.0)
    block = _block(spec, block_rng) if spec.pattern == "blocks" else None
    albedo = albedo.astype(np.float32)
    return Fabric(albedo, height, extent, gloss, FUZZ[spec.material], picture, size, centre, block)


def _fit(spec: FabricSpec) -> tuple[float, int]:
    """The extent in metres, and how many repeats fill it."""
    if spec.pattern in ("plain", "blocks"):
        return EXTENT, 1
    if spec.pattern == "floral":
        # About three large flowers, or ten small ones, in a row.
        return float(np.clip(4 * spec.scale, 0.26, 0.42)), 1
    repeats = max(1, round(EXTENT / spec.scale))
    return repeats * spec.scale, repeats


def _pattern(spec: FabricSpec, rng: np.random.Generator, extent: float, repeats: int) -> Array:
    """(256, 256, 3) the colours before the material shows in them."""
    colours = np.array(spec.colours, np.float32)
    if spec.pattern in ("plain", "blocks"):
        return np.broadcast_to(colours[0], (TILE, TILE, 3))
    recipe: Recipe = recipe_of(spec.pattern, spec.material, spec.seed)
    if spec.pattern == "floral":
        return floral(rng, colours, spec.scale, extent)
    if spec.pattern == "noise":
        return patterns.scatter(rng, recipe, colours)
    if spec.pattern == "plaid":
        return patterns.plaid(recipe, colours, repeats)
    if spec.pattern == "dots":
        return patterns.dots(recipe, colours, repeats)
    return patterns.stripes(recipe, colours, repeats, down=spec.pattern == "v_stripes")


def _tinted(spec: FabricSpec, rng: np.random.Generator, tile: Array, height: Array, extent: float) -> Array:
    """The tile as the material takes its colours: uneven yarns, dark valleys, pale wefts."""
    if spec.material == "denim":
        fade = 0.1 * noise(rng, "cloud") + 0.06 * noise(rng, "soft")
        pale = 0.16 + 0.1 * twill(extent) + 0.12 * noise(rng, "slub_down") + fade
        weft = np.array(spec.colours[1], np.float32)
        return np.asarray(tile + (weft - tile) * np.clip(pale, 0, 0.6)[..., None], np.float32)
    if spec.material == "knit":
        return tile * (0.86 + 0.14 * height)[..., None]
    if spec.material == "leather":
        return tile * (1 + 0.1 * height + 0.05 * noise(rng, "cloud"))[..., None]
    if spec.material == "jersey" and spec.pattern == "plain" and spec.colour_name == "gray" and spec.graphic == "none":
        # Gray jersey is spun from light and dark fibres.
        melange = np.clip(0.4 + 0.45 * noise(rng, "slub_across") + 0.3 * noise(rng, "grain"), 0, 1)
        dark = np.array(spec.colours[1], np.float32)
        return np.asarray(tile + (dark - tile) * (0.6 * melange)[..., None], np.float32)
    strength = {"woven": 0.05, "chiffon": 0.03, "jersey": 0.05}[spec.material]
    return tile * (1 + strength * height)[..., None]


def _centre(rng: np.random.Generator, picture: Array, size: float, small: bool) -> tuple[float, float]:
    """Where a print sits: a small one on the wearer's left chest, a large one in the middle, its top 0.13 m down."""
    if small:
        return float(rng.uniform(0.07, 0.085)), float(rng.uniform(0.16, 0.18))
    rows = np.flatnonzero(picture[..., 3].max(1) > 0.5)
    tall = size * (rows[-1] - rows[0] + 1) / DECAL
    return 0.0, float(0.13 + tall / 2 + rng.uniform(0, 0.025))


def _block(spec: FabricSpec, rng: np.random.Generator) -> tuple[tuple[float, RGB], ...]:
    """One change of colour between chest and waist, or two: a band around the chest."""
    if len(spec.colours) == 2 or rng.random() < 0.3:
        return ((float(rng.uniform(0.2, 0.36)), spec.colours[1]),)
    first = float(rng.uniform(0.16, 0.24))
    return (first, spec.colours[1]), (first + spec.scale, spec.colours[2])
