"""What is worn under an open or a sheer top, so that everybody is always dressed."""

from __future__ import annotations

import numpy as np

from vtonlib.wardrobe.fabric import FabricSpec
from vtonlib.wardrobe.garment_spec import GarmentSpec

_COLOURS = {
    "white": (0.93, 0.92, 0.90), "black": (0.12, 0.12, 0.13), "gray": (0.62, 0.62, 0.63), "beige": (0.80, 0.70, 0.60),
}  # fmt: skip


_APART = 0.15
"""Difference of brightness, of 1, that lets one see where an open front ends."""


def layer_under(outer: GarmentSpec) -> GarmentSpec | None:
    """A plain tee under an open top, a camisole under a sheer one, nothing under any other; one for each garment."""
    if outer.category == "bottom" or (outer.front != "open" and not outer.sheer):
        return None
    rng = np.random.default_rng([outer.seed, 1])
    shade = np.mean(outer.fabric.colours[0])
    camisole = outer.sheer > 0
    names = [name for name, rgb in _COLOURS.items() if camisole or abs(np.mean(rgb) - shade) > _APART]
    name = names[int(rng.integers(len(names)))]
    seed = int(rng.integers(1 << 31))
    fabric = FabricSpec("plain", "none", "jersey", (_COLOURS[name], _COLOURS[name]), name, 0.0, seed)
    return GarmentSpec(
        kind="tank" if camisole else "tee",
        sleeve="none",
        collar="scoop" if camisole else "crew",
        hem="regular",
        fit="tight",
        front="closed",
        sheer=0.0,
        flare=0.0,
        sleeve_at=0.05,
        hem_drop=outer.hem_drop - 0.012 if camisole else 0.06,
        neck_width=max(0.16, outer.neck_width) if camisole else 0.165,
        neck_depth=max(0.12, outer.neck_depth + 0.01) if camisole else 0.09,
        ease=0.005,
        folds=0.0 if camisole else 0.3,
        seed=int(rng.integers(1 << 31)),
        fabric=fabric,
    )
