"""Garments: every sort occurs, what is worn together goes together, and numbers agree with words."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from vtonlib.errors import VtonError
from vtonlib.wardrobe.fabric import bake
from vtonlib.wardrobe.garment_rules import EASE, KINDS, SLEEVE_AT
from vtonlib.wardrobe.garment_spec import (
    CATEGORIES,
    COLLARS,
    FITS,
    FRONTS,
    SLEEVES,
    attributes,
    draw_garment,
    draw_swap,
)

OPEN = ("cardigan", "jacket", "blazer", "coat")


@pytest.fixture(scope="module")
def rack():
    rng = np.random.default_rng(11)
    return {category: [draw_garment(rng, category) for _ in range(2000)] for category in CATEGORIES}


@pytest.fixture(scope="module")
def every(rack):
    return [spec for specs in rack.values() for spec in specs]


def test_every_word_occurs(rack):
    tops, bottoms, dresses = rack["top"], rack["bottom"], rack["dress"]
    for specs, field, names in (
        (tops, "kind", [kind for kind, rules in KINDS.items() if rules.category == "top"]),
        (bottoms, "kind", [kind for kind, rules in KINDS.items() if rules.category == "bottom"]),
        (tops, "sleeve", SLEEVES),
        (dresses, "sleeve", SLEEVES),
        (tops, "collar", COLLARS),
        (dresses, "collar", COLLARS),
        (tops, "hem", ("cropped", "regular", "long")),
        (bottoms, "hem", ("short", "knee", "ankle")),
        (dresses, "hem", ("short", "knee", "midi")),
        (tops, "fit", FITS),
        (bottoms, "fit", FITS),
        (dresses, "fit", FITS),
        (tops, "front", FRONTS),
        (dresses, "front", ("closed", "placket")),
    ):
        counts = Counter(getattr(spec, field) for spec in specs)
        assert set(counts) == set(names), field
        assert min(counts.values()) >= 20, (field, counts)


def test_every_fabric_occurs_on_tops(rack):
    facts = [attributes(spec) for spec in rack["top"]]
    for key, count in (("pattern", 8), ("graphic", 3), ("material", 6), ("colour", 16)):
        counts = Counter(fact[key] for fact in facts)
        assert len(counts) == count
        assert min(counts.values()) >= (10 if key == "colour" else 20), (key, counts)
    assert 0.03 < np.mean([spec.sheer > 0 for spec in rack["top"]]) < 0.2


def test_what_goes_with_what(every):
    for spec in every:
        if spec.kind in OPEN:
            assert spec.front == "open"
            assert spec.sleeve in ("long", "three-quarter")
        else:
            assert spec.front != "open"
        if spec.kind == "jeans":
            assert spec.fabric.material == "denim"
        if spec.kind in ("sweater", "cardigan"):
            assert spec.fabric.material == "knit"
        if spec.kind == "shirt":
            assert (spec.collar, spec.front) == ("shirt", "placket")
        if spec.collar == "turtle":
            assert spec.sleeve in ("none", "long")
        if spec.sheer:
            assert spec.kind in ("top", "blouse")
            assert spec.fabric.material == "chiffon"
            assert 0.25 <= spec.sheer <= 0.55
        if spec.fabric.graphic != "none":
            assert spec.front == "closed"
            assert spec.fabric.material == "jersey"
        if spec.category == "bottom":
            assert (spec.sleeve, spec.sleeve_at, spec.neck_width, spec.neck_depth) == ("none", 0, 0, 0)


def test_leather_jackets_and_hoodies_with_letters_occur(rack):
    assert any(spec.kind == "jacket" and spec.fabric.material == "leather" for spec in rack["top"])
    hoodies = [spec for spec in rack["top"] if spec.kind == "hoodie"]
    assert {spec.collar for spec in hoodies} == {"crew"}
    assert np.mean([spec.fabric.graphic == "letters" for spec in hoodies]) > 0.3


def test_numbers_agree_with_words(every):
    for spec in every:
        if spec.category != "bottom":
            low, high = SLEEVE_AT[spec.sleeve]
            assert low <= spec.sleeve_at <= high
        low, high = EASE[spec.fit]
        assert low <= spec.ease <= high
        assert 0 <= spec.flare <= 1
        assert 0 <= spec.folds <= 1
        assert 0 <= spec.neck_depth <= 0.32
        assert (spec.hem_drop < 0) == (spec.hem == "cropped")


def test_large_prints_stay_below_the_neckline(every):
    for spec in [spec for spec in every if spec.fabric.graphic != "none"][:150]:
        fabric = bake(spec.fabric)
        if abs(fabric.decal_centre[0]) < 0.01:
            rows = np.flatnonzero(fabric.decal[..., 3].max(1) > 0.5)
            top = fabric.decal_centre[1] + (rows[0] / 192 - 0.5) * fabric.decal_size
            assert top > spec.neck_depth


def test_the_identity_covers_everything(every):
    assert len({spec.garment_id for spec in every}) == len(every)
    spec = every[0]
    assert replace(spec).garment_id == spec.garment_id
    assert replace(spec, ease=spec.ease + 1e-6).garment_id != spec.garment_id
    assert replace(spec, fabric=replace(spec.fabric, seed=1)).garment_id != spec.garment_id
    one, two = (draw_garment(np.random.default_rng(4), "top") for _ in range(2))
    assert one == two
    assert len(one.garment_id) == 16


def test_attributes_are_the_visible_facts(every):
    facts = attributes(every[0])
    assert list(facts) == [
        "kind", "category", "sleeve", "collar", "hem", "fit", "front", "sheer", "pattern", "graphic", "material",
        "colour",
    ]  # fmt: skip
    assert {spec.category for spec in every} == set(CATEGORIES)


def test_what_is_swapped():
    rng = np.random.default_rng(2)
    counts = Counter(draw_swap(rng) for _ in range(4000))
    assert counts["top"] / 4000 == pytest.approx(0.6, abs=0.03)
    assert counts["bottom"] / 4000 == pytest.approx(0.2, abs=0.03)


def test_unknown_words_are_refused(every):
    with pytest.raises(VtonError, match="category 'shoes'"):
        draw_garment(np.random.default_rng(0), "shoes")
    with pytest.raises(VtonError, match="garment kind 'poncho'"):
        replace(every[0], kind="poncho")
