"""What there is to know about a garment: :class:`GarmentSpec`, and how one is drawn as a shop would stock it.

Lengths are in metres on a body of 1.70 m; a taller or smaller body wears the garment in proportion.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, fields

import numpy as np

from vtonlib.errors import VtonError
from vtonlib.wardrobe.fabrics.draw import pick
from vtonlib.wardrobe.fabrics.spec import FabricSpec
from vtonlib.wardrobe.garment_rules import (
    DRAPE,
    EASE,
    FIT_SHARES,
    HEM_DROP,
    KINDS,
    NECK,
    OPEN_NECK,
    SLEEVE_AT,
    Rules,
    fabric_for,
)

CATEGORIES = ("top", "bottom", "dress")
SLEEVES = tuple(SLEEVE_AT)
COLLARS = tuple(NECK)
FITS = tuple(EASE)
FRONTS = ("closed", "placket", "open")


@dataclass(frozen=True)
class GarmentSpec:
    """A garment in words for captions and in numbers for the geometry; the numbers agree with the words.

    Attributes:
        kind: one of ``garment_rules.KINDS``, such as ``blouse`` or ``jeans``.
        sleeve: ``none``, ``short``, ``three-quarter`` or ``long``; ``none`` for bottoms.
        collar: ``crew``, ``v``, ``scoop``, ``turtle`` or ``shirt``; ``crew`` for bottoms, which have none.
        hem: tops ``cropped``, ``regular`` or ``long``; bottoms ``short``, ``knee`` or ``ankle``; dresses ``short``,
            ``knee`` or ``midi``.
        fit: ``tight``, ``regular`` or ``loose``.
        front: ``closed``, ``placket`` (buttoned) or ``open``.
        sheer: 0, or the share of skin that shows through, in [0.25, 0.55].
        flare: how much the hem widens, 0 (straight) to 1 (a circle skirt).
        sleeve_at: where the sleeve ends along the arm, 0 (shoulder) to 1 (wrist).
        hem_drop: metres from the line of the hip bones down to the hem; negative above it.
        neck_width: metres across the neck opening at the shoulder line; 0 for bottoms.
        neck_depth: metres from the neck point (the end of the shoulder line at the neck) down to the lowest point of
            the opening in front; for a placket, the open top button included; 0 for bottoms.
        ease: metres between body and cloth.
        folds: how strongly it folds, 0 to 1.
        seed: for everything else that the geometry draws.
        fabric: what it is made of.
        garment_id: 16 hexadecimal digits; a hash of all of the above.
    """

    kind: str
    sleeve: str
    collar: str
    hem: str
    fit: str
    front: str
    sheer: float
    flare: float
    sleeve_at: float
    hem_drop: float
    neck_width: float
    neck_depth: float
    ease: float
    folds: float
    seed: int
    fabric: FabricSpec
    garment_id: str = field(init=False)

    def __post_init__(self) -> None:
        """Check the kind and hash the rest."""
        if self.kind not in KINDS:
            raise VtonError(f"garment kind {self.kind!r}: use one of {', '.join(KINDS)}")
        told = repr([(f.name, getattr(self, f.name)) for f in fields(self) if f.init])
        object.__setattr__(self, "garment_id", hashlib.sha256(told.encode()).hexdigest()[:16])

    @property
    def category(self) -> str:
        """``top``, ``bottom`` or ``dress``."""
        return KINDS[self.kind].category


def draw_swap(rng: np.random.Generator) -> str:
    """The category that a sample swaps: a top in 60 % of them, else a bottom or a dress."""
    return pick(rng, {"top": 0.6, "bottom": 0.2, "dress": 0.2})


def draw_garment(rng: np.random.Generator, category: str) -> GarmentSpec:
    """A garment that a shop might stock.

    Raises:
        VtonError: an unknown category.
    """
    if category not in CATEGORIES:
        raise VtonError(f"category {category!r}: use one of {', '.join(CATEGORIES)}")
    kind = pick(rng, {name: rules.share for name, rules in KINDS.items() if rules.category == category})
    rules = KINDS[kind]
    sleeve = pick(rng, rules.sleeves)
    collars = dict(rules.collars)
    if sleeve not in ("none", "long"):
        collars.pop("turtle", None)
    collar = pick(rng, collars)
    fit = pick(rng, {**FIT_SHARES, **rules.fits})
    front = rules.front
    if front == "closed" and (collar == "shirt" or (kind == "blouse" and collar == "v" and rng.random() < 0.4)):
        front = "placket"
    hem = pick(rng, rules.hems)
    fabric = fabric_for(rng, kind, collar, front)
    sheer = float(rng.uniform(0.25, 0.55)) if fabric.material == "chiffon" and category == "top" else 0.0
    width, depth = (0.0, 0.0) if category == "bottom" else _neck(rng, collar, front)
    return GarmentSpec(
        kind=kind,
        sleeve=sleeve,
        collar=collar,
        hem=hem,
        fit=fit,
        front=front,
        sheer=sheer,
        flare=_flare(rng, rules, fit),
        sleeve_at=0.0 if category == "bottom" else float(rng.uniform(*SLEEVE_AT[sleeve])),
        hem_drop=float(rng.uniform(*rules.drops.get(hem, HEM_DROP[category][hem]))),
        neck_width=width,
        neck_depth=depth,
        ease=float(rng.uniform(*EASE[fit])),
        folds=_folds(rng, fabric.material, fit),
        seed=int(rng.integers(1 << 31)),
        fabric=fabric,
    )


def _neck(rng: np.random.Generator, collar: str, front: str) -> tuple[float, float]:
    """Width and depth in metres; an open front is cut deeper, as worn over something else."""
    width, depth = NECK[collar]
    if front == "open":
        depth = OPEN_NECK.get(collar, depth)
    return float(rng.uniform(*width)), float(rng.uniform(*depth))


def _flare(rng: np.random.Generator, rules: Rules, fit: str) -> float:
    low, high = rules.flare
    if fit == "tight":  # what hugs the body hardly widens
        high = low + 0.25 * (high - low)
    return float(rng.uniform(low, high))


def _folds(rng: np.random.Generator, material: str, fit: str) -> float:
    """Thin cloth folds more than thick, loose more than tight; in [0.05, 1]."""
    loose = {"tight": -0.18, "regular": 0.0, "loose": 0.15}[fit]
    return float(np.clip(DRAPE[material] + loose + rng.normal(0, 0.08), 0.05, 1))


def attributes(spec: GarmentSpec) -> dict[str, str | float]:
    """The visible facts of a garment, for evaluation by attribute and for hard subsets.

    Returns:
        kind, category, sleeve, collar, hem, fit, front, sheer, pattern, graphic, material and colour.
    """
    return {
        "kind": spec.kind,
        "category": spec.category,
        "sleeve": spec.sleeve,
        "collar": spec.collar,
        "hem": spec.hem,
        "fit": spec.fit,
        "front": spec.front,
        "sheer": spec.sheer,
        "pattern": spec.fabric.pattern,
        "graphic": spec.fabric.graphic,
        "material": spec.fabric.material,
        "colour": spec.fabric.colour_name,
    }
