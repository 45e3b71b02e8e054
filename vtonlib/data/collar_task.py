"""The fixed lists with what the renderer knows of necks and collars: the truth that chapter 10 is measured against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from vtonlib.data.layout import read_facts
from vtonlib.data.lists import read_list
from vtonlib.data.memory import load_fields
from vtonlib.data.wardrobe_set import wardrobe_set
from vtonlib.data.warp_task import WarpTask, warp_task
from vtonlib.data.worn import GARMENT_OF

REACH = 5
"""Pixels, at 128 rows, round the old and the new throat in which necklines are compared."""


@dataclass(frozen=True, eq=False)
class CollarTask(WarpTask):
    """A fixed list with collars and necks.

    Attributes:
        inner: (N, 1, H, W) in {0, 1}, the inside of the new garment's collar in ``cloth``, its label included.
        throat: (N, 1, H, W) in {0, 1}, bare neck in ``truth``.
        old_throat: (N, 1, H, W) in {0, 1}, bare neck in the person's picture, in the old garment.
        sheer: (N,) in [0, 1], the share of skin that shows through the new garment.
    """

    inner: Tensor
    throat: Tensor
    old_throat: Tensor
    sheer: Tensor

    def only(self, rows: Sequence[int]) -> CollarTask:
        """The same list with these people only, in this order."""
        chosen = torch.tensor(list(rows), dtype=torch.long)
        own = {name: getattr(self, name)[chosen] for name in ("inner", "throat", "old_throat", "sheer")}
        return CollarTask(**_base(WarpTask(**_base(self)).only(rows)), **own)

    def band(self) -> tuple[Tensor, Tensor]:
        """Where the old and the new neckline differ: masks (N, 1, H, W) in {0, 1}.

        Returns:
            ``closing``, where the new garment covers what the old one left bare; ``opening``, where it is the other
            way round. Both lie within :data:`REACH` pixels of a bare neck, old or new.
        """
        reach = max(1, round(REACH * self.size[0] / 128))
        either = torch.maximum(self.throat, self.old_throat)
        near = F.max_pool2d(either, 2 * reach + 1, stride=1, padding=reach)
        return near * self.worn * (1 - self.old), near * self.old * (1 - self.worn)


def collar_task(name: str, height: int) -> CollarTask:
    """Load a fixed list, as :func:`vtonlib.data.warp_task.warp_task` does, with collars and necks.

    Args:
        name: key in :data:`vtonlib.data.lists.TASKS`, such as ``neckline_change``.
        height: H; W is three quarters of it.
    """
    size = (height, height * 3 // 4)
    root = wardrobe_set(size)
    chosen = read_list(root, name)
    wanted = [f"{chosen.cloth}.inner_collar", f"{chosen.cloth}.label_tag", f"{chosen.truth}.neck", "person.neck"]
    loaded = load_fields(root, "test", list(dict.fromkeys(wanted)), size, chosen.samples)
    inner, tag, throat, old_throat = (loaded[field][:, None].float() for field in wanted)
    garment = GARMENT_OF[chosen.truth]
    attributes = [read_facts(root, "test", sample)["garments"][garment]["attributes"] for sample in chosen.samples]
    return CollarTask(
        **_base(warp_task(name, height)),
        inner=torch.maximum(inner, tag),
        throat=throat,
        old_throat=old_throat,
        sheer=torch.tensor([float(known.get("sheer", 0)) for known in attributes]),
    )


def _base(task: WarpTask) -> dict[str, Any]:
    return {field.name: getattr(task, field.name) for field in fields(WarpTask)}
