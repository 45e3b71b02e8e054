"""The fixed lists with one thing more: the garment that is worn, as a shop shows it, which CAGAN cannot do without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import torch
from torch import Tensor

from vtonlib.data.lists import read_list
from vtonlib.data.memory import load_fields
from vtonlib.data.views import to_pictures
from vtonlib.data.wardrobe_set import wardrobe_set
from vtonlib.data.warp_task import WarpTask, warp_task


@dataclass(frozen=True, eq=False)
class SwapTask(WarpTask):
    """A fixed list with the worn garment's own picture.

    Attributes:
        old_cloth: (N, 3, H, W) in [-1, 1], the garment that is taken off.
    """

    old_cloth: Tensor

    def only(self, rows: Sequence[int]) -> SwapTask:
        """The same list with these people only, in this order."""
        chosen = WarpTask(**warp_fields(self)).only(rows)
        return SwapTask(**warp_fields(chosen), old_cloth=self.old_cloth[torch.tensor(list(rows), dtype=torch.long)])


def swap_task(name: str, height: int) -> SwapTask:
    """Load a fixed list, as :func:`vtonlib.data.warp_task.warp_task` does, with the garments that people come in.

    Args:
        name: key in :data:`vtonlib.data.lists.TASKS`, such as ``unpaired``.
        height: H; W is three quarters of it.
    """
    task, size = warp_task(name, height), (height, height * 3 // 4)
    root = wardrobe_set(size)
    worn = load_fields(root, "test", ["cloth.image"], size, read_list(root, name).samples)["cloth.image"]
    return SwapTask(**warp_fields(task), old_cloth=to_pictures(worn))


def warp_fields(task: WarpTask) -> dict[str, Any]:
    """What every warp task holds, by name; a list that knows more than that is made of it."""
    return {field.name: getattr(task, field.name) for field in fields(WarpTask)}
