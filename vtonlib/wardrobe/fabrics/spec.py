"""What there is to know about a fabric before it is drawn, and what is known once it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RGB = tuple[float, float, float]
Array = npt.NDArray[np.float32]

PATTERNS = ("plain", "h_stripes", "v_stripes", "plaid", "dots", "blocks", "floral", "noise")
GRAPHICS = ("none", "logo", "letters")
MATERIALS = ("jersey", "woven", "knit", "denim", "leather", "chiffon")

TILE = 256
"""Pixels along each side of a fabric tile."""
DECAL = 192
"""Pixels along each side of a decal."""


@dataclass(frozen=True)
class FabricSpec:
    """A fabric in a few words and numbers; :func:`vtonlib.wardrobe.fabric.bake` draws it.

    Attributes:
        pattern: one of `PATTERNS`.
        graphic: what is printed on the chest, one of `GRAPHICS`; only a plain fabric carries one.
        material: one of `MATERIALS`.
        colours: two to four colours, sRGB in [0, 1]; the first is the ground.
        colour_name: the word that a caption would use, one of ``palettes.COLOUR_WORDS``.
        scale: metres; the repeat of the pattern, a flower's width for a floral, the width of the print for a plain
            fabric with a graphic, and 0 for a plain one without.
        seed: decides everything else: recipe, word, motif, knit and places of the flowers.
    """

    pattern: str
    graphic: str
    material: str
    colours: tuple[RGB, ...]
    colour_name: str
    scale: float
    seed: int


@dataclass(frozen=True)
class Fabric:
    """A drawn fabric. Tile rows run down the body and columns across it, to the wearer's left.

    Attributes:
        albedo: (256, 256, 3) sRGB in [0, 1]; seamless both ways.
        height: (256, 256) relief in [-1, 1]; seamless both ways.
        extent: metres that the tile covers each way.
        gloss: strength of the highlight in [0, 1].
        fuzz: share of light that stray fibres catch at grazing angles, in [0, 1].
        decal: (192, 192, 4) sRGB and alpha in [0, 1], not premultiplied, or None.
        decal_size: metres, its width and height; 0 without one.
        decal_centre: metres from the neck point (the end of the shoulder line at the neck): across, positive to the
            wearer's left of the centre front, and down.
        block: None, or bands from top to bottom: from so many metres below the shoulder on, the ground has this colour.
    """

    albedo: Array
    height: Array
    extent: float
    gloss: float
    fuzz: float
    decal: Array | None
    decal_size: float
    decal_centre: tuple[float, float]
    block: tuple[tuple[float, RGB], ...] | None
