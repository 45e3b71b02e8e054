"""The fixed lists with what the renderer knows of necks and collars: the truth that chapter 10 is measured against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from vtonlib.data.keypoints import COCO_18
from vtonlib.data.layout import read_facts
from vtonlib.data.lists import read_list
from vtonlib.data.memory import load_fields
from vtonlib.data.swap_task import warp_fields
from vtonlib.data.wardrobe_set import wardrobe_set
from vtonlib.data.warp_task import WarpTask, warp_task
from vtonlib.data.worn import GARMENT_OF

REACH = 5
"""Pixels, at 128 rows, round the old and the new throat in which necklines are compared."""

ASIDE, ABOVE, BELOW = 0.35, 0.4, 0.9
"""How far from the neck joint a neckline may lie, in distances of the shoulder joints."""


@dataclass(frozen=True, eq=False)
class CollarTask(WarpTask):
    """A fixed list with collars and necks.

    Attributes:
        inner: (N, 1, H, W) in {0, 1}, the inside of the new garment's collar in ``cloth``, its label included.
        label: (N, 1, H, W) in {0, 1}, the brand's label alone, a part of ``inner``.
        throat: (N, 1, H, W) in {0, 1}, bare neck and trunk in ``truth``.
        old_throat: (N, 1, H, W) in {0, 1}, bare neck and trunk in the person's picture, in the old garment.
        sheer: (N,) in [0, 1], the share of skin that shows through the new garment.
        materials: N names of what the new garments are made of.
    """

    inner: Tensor
    label: Tensor
    throat: Tensor
    old_throat: Tensor
    sheer: Tensor
    materials: tuple[str, ...]

    def only(self, rows: Sequence[int]) -> CollarTask:
        """The same list with these people only, in this order."""
        chosen = torch.tensor(list(rows), dtype=torch.long)
        own = {name: getattr(self, name)[chosen] for name in ("inner", "label", "throat", "old_throat", "sheer")}
        materials = tuple(self.materials[row] for row in rows)
        return CollarTask(**warp_fields(WarpTask(**warp_fields(self)).only(rows)), **own, materials=materials)

    def band(self) -> tuple[Tensor, Tensor]:
        """Where the old and the new neckline differ: masks (N, 1, H, W) in {0, 1}.

        Returns:
            ``closing``, where the new garment covers what the old one left bare; ``opening``, where it is the other
            way round. Both lie within :data:`REACH` pixels of bare skin, old or new, and between the shoulders, since
            a bare belly is bare trunk as well.
        """
        reach = max(1, round(REACH * self.size[0] / 128))
        either = torch.maximum(self.throat, self.old_throat)
        near = F.max_pool2d(either, 2 * reach + 1, stride=1, padding=reach)
        near = near * _between_shoulders(self.person.require("keypoints"), self.size)
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
        **warp_fields(warp_task(name, height)),
        inner=torch.maximum(inner, tag),
        label=tag,
        throat=throat,
        old_throat=old_throat,
        sheer=torch.tensor([float(known.get("sheer", 0)) for known in attributes]),
        materials=tuple(known["material"] for known in attributes),
    )


def _between_shoulders(keypoints: Tensor, size: tuple[int, int]) -> Tensor:
    """The box round each neck joint in which a neckline lies: (N, 1, H, W) in {0, 1}.

    Args:
        keypoints: (N, 18, 3), see :mod:`vtonlib.data.keypoints`.
        size: (H, W).
    """
    neck, right, left = (keypoints[:, COCO_18.index(name), :2] for name in ("neck", "right_shoulder", "left_shoulder"))
    unit = (right - left).square().sum(1).sqrt().view(-1, 1, 1)
    rows, columns = (torch.arange(count) for count in size)
    down = rows.view(1, -1, 1) - neck[:, 1].view(-1, 1, 1)
    aside = (columns.view(1, 1, -1) - neck[:, 0].view(-1, 1, 1)).abs()
    inside = (aside <= ASIDE * unit) & (down >= -ABOVE * unit) & (down <= BELOW * unit)
    return inside[:, None].float()
