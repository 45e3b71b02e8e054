"""One sentence per garment, from a grammar with the statistics of the FashionGAN captions.

Those captions have 4-17 words, 8.07 on average; four in five read "the lady was wearing a blue long-sleeved blouse."
Two things differ on purpose. Their verb gives the category away ("wore" in 81 % of cardigans), an artefact of who
wrote them; here it is drawn by itself. And they never describe trousers or skirts; here these have a length where
tops have sleeves.
"""

from __future__ import annotations

import numpy as np

from vtonlib.errors import VtonError
from vtonlib.wardrobe.fabrics.draw import pick
from vtonlib.wardrobe.garment_spec import GarmentSpec

# The counts of the real captions, without "girl": everyone here is an adult.
PEOPLE = {"woman": {"lady": 72561.0, "woman": 1423.0}, "man": {"man": 4871.0}}
VERBS = {"is wearing": 0.34, "was wearing": 0.34, "wore": 0.27, "wears": 0.04, "dressed in": 0.01}
TEMPLATES = {"plain": 0.805, "with": 0.067, "look": 0.021, "of": 0.011, "sleeve first": 0.007, "detail": 0.089}
LETTERS = 0.35
"""Share of captions of a garment with letters on it that say so; over all captions this gives the real 1-2 %."""

SLEEVES = {
    "none": "sleeveless", "short": "short-sleeved", "three-quarter": "three-quarter-sleeved", "long": "long-sleeved",
}  # fmt: skip
SLEEVES_OF = {"short": "short sleeves", "three-quarter": "three-quarter sleeves", "long": "long sleeves"}
LENGTHS = {
    ("trousers", "ankle"): "long", ("jeans", "ankle"): "long", ("shorts", "short"): "short",
    ("shorts", "knee"): "knee-length", ("skirt", "short"): "short", ("skirt", "knee"): "knee-length",
    ("skirt", "ankle"): "long",
}  # fmt: skip
PLURALS = ("trousers", "jeans", "shorts")
PATTERNS = {
    "h_stripes": "striped", "v_stripes": "striped", "plaid": "checked", "dots": "dotted", "blocks": "colour-blocked",
    "floral": "floral", "noise": "mottled",
}  # fmt: skip
LETTER_PHRASES = {"printed with letters": 0.5, "with letters on it": 0.25, "printed with english letters": 0.25}


def caption(spec: GarmentSpec, gender: str, rng: np.random.Generator) -> str:
    """A sentence about who wears what, with visible facts only.

    Args:
        spec: the garment.
        gender: how the wearer presents, ``woman`` or ``man``.
        rng: which of the true sentences.

    Returns:
        Lower case, 4 to 17 words, with a full stop.

    Raises:
        VtonError: another gender word.
    """
    if gender not in PEOPLE:
        raise VtonError(f"gender {gender!r}: use one of {', '.join(PEOPLE)}")
    # Drawn first, and so independently of the garment.
    opening = f"the {pick(rng, PEOPLE[gender])} {pick(rng, VERBS)}"
    template = pick(rng, TEMPLATES)
    if spec.fabric.graphic == "letters" and rng.random() < LETTERS:
        return f"{opening} {_plain(spec)} {pick(rng, LETTER_PHRASES)}."
    return f"{opening} {_described(spec, template, rng)}."


def _described(spec: GarmentSpec, template: str, rng: np.random.Generator) -> str:
    """What is worn, after one of `TEMPLATES`."""
    colour, length = spec.fabric.colour_name, _length(spec)
    if template in ("with", "of") and spec.category == "bottom":
        return f"{_article(spec, spec.kind)} {template} a {length} {colour} cut"
    if template in ("with", "of") and spec.sleeve == "none":
        return f"{_article(spec, spec.kind)} {template} {_a(colour)} sleeveless cut"
    if template in ("with", "of"):
        return f"{_article(spec, spec.kind)} {template} {colour} {SLEEVES_OF[spec.sleeve]}"
    if template == "look":
        return f"{_plain(spec)} with a {_look(spec)} look"
    if template == "sleeve first":
        return _article(spec, f"{length} {colour} {spec.kind}")
    if template == "detail":
        phrases = _details(spec)
        return phrases[rng.integers(len(phrases))]
    return _plain(spec)


def _plain(spec: GarmentSpec) -> str:
    """The sentence of four captions in five: colour, sleeve, category."""
    return _article(spec, f"{spec.fabric.colour_name} {_length(spec)} {spec.kind}")


def _length(spec: GarmentSpec) -> str:
    return LENGTHS[spec.kind, spec.hem] if spec.category == "bottom" else SLEEVES[spec.sleeve]


def _article(spec: GarmentSpec, words: str) -> str:
    return words if spec.kind in PLURALS else _a(words)


def _a(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _look(spec: GarmentSpec) -> str:
    """The most telling thing about the cloth."""
    if spec.fabric.pattern != "plain":
        return PATTERNS[spec.fabric.pattern]
    if spec.fabric.material in ("knit", "denim", "leather"):
        return {"knit": "knitted"}.get(spec.fabric.material, spec.fabric.material)
    if spec.sheer:
        return "sheer"
    return "plain" if spec.fabric.graphic == "none" else "printed"


def _details(spec: GarmentSpec) -> list[str]:
    """True sentences with one fact more."""
    colour, length, plain = spec.fabric.colour_name, _length(spec), _plain(spec)
    found = [_article(spec, f"{_look(spec)} {colour} {length} {spec.kind}")]
    if spec.fabric.graphic == "logo":
        found.append(f"{plain} printed with a logo")
    if spec.front == "placket":
        found.append(f"{plain} with buttons")
    if spec.front == "open":
        found.append(f"{plain} with an open front")
    if spec.category != "bottom" and spec.front == "closed" and spec.collar != "crew":
        collar = {"v": "v neck", "scoop": "scoop neck", "turtle": "high neck", "shirt": "shirt collar"}[spec.collar]
        found.append(f"{plain} with a {collar}")
    if spec.category == "top" and spec.hem == "cropped":
        found.append(_article(spec, f"cropped {colour} {length} {spec.kind}"))
    if spec.category == "dress":
        hem = {"short": "short", "knee": "knee-length", "midi": "midi"}[spec.hem]
        found.append(_article(spec, f"{hem} {colour} {length} {spec.kind}"))
    if spec.fit != "regular":
        found.append(_article(spec, f"{spec.fit} {colour} {length} {spec.kind}"))
    return found
