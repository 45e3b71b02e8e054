"""The fixed lists as a warp sees them: who tries on what, and where each point of the cloth really goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import torch
from torch import Tensor

from vtonlib.data.labels import LIP
from vtonlib.data.layout import read_facts
from vtonlib.data.lists import read_list
from vtonlib.data.memory import load_fields
from vtonlib.data.views import FIELDS as VIEW_FIELDS
from vtonlib.data.views import Views, to_pictures
from vtonlib.data.wardrobe_set import wardrobe_set
from vtonlib.data.worn import GARMENT_OF

LOWER_BODY = ("left_leg", "right_leg", "left_shoe", "right_shoe", "socks")
NEVER_IN_FRONT = {
    "top": ("background", *LOWER_BODY, "pants", "skirt"),
    "bottom": ("background", *LOWER_BODY),
    "dress": ("background", *LOWER_BODY),
}
"""Labels that never lie in front of a garment of a category; hair, hands, a neck or a jacket may hide a part of it."""


@dataclass(frozen=True, eq=False)
class WarpTask:
    """A fixed list as a warp sees it: N held-out people, each with a garment to put on.

    Attributes:
        person: what is known of them, in the **old** garment.
        old: (N, 1, H, W) in {0, 1}, where the old garment is seen.
        cloth: (N, 3, H, W) in [-1, 1], the garment to try on, as a shop shows it.
        cloth_mask: (N, 1, H, W) in {0, 1}.
        truth: (N, 3, H, W) in [-1, 1], the person really wearing it.
        worn: (N, 1, H, W) in {0, 1}, where it is seen there.
        judged: (N, 1, H, W) in {0, 1}, where one can tell whether it is: pixels of ``worn``, and those that show what
            is :data:`NEVER_IN_FRONT` of it. Under hair, arms and other clothes the garment goes on unseen.
        correspondence: (N, H, W, 2) pixels of ``cloth`` for the pixels of ``truth``, NaN outside ``worn``.
        categories: ``top``, ``bottom`` or ``dress`` of each.
    """

    person: Views
    old: Tensor
    cloth: Tensor
    cloth_mask: Tensor
    truth: Tensor
    worn: Tensor
    judged: Tensor
    correspondence: Tensor
    categories: tuple[str, ...]

    @property
    def size(self) -> tuple[int, int]:
        """(height, width)."""
        return self.person.size

    def only(self, rows: Sequence[int]) -> WarpTask:
        """The same list with these people only, in this order."""
        chosen = torch.tensor(list(rows), dtype=torch.long)
        tensors = {f.name: getattr(self, f.name) for f in fields(self) if isinstance(getattr(self, f.name), Tensor)}
        known = {name: getattr(self.person, name) for name in VIEW_FIELDS}
        return WarpTask(
            person=Views(**{name: value[chosen] for name, value in known.items() if value is not None}),
            categories=tuple(self.categories[row] for row in rows),
            **{name: tensor[chosen] for name, tensor in tensors.items()},
        )

    def rows(self, category: str) -> Tensor:
        """Numbers of the people whose garment is of a category."""
        return torch.tensor([row for row, kind in enumerate(self.categories) if kind == category], dtype=torch.long)


def warp_task(name: str, height: int) -> WarpTask:
    """Load a fixed list of the wardrobe.

    Args:
        name: key in :data:`vtonlib.data.lists.TASKS`, such as ``unpaired``.
        height: H; W is three quarters of it.
    """
    size = (height, height * 3 // 4)
    root = wardrobe_set(size)
    chosen = read_list(root, name)
    known = [f"person.{field}" for field in (*VIEW_FIELDS, "correspondence")]
    shop = [f"{chosen.cloth}.image", f"{chosen.cloth}.mask"]
    truth = [f"{chosen.truth}.{field}" for field in ("image", "correspondence", "parse", "neck")]
    loaded = load_fields(root, "test", list(dict.fromkeys(known + shop + truth)), size, chosen.samples)
    facts = [read_facts(root, "test", sample) for sample in chosen.samples]
    correspondence = loaded[truth[1]].float()
    categories = tuple(entry["garments"][GARMENT_OF[chosen.truth]]["category"] for entry in facts)
    worn = correspondence.isfinite().all(3)
    behind = _behind(loaded[truth[2]], loaded[truth[3]], categories)
    return WarpTask(
        person=Views.inside(loaded, "person"),
        old=loaded["person.correspondence"].isfinite().all(3)[:, None].float(),
        cloth=to_pictures(loaded[f"{chosen.cloth}.image"]),
        cloth_mask=loaded[f"{chosen.cloth}.mask"][:, None].float(),
        truth=to_pictures(loaded[truth[0]]),
        worn=worn[:, None].float(),
        judged=(worn | behind)[:, None].float(),
        correspondence=correspondence,
        categories=categories,
    )


def _behind(parse: Tensor, neck: Tensor, categories: Sequence[str]) -> Tensor:
    """Where labels (N, H, W) tell that nothing lies in front: bool of the same shape; a neck is no background."""
    numbers = [torch.tensor([LIP[name] for name in NEVER_IN_FRONT[category]]) for category in categories]
    shown = [torch.isin(labels.long(), chosen) for labels, chosen in zip(parse, numbers, strict=True)]
    return torch.stack(shown) & ~neck
