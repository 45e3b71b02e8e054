"""What goes with what: the sleeves, collars, hems, cuts and fabrics that each kind of garment is sold with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from vtonlib.wardrobe.fabrics import palettes
from vtonlib.wardrobe.fabrics.draw import PATTERN_SHARES, draw_fabric, pick
from vtonlib.wardrobe.fabrics.spec import FabricSpec

Shares = Mapping[str, float]
Range = tuple[float, float]

SLEEVE_AT: dict[str, Range] = {
    "none": (0.0, 0.06), "short": (0.28, 0.45), "three-quarter": (0.62, 0.74), "long": (0.94, 0.99),
}  # fmt: skip
"""Where each sleeve ends along the arm, 0 (shoulder) to 1 (wrist)."""

EASE: dict[str, Range] = {"tight": (0.004, 0.008), "regular": (0.010, 0.020), "loose": (0.022, 0.040)}
"""Metres between body and cloth."""

HEM_DROP: dict[str, dict[str, Range]] = {
    "top": {"cropped": (-0.10, -0.04), "regular": (0.03, 0.10), "long": (0.16, 0.26)},
    "bottom": {"short": (0.18, 0.30), "knee": (0.42, 0.50), "ankle": (0.83, 0.90)},
    "dress": {"short": (0.28, 0.38), "knee": (0.43, 0.52), "midi": (0.62, 0.74)},
}
"""Metres from the line of the hip bones down to the hem, on a body of 1.70 m."""

NECK: dict[str, tuple[Range, Range]] = {
    "crew": ((0.150, 0.180), (0.075, 0.100)),
    "v": ((0.145, 0.185), (0.155, 0.220)),
    "scoop": ((0.190, 0.235), (0.125, 0.170)),
    "turtle": ((0.115, 0.130), (0.0, 0.015)),
    "shirt": ((0.130, 0.150), (0.085, 0.135)),
}
"""Width and depth of the neck opening in metres."""
OPEN_NECK: dict[str, Range] = {"v": (0.24, 0.32), "shirt": (0.12, 0.24)}

DRAPE = {"jersey": 0.42, "woven": 0.55, "knit": 0.3, "denim": 0.42, "leather": 0.45, "chiffon": 0.75}
"""How strongly each material folds in a regular fit."""

FIT_SHARES: dict[str, float] = {"tight": 0.25, "regular": 0.45, "loose": 0.3}


@dataclass(frozen=True)
class Rules:
    """What a kind of garment may be; each mapping gives weights.

    Attributes:
        category: ``top``, ``bottom`` or ``dress``.
        share: its weight within the category.
        materials: what it is made of.
        sleeves: lengths of sleeve.
        collars: necks; turtle is left out beside short and three-quarter sleeves.
        hems: lengths.
        fits: where they differ from `FIT_SHARES`.
        front: ``closed``, which a shirt collar turns into a placket, or ``open``.
        flare: least and most.
        drops: hem lengths in metres where they differ from `HEM_DROP`.
        patterns: weights where they differ from the material's own.
        graphics: weights of what a plain jersey carries.
    """

    category: str
    share: float
    materials: Shares
    sleeves: Shares = field(default_factory=lambda: {"none": 1.0})
    collars: Shares = field(default_factory=lambda: {"crew": 1.0})
    hems: Shares = field(default_factory=lambda: {"cropped": 0.15, "regular": 0.65, "long": 0.2})
    fits: Shares = field(default_factory=dict)
    front: str = "closed"
    flare: Range = (0.0, 0.15)
    drops: Mapping[str, Range] = field(default_factory=dict)
    patterns: Shares | None = None
    graphics: Shares = field(default_factory=lambda: {"none": 1.0})


_LONG = {"long": 1.0}
_PRINTED = {"none": 0.4, "logo": 0.32, "letters": 0.28}
KINDS: dict[str, Rules] = {
    "tank": Rules("top", 12, {"jersey": 0.85, "knit": 0.15}, {"none": 1}, {"crew": 0.35, "scoop": 0.4, "v": 0.25},
                  {"cropped": 0.3, "regular": 0.6, "long": 0.1}, {"tight": 0.45}, graphics=_PRINTED),
    "tee": Rules("top", 20, {"jersey": 1}, {"short": 0.75, "three-quarter": 0.12, "long": 0.13},
                 {"crew": 0.7, "v": 0.18, "scoop": 0.12}, {"cropped": 0.15, "regular": 0.7, "long": 0.15},
                 graphics=_PRINTED),
    "top": Rules("top", 12, {"jersey": 0.5, "woven": 0.2, "chiffon": 0.15, "knit": 0.15},
                 {"none": 0.3, "short": 0.2, "three-quarter": 0.25, "long": 0.25},
                 {"crew": 0.2, "v": 0.25, "scoop": 0.3, "turtle": 0.25}, {"cropped": 0.3, "regular": 0.5, "long": 0.2},
                 flare=(0.0, 0.4)),
    "blouse": Rules("top", 13, {"woven": 0.5, "chiffon": 0.5},
                    {"none": 0.15, "short": 0.2, "three-quarter": 0.3, "long": 0.35},
                    {"shirt": 0.35, "v": 0.3, "crew": 0.25, "scoop": 0.1},
                    {"cropped": 0.1, "regular": 0.65, "long": 0.25}, {"tight": 0.05}, flare=(0.0, 0.35)),
    "shirt": Rules("top", 11, {"woven": 0.82, "denim": 0.18}, {"short": 0.25, "three-quarter": 0.1, "long": 0.65},
                   {"shirt": 1}, {"cropped": 0.05, "regular": 0.65, "long": 0.3}, {"tight": 0.15}),
    "sweater": Rules("top", 10, {"knit": 1}, {"none": 0.05, "three-quarter": 0.1, "long": 0.85},
                     {"crew": 0.48, "v": 0.2, "turtle": 0.32}, {"cropped": 0.2, "regular": 0.65, "long": 0.15},
                     {"tight": 0.15}),
    "hoodie": Rules("top", 6, {"jersey": 1}, {"short": 0.06, "long": 0.94}, {"crew": 1}, fits={"tight": 0.0},
                    patterns={"plain": 0.85, "blocks": 0.15}, graphics={"none": 0.25, "logo": 0.2, "letters": 0.55}),
    "cardigan": Rules("top", 5, {"knit": 1}, {"three-quarter": 0.08, "long": 0.92}, {"v": 0.75, "crew": 0.25},
                      front="open", flare=(0.0, 0.2)),
    "jacket": Rules("top", 6, {"leather": 0.45, "denim": 0.35, "woven": 0.2}, _LONG,
                    {"shirt": 0.6, "crew": 0.3, "v": 0.1}, {"cropped": 0.3, "regular": 0.7}, {"tight": 0.08},
                    "open", patterns={"plain": 1}),
    "blazer": Rules("top", 4, {"woven": 1}, {"three-quarter": 0.08, "long": 0.92}, {"shirt": 0.65, "v": 0.35},
                    {"regular": 0.6, "long": 0.4}, {"tight": 0.15}, "open",
                    patterns={"plain": 0.7, "plaid": 0.2, "v_stripes": 0.1}),
    "coat": Rules("top", 3.5, {"woven": 0.85, "leather": 0.15}, _LONG, {"shirt": 0.7, "v": 0.3}, {"long": 1},
                  {"tight": 0.0}, "open", (0.0, 0.25), {"long": (0.28, 0.5)}, {"plain": 0.75, "plaid": 0.25}),
    "trousers": Rules("bottom", 26, {"woven": 0.8, "jersey": 0.1, "leather": 0.1}, hems={"ankle": 1},
                      flare=(0.0, 0.45), patterns={"plain": 0.84, "v_stripes": 0.07, "plaid": 0.09}),
    "jeans": Rules("bottom", 26, {"denim": 1}, hems={"ankle": 1}, fits={"tight": 0.45}, flare=(0.0, 0.3)),
    "shorts": Rules("bottom", 20, {"woven": 0.55, "denim": 0.3, "jersey": 0.15}, hems={"short": 0.7, "knee": 0.3},
                    flare=(0.0, 0.25), patterns={"plain": 0.86, "plaid": 0.08, "floral": 0.06}),
    "skirt": Rules("bottom", 28, {"woven": 0.6, "jersey": 0.12, "denim": 0.12, "leather": 0.1, "knit": 0.06},
                   hems={"short": 0.4, "knee": 0.4, "ankle": 0.2}, flare=(0.1, 1.0),
                   drops={"ankle": (0.72, 0.86)},
                   patterns={"plain": 0.6, "plaid": 0.14, "floral": 0.14, "dots": 0.08, "v_stripes": 0.04}),
    "dress": Rules("dress", 1, {"jersey": 0.32, "woven": 0.42, "knit": 0.12, "chiffon": 0.06, "denim": 0.08},
                   {"none": 0.4, "short": 0.25, "three-quarter": 0.15, "long": 0.2},
                   {"crew": 0.27, "v": 0.23, "scoop": 0.25, "turtle": 0.1, "shirt": 0.15},
                   {"short": 0.35, "knee": 0.4, "midi": 0.25}, flare=(0.1, 0.95),
                   graphics={"none": 0.92, "logo": 0.04, "letters": 0.04}),
}  # fmt: skip


def fabric_for(rng: np.random.Generator, kind: str, collar: str, front: str) -> FabricSpec:
    """A fabric that this kind of garment is sold in; prints keep clear of plackets, openings and low necks."""
    rules = KINDS[kind]
    material = pick(rng, rules.materials)
    sold = PATTERN_SHARES[material]
    patterns = {name: share for name, share in (rules.patterns or sold).items() if name in sold}
    pattern = pick(rng, patterns)
    graphic = "none"
    if pattern == "plain" and material == "jersey" and front == "closed":
        graphic = pick(rng, rules.graphics)
    sober = rules.category == "bottom" or front == "open"
    shades = palettes.SOBER if sober else None
    fabric = draw_fabric(rng, material, pattern, graphic, shades)
    if graphic != "none" and collar in ("v", "scoop") and fabric.scale >= 0.1:
        return replace(fabric, scale=float(rng.uniform(0.065, 0.095)))
    return fabric
