"""Drawing a fabric at random, as a shop would stock it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from vtonlib.errors import VtonError
from vtonlib.wardrobe.fabrics import palettes
from vtonlib.wardrobe.fabrics.recipes import recipe_of
from vtonlib.wardrobe.fabrics.spec import GRAPHICS, MATERIALS, RGB, FabricSpec

MATERIAL_SHARES = {"jersey": 0.4, "woven": 0.25, "knit": 0.14, "denim": 0.08, "leather": 0.06, "chiffon": 0.07}

# What each material is woven, knitted or printed with; prints on denim and leather are not sold.
PATTERN_SHARES: dict[str, dict[str, float]] = {
    "jersey": {"plain": 0.62, "h_stripes": 0.14, "v_stripes": 0.02, "dots": 0.04, "blocks": 0.08, "floral": 0.05,
               "noise": 0.05},
    "woven": {"plain": 0.4, "h_stripes": 0.02, "v_stripes": 0.14, "plaid": 0.2, "dots": 0.07, "floral": 0.12,
              "noise": 0.05},
    "knit": {"plain": 0.55, "h_stripes": 0.2, "blocks": 0.1, "noise": 0.15},
    "denim": {"plain": 1.0},
    "leather": {"plain": 1.0},
    "chiffon": {"plain": 0.5, "dots": 0.15, "floral": 0.27, "noise": 0.08},
}  # fmt: skip


def pick(rng: np.random.Generator, shares: Mapping[str, float]) -> str:
    """One key, with probabilities in proportion to the shares."""
    weights = np.fromiter(shares.values(), float)
    return list(shares)[rng.choice(len(weights), p=weights / weights.sum())]


def draw_fabric(
    rng: np.random.Generator,
    material: str | None = None,
    pattern: str | None = None,
    graphic: str | None = None,
    shades: Mapping[str, float] | None = None,
) -> FabricSpec:
    """A fabric that a shop might stock.

    Args:
        rng: where the chances come from.
        material: one of `MATERIALS`; drawn if None.
        pattern: one of `PATTERNS` that the material comes in; drawn if None.
        graphic: one of `GRAPHICS`; if None, a third of plain jerseys carry one. A graphic makes the fabric plain.
        shades: names from ``palettes.SHADES`` and weights for a plain fabric; all of them if None.

    Raises:
        VtonError: an unknown material or graphic, or a pattern that the material does not come in.
    """
    material = material or pick(rng, MATERIAL_SHARES)
    if material not in MATERIALS:
        raise VtonError(f"material {material!r}: use one of {', '.join(MATERIALS)}")
    if graphic not in (None, *GRAPHICS):
        raise VtonError(f"graphic {graphic!r}: use one of {', '.join(GRAPHICS)}")
    if graphic in ("logo", "letters"):
        pattern = "plain"
    pattern = pattern or pick(rng, PATTERN_SHARES[material])
    if pattern not in PATTERN_SHARES[material]:
        raise VtonError(f"{material} with {pattern!r}: use one of {', '.join(PATTERN_SHARES[material])}")
    seed = int(rng.integers(1 << 31))
    if pattern != "plain":
        return _patterned(rng, material, pattern, seed)
    if graphic is None:
        graphic = pick(rng, {"none": 0.68, "logo": 0.16, "letters": 0.16}) if material == "jersey" else "none"
    return _plain(rng, material, graphic, seed, shades)


def _plain(
    rng: np.random.Generator, material: str, graphic: str, seed: int, shades: Mapping[str, float] | None
) -> FabricSpec:
    """One colour, with the weft's as the second for denim and two inks for a graphic."""
    source = palettes.DENIM if material == "denim" else palettes.SHADES
    if material == "denim":
        shades = {name: weight for name, (_, _, weight) in source.items()}
    elif material == "leather":
        shades = palettes.LEATHER
    shade = pick(rng, shades or {name: weight for name, (_, _, weight) in source.items()})
    code, word, _ = source[shade]
    ground = palettes.dye(rng, palettes.hexadecimal(code))
    if graphic != "none":
        # A third of prints are small, on the chest.
        scale = rng.uniform(0.065, 0.095) if rng.random() < 0.33 else rng.uniform(0.17, 0.28)
        return FabricSpec("plain", graphic, material, (ground, *palettes.inks(rng, ground)), word, float(scale), seed)
    second: RGB = palettes.hexadecimal("e2dfd6") if material == "denim" else _deeper(ground)
    return FabricSpec("plain", "none", material, (ground, second), word, 0.0, seed)


def _deeper(colour: RGB) -> RGB:
    """The colour in its own shade, for the yarns of a melange."""
    red, green, blue = (0.72 * c for c in colour)
    return red, green, blue


def _patterned(rng: np.random.Generator, material: str, pattern: str, seed: int) -> FabricSpec:
    recipe = recipe_of(pattern, material, seed)
    shades = palettes.shades_of(recipe.combinations[rng.integers(len(recipe.combinations))])
    colours = tuple(palettes.dye(rng, palettes.hexadecimal(palettes.SHADES[shade][0])) for shade in shades)
    words = [palettes.SHADES[shade][1] for shade in shades]
    word = "multicolor" if pattern == "floral" else palettes.word_for(words, recipe.covered(len(words)))
    return FabricSpec(pattern, "none", material, colours, word, float(rng.uniform(*recipe.scale)), seed)
