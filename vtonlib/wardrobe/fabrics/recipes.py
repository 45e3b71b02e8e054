"""How each pattern may be laid out: the bands of stripes and plaids, the sizes of dots, flowers and blots.

A spec says only pattern, scale and seed; the seed picks the recipe, both when the scale is drawn and when it is baked.
"""

from __future__ import annotations

from dataclasses import dataclass

from vtonlib.wardrobe.fabrics import palettes


@dataclass(frozen=True)
class Recipe:
    """One layout of a pattern.

    Attributes:
        name: what a shop calls it.
        scale: metres, least and most; see `FabricSpec.scale`.
        combinations: the sets of shades that suit it.
        bands: (index of the colour, relative width) over one repeat; of stripes and plaids.
        shares: how much of the fabric each colour covers; of the others.
    """

    name: str
    scale: tuple[float, float]
    combinations: tuple[str, ...]
    bands: tuple[tuple[int, float], ...] = ()
    shares: tuple[float, ...] = ()

    def covered(self, colours: int) -> list[float]:
        """The share of the fabric that each of so many colours covers."""
        share = [0.0] * colours
        for index, width in self.bands or tuple(enumerate(self.shares)):
            share[index % colours] += width
        return share


_WEFTS, _CHECKS = palettes.STRIPES, palettes.PLAIDS
_SOFT = ((0, 5.0), (1, 1.0), (0, 5.0), (2, 1.0))
H_STRIPES = (
    Recipe("breton", (0.028, 0.045), _WEFTS, ((0, 0.66), (1, 0.34))),
    Recipe("even", (0.035, 0.06), _WEFTS, ((0, 0.5), (1, 0.5))),
    Recipe("rugby", (0.10, 0.16), _WEFTS, ((0, 0.5), (1, 0.5))),
    Recipe("thin", (0.03, 0.05), _WEFTS, ((0, 0.82), (1, 0.18))),
    Recipe("pairs", (0.07, 0.11), _WEFTS, ((0, 0.6), (1, 0.14), (0, 0.12), (2, 0.14))),
    Recipe("graded", (0.14, 0.20), _WEFTS, ((0, 0.3), (1, 0.22), (0, 0.1), (2, 0.1), (0, 0.06), (1, 0.22))),
)
V_STRIPES = (
    Recipe("pinstripe", (0.024, 0.036), _WEFTS, ((0, 0.86), (1, 0.14))),
    Recipe("bengal", (0.018, 0.028), _WEFTS, ((0, 0.55), (1, 0.45))),
    Recipe("awning", (0.045, 0.07), _WEFTS, ((0, 0.5), (1, 0.5))),
    Recipe("track", (0.05, 0.08), _WEFTS, ((0, 0.6), (1, 0.14), (0, 0.12), (2, 0.14))),
    Recipe("butcher", (0.03, 0.045), _WEFTS, ((0, 0.7), (1, 0.3))),
)
PLAID = (
    Recipe("gingham", (0.02, 0.036), _CHECKS, ((0, 0.5), (-1, 0.5))),
    Recipe("buffalo", (0.08, 0.12), _CHECKS, ((0, 0.5), (1, 0.5))),
    Recipe("tartan", (0.10, 0.16), _CHECKS,
           ((0, 10), (1, 2.5), (0, 2), (1, 9), (2, 1.2), (1, 9), (0, 2), (1, 2.5))),
    Recipe("window pane", (0.06, 0.09), _CHECKS, ((0, 0.9), (2, 0.1))),
    Recipe("madras", (0.11, 0.16), _CHECKS, ((0, 8), (2, 2), (0, 1.5), (2, 2), (0, 5), (1, 6), (0, 2), (1, 1.5))),
    Recipe("tattersall", (0.05, 0.075), _CHECKS, _SOFT),
)  # fmt: skip
DOTS = (
    Recipe("pin dots", (0.02, 0.028), palettes.DOTS, shares=(0.8, 0.2)),
    Recipe("polka dots", (0.034, 0.055), palettes.DOTS, shares=(0.75, 0.25)),
    Recipe("coin dots", (0.07, 0.11), palettes.DOTS, shares=(0.65, 0.35)),
)
BLOCKS = (Recipe("bands", (0.08, 0.2), palettes.BLOCKS, shares=(0.5, 0.3, 0.2)),)
FLORAL = (
    Recipe("ditsy", (0.024, 0.034), palettes.FLORALS, shares=(0.5, 0.25, 0.1, 0.15)),
    Recipe("garden", (0.045, 0.07), palettes.FLORALS, shares=(0.5, 0.25, 0.1, 0.15)),
    Recipe("bloom", (0.085, 0.12), palettes.FLORALS, shares=(0.5, 0.25, 0.1, 0.15)),
)
NOISE = (
    Recipe("camouflage", (0.3, 0.42), palettes.CAMOUFLAGE, shares=(0.35, 0.3, 0.2, 0.15)),
    Recipe("wash", (0.34, 0.46), palettes.WASHES, shares=(0.4, 0.35, 0.25)),
    Recipe("fleck", (0.24, 0.3), palettes.FLECKS, shares=(0.85, 0.1, 0.05)),
    Recipe("space dye", (0.24, 0.34), palettes.FLECKS, shares=(0.65, 0.25, 0.1)),
    Recipe("animal", (0.26, 0.36), palettes.ANIMALS, shares=(0.65, 0.15, 0.2)),
)
RECIPES = {
    "h_stripes": H_STRIPES, "v_stripes": V_STRIPES, "plaid": PLAID, "dots": DOTS, "blocks": BLOCKS, "floral": FLORAL,
    "noise": NOISE,
}  # fmt: skip


def recipe_of(pattern: str, material: str, seed: int) -> Recipe:
    """The recipe that a seed stands for; a knit takes the yarn-dyed ones among the noises only."""
    recipes = RECIPES[pattern]
    if pattern == "noise" and material == "knit":
        recipes = recipes[2:4]
    if pattern == "h_stripes" and material == "knit":
        recipes = recipes[1:]
    return recipes[seed % len(recipes)]
