"""What the papers of image-based try-on report of the compared approaches, and whether an order comes out again.

Figures of other pictures, other sizes and other raters: an order may be compared, a number may not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

IS: dict[str, tuple[float, float]] = {
    "nonparametric": (3.373, 0.142),
    "cagan": (2.981, 0.087),
    "prgan": (2.688, 0.098),
    "viton": (2.514, 0.130),
    "encoder_decoder": (2.455, 0.110),
    "crn": (2.449, 0.070),
}
"""Inception score and its deviation: VITON (Han et al. 2018, arXiv:1711.08447), table 1."""

IS_REAL = (3.312, 0.098)
"""Of the real test pictures, from the same table."""

HUMAN: dict[str, float] = {
    "viton": 0.772,
    "crn": 0.691,
    "encoder_decoder": 0.584,
    "nonparametric": 0.464,
    "prgan": 0.273,
    "cagan": 0.218,
}
"""Share of pairwise trials in which raters preferred a system, half by chance: VITON, table 1."""

CP_VTON_PREFERRED = {"large": 0.675, "small": 0.55}
"""Share of raters who preferred CP-VTON's picture to VITON's, on garments with much and with little detail: CP-VTON
(Wang et al. 2018, arXiv:1807.07688)."""


@dataclass(frozen=True)
class Order:
    """How often two systems stand in the published order.

    Attributes:
        kept: pairs (better, worse) of the paper that come out again.
        broken: those that do not.
    """

    kept: tuple[tuple[str, str], ...]
    broken: tuple[tuple[str, str], ...]

    @property
    def share(self) -> float:
        """Of the pairs that are kept: 1 for the same order, about one half by chance."""
        return len(self.kept) / (len(self.kept) + len(self.broken))


def compare_order(published: Mapping[str, float], measured: Mapping[str, float], lower: bool = False) -> Order:
    """Hold every pair of systems of a published table against our figures.

    Args:
        published: system -> figure, larger is better.
        measured: system -> figure, for all of those systems.
        lower: whether a small measured figure is the better one.
    """
    sign = -1 if lower else 1
    pairs = [
        (a, b) if published[a] > published[b] else (b, a)
        for a, b in combinations(published, 2)
        if published[a] != published[b]
    ]
    kept = tuple(pair for pair in pairs if sign * measured[pair[0]] > sign * measured[pair[1]])
    return Order(kept, tuple(pair for pair in pairs if pair not in kept))
