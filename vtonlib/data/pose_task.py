"""The fixed lists of chapters 11 to 13: who is shown in which pose, in which garment, and the true picture of that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from vtonlib.data.layout import read_facts
from vtonlib.data.lists import read_list
from vtonlib.data.memory import load_fields
from vtonlib.data.sample import CATEGORIES
from vtonlib.data.views import FIELDS, Views, to_pictures
from vtonlib.data.wardrobe_set import wardrobe_set
from vtonlib.data.worn import GARMENT_OF

LISTS = ("multi_pose", "multi_pose_unpaired")
"""Another pose; another pose and another garment."""

TURNED_DEG = 25.0
"""From this difference of the body's rotation on, a change of pose counts as a turn."""


@dataclass(frozen=True, eq=False)
class PoseTask:
    """N held-out people, each with a garment to put on and a pose to take.

    Attributes:
        reference: what is known of them, in the old garment and the old pose.
        target: the true pictures. Only their joints may be told; the rest is the answer.
        cloth: (N, 3, H, W) in [-1, 1], the garment, as a shop shows it.
        cloth_mask: (N, 1, H, W) in {0, 1}.
        worn: (N, 1, H, W) in {0, 1}, where the garment is seen in the truth.
        categories: ``top``, ``bottom`` or ``dress`` of each.
        turned: (N,) bool, whether the body turns by :data:`TURNED_DEG` or more.
        framings: (framing of the reference, framing of the target) of each, ``half`` or ``whole``.
    """

    reference: Views
    target: Views
    cloth: Tensor
    cloth_mask: Tensor
    worn: Tensor
    categories: tuple[str, ...]
    turned: Tensor
    framings: tuple[tuple[str, str], ...]

    @property
    def size(self) -> tuple[int, int]:
        """(height, width)."""
        return self.reference.size

    @property
    def category(self) -> Tensor:
        """(N,) int64, the categories as indices into :data:`vtonlib.data.sample.CATEGORIES`."""
        return torch.tensor([CATEGORIES.index(name) for name in self.categories])

    @property
    def truth(self) -> Tensor:
        """The true pictures, (N, 3, H, W) in [-1, 1]."""
        return self.target.pictures()

    def only(self, rows: Sequence[int]) -> PoseTask:
        """The same list with these people only, in this order."""
        chosen = torch.tensor(list(rows), dtype=torch.long)
        tensors = {name: getattr(self, name)[chosen] for name in ("cloth", "cloth_mask", "worn", "turned")}
        return PoseTask(
            reference=_rows(self.reference, chosen),
            target=_rows(self.target, chosen),
            categories=tuple(self.categories[row] for row in rows),
            framings=tuple(self.framings[row] for row in rows),
            **tensors,
        )


def pose_task(name: str, height: int) -> PoseTask:
    """Load a fixed list of the wardrobe.

    Args:
        name: ``multi_pose``, where the garment stays and the pose changes, or ``multi_pose_unpaired``, where both do.
        height: H; W is three quarters of it.
    """
    size = (height, height * 3 // 4)
    root = wardrobe_set(size)
    chosen = read_list(root, name)
    known = [f"{view}.{field}" for view in ("person", chosen.truth) for field in FIELDS]
    shop = [f"{chosen.cloth}.image", f"{chosen.cloth}.mask"]
    where = f"{chosen.truth}.correspondence"
    loaded = load_fields(root, "test", [*known, *shop, where], size, chosen.samples)
    facts = [read_facts(root, "test", sample) for sample in chosen.samples]
    views = [(entry["views"]["person"], entry["views"][chosen.truth]) for entry in facts]
    turns = torch.tensor([abs(old["turn_deg"] - new["turn_deg"]) for old, new in views])
    return PoseTask(
        reference=Views.inside(loaded, "person"),
        target=Views.inside(loaded, chosen.truth),
        cloth=to_pictures(loaded[shop[0]]),
        cloth_mask=loaded[shop[1]][:, None].float(),
        worn=loaded[where].isfinite().all(3)[:, None].float(),
        categories=tuple(entry["garments"][GARMENT_OF[chosen.truth]]["category"] for entry in facts),
        turned=turns >= TURNED_DEG,
        framings=tuple((old["framing"], new["framing"]) for old, new in views),
    )


def _rows(views: Views, chosen: Tensor) -> Views:
    known = {field: getattr(views, field) for field in FIELDS}
    return Views(**{field: value[chosen] for field, value in known.items() if value is not None})
