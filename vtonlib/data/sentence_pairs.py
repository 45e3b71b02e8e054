"""The fixed list of swapped sentences: whose sentence each held-out person is dressed by in chapters 04 and 05.

FashionGAN's release comes with such a list too (``test_set_pair_ind``), so that every method is asked the same.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

from vtonlib.data.outfits import ATTRIBUTES, outfits
from vtonlib.errors import VtonError

SEED = 0
"""Goes into the order; another one would give another list, so it stays."""

SHA256 = "3b84279f553f6576b25254835d3067b88f371b19185c0d9d790e952514b02af9"
"""Of the list that was fixed."""

_SMALLEST = 64  # side of the pictures that come with the names; nobody looks at them


@dataclass(frozen=True)
class SentencePairs:
    """Who is dressed by whose sentence, as rows of ``outfits("test", side, ("person",))``.

    Attributes:
        names: of the samples in those rows.
        wearers: (N,) rows of the people whose pictures are changed: every row once, in order.
        owners: (N,) rows of the people whose sentences they get: every row once, of the same gender, never their own.
        sha256: over the names of all pairs.
    """

    names: tuple[str, ...]
    wearers: tuple[int, ...]
    owners: tuple[int, ...]
    sha256: str


@cache
def sentence_pairs() -> SentencePairs:
    """The list of the shipped wardrobe.

    Raises:
        VtonError: if it is not the one that was fixed, because the wardrobe changed.
    """
    people = outfits("test", _SMALLEST, ("person",))
    genders = [ATTRIBUTES["gender"][value] for value in people.tensors["gender"]]
    pairs = pair_up(people.names, tuple(genders))
    if pairs.sha256 != SHA256:
        raise VtonError(
            f"sentence pairs: the list is not the one that was fixed (its SHA-256 is {pairs.sha256[:8]}..., not "
            f"{SHA256[:8]}...); restore the shipped wardrobe and vtonlib/data/sentence_pairs.py"
        )
    return pairs


def pair_up(names: tuple[str, ...], genders: tuple[str, ...]) -> SentencePairs:
    """Stand the people of each gender in a circle, and give each the sentence of the next.

    Their order is that of the SHA-256 of seed and name, which no library's random numbers can change.

    Args:
        names: of different samples.
        genders: of each of them.

    Raises:
        VtonError: if somebody would stand alone, or a name comes twice.
    """
    if len(set(names)) < len(names) or len(names) != len(genders):
        raise VtonError("sentence pairs: give every sample once, and a gender for each")
    owner: dict[int, int] = {}
    for gender in sorted(set(genders)):
        circle = [row for row, own in enumerate(genders) if own == gender]
        if len(circle) < 2:
            raise VtonError(f"sentence pairs: only {names[circle[0]]} is a {gender}; give two people or more of each")
        circle.sort(key=lambda row: _digest(str(SEED), names[row]))
        owner |= dict(zip(circle, [*circle[1:], circle[0]], strict=True))
    wearers = tuple(range(len(names)))
    owners = tuple(owner[row] for row in wearers)
    lines = [f"{names[wearer]} {names[row]}" for wearer, row in zip(wearers, owners, strict=True)]
    return SentencePairs(names, wearers, owners, _digest(*lines))


def _digest(*lines: str) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
