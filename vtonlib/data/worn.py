"""Pictures of people beside the garments that they wear: what matchers and try-on modules learn from.

Each of a sample's four views shows its person in one of its two garments, so each is an example of its own. A garment
is in two views; its picture is kept once, and an example holds its number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from vtonlib.data.layout import read_facts, sample_names
from vtonlib.data.memory import load_fields
from vtonlib.data.sample import CATEGORIES, VIEWS
from vtonlib.data.views import FIELDS
from vtonlib.data.wardrobe_set import wardrobe_set
from vtonlib.errors import VtonError

GARMENT_OF = {"person": "cloth", "other_pose": "cloth", "swap": "other_cloth", "other_pose_swap": "other_cloth"}
"""Which garment each view shows on the person."""


@dataclass(frozen=True, eq=False)
class Worn:
    """N people in garments, out of G garments.

    Attributes:
        examples: ``person.image`` (N, 3, H, W) uint8, ``person.parse`` (N, H, W) uint8, ``person.neck`` (N, H, W) bool,
            ``person.keypoints`` (N, 18, 3) float32, as :class:`vtonlib.data.views.Views` reads them; ``worn``
            (N, H, W) bool, the pixels where the garment is seen; ``garment`` (N,) int64, its number.
        garments: ``image`` (G, 3, H, W) uint8 and ``mask`` (G, H, W) bool, as a shop shows them; ``category`` (G,)
            int64, index into :data:`vtonlib.data.sample.CATEGORIES`.
    """

    examples: dict[str, Tensor]
    garments: dict[str, Tensor]


def worn_garments(split: str, height: int, slots: Sequence[str] = VIEWS, names: Sequence[str] | None = None) -> Worn:
    """Load the people of a split of the wardrobe; the views follow each other.

    ``worn`` is where the renderer knows the garment's own point, so a tee under a jacket does not belong to the jacket,
    though a parser gives both a label of the upper body.

    Args:
        split: ``train`` or ``test``.
        height: H; W is three quarters of it.
        slots: which views of each sample.
        names: of the samples; None takes all, sorted.

    Raises:
        VtonError: for a view that does not exist.
    """
    unknown = [slot for slot in slots if slot not in GARMENT_OF]
    if unknown or not slots:
        raise VtonError(f"slots are {list(slots)}; choose one or more of {', '.join(GARMENT_OF)}")
    size = (height, height * 3 // 4)
    root = wardrobe_set(size)
    pictures = [f"{slot}.{field}" for slot in slots for field in FIELDS]
    owners = sorted({GARMENT_OF[slot] for slot in slots})
    shop = [f"{owner}.{field}" for owner in owners for field in ("image", "mask")]
    loaded = load_fields(root, split, pictures + shop, size, names)
    count = len(loaded[f"{slots[0]}.image"])
    examples = {f"person.{field}": torch.cat([loaded[f"{slot}.{field}"] for slot in slots]) for field in FIELDS}
    examples["worn"] = torch.cat([_worn(root, split, slot, size, names) for slot in slots])
    first = {owner: count * number for number, owner in enumerate(owners)}
    examples["garment"] = torch.cat([first[GARMENT_OF[slot]] + torch.arange(count) for slot in slots])
    garments = {field: torch.cat([loaded[f"{owner}.{field}"] for owner in owners]) for field in ("image", "mask")}
    facts = [read_facts(root, split, name)["garments"] for name in (names or sample_names(root, split))]
    categories = [CATEGORIES.index(known[owner]["category"]) for owner in owners for known in facts]
    return Worn(examples, garments | {"category": torch.tensor(categories)})


def _worn(root: Path, split: str, slot: str, size: tuple[int, int], names: Sequence[str] | None) -> Tensor:
    """One view at a time: a correspondence takes eight times the memory of the mask that is kept of it."""
    field = f"{slot}.correspondence"
    return load_fields(root, split, [field], size, names)[field].isfinite().all(3)
