"""What chapter 07 asks of a warp, and what it holds learned warps against."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import torch
from torch import Tensor

from vtonlib.data.layout import read_facts
from vtonlib.data.lists import read_list
from vtonlib.data.memory import load_fields
from vtonlib.data.views import FIELDS as VIEW_FIELDS
from vtonlib.data.views import Views, to_pictures
from vtonlib.data.wardrobe_set import wardrobe_set
from vtonlib.data.worn import GARMENT_OF
from vtonlib.geometry.affine import affine_grid, box_affine, mask_box
from vtonlib.geometry.folding import folded_share
from vtonlib.geometry.sampling import identity_grid, warp
from vtonlib.geometry.shape_context.fit import fit_shape_context
from vtonlib.metrics.average import average
from vtonlib.metrics.end_point_error import end_point_error, grid_to_pixels
from vtonlib.metrics.iou import mask_iou
from vtonlib.metrics.l1 import l1
from vtonlib.metrics.score import Score

LEAST_SEEN = 100
"""Pixels of a garment below which nothing is fitted to it: a long top may leave a belt of the trousers, or nothing."""


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
        correspondence: (N, H, W, 2) pixels of ``cloth`` for the pixels of ``truth``, NaN outside ``worn``.
        categories: ``top``, ``bottom`` or ``dress`` of each.
    """

    person: Views
    old: Tensor
    cloth: Tensor
    cloth_mask: Tensor
    truth: Tensor
    worn: Tensor
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
    truth = [f"{chosen.truth}.image", f"{chosen.truth}.correspondence"]
    loaded = load_fields(root, "test", list(dict.fromkeys(known + shop + truth)), size, chosen.samples)
    facts = [read_facts(root, "test", sample) for sample in chosen.samples]
    correspondence = loaded[truth[1]].float()
    return WarpTask(
        person=Views.inside(loaded, "person"),
        old=loaded["person.correspondence"].isfinite().all(3)[:, None].float(),
        cloth=to_pictures(loaded[f"{chosen.cloth}.image"]),
        cloth_mask=loaded[f"{chosen.cloth}.mask"][:, None].float(),
        truth=to_pictures(loaded[truth[0]]),
        worn=correspondence.isfinite().all(3)[:, None].float(),
        correspondence=correspondence,
        categories=tuple(entry["garments"][GARMENT_OF[chosen.truth]]["category"] for entry in facts),
    )


def judge_warp(grid: Tensor, task: WarpTask, rows: Tensor | None = None) -> dict[str, Score]:
    """How well a warp puts garments where they are really worn.

    Args:
        grid: (N, H, W, 2) in [-1, 1], for each person, or for each of ``rows``.
        task: the people.
        rows: numbers of those who count; None takes all.

    Returns:
        ``epe_px``, the end-point error in pixels; ``iou`` of the warped mask with the pixels where the garment is seen;
        ``l1`` of the warped picture there, between 0 and 1; ``folded``, the share of those pixels where the warp turns
        the cloth over.
    """
    rows = torch.arange(len(task.cloth)) if rows is None else rows
    worn, truth = task.worn[rows], task.correspondence[rows]
    size = f"{task.size[0]}x{task.size[1]}"
    warped = warp(task.cloth[rows], grid, "border")
    warped_mask = warp(task.cloth_mask[rows], grid, "zeros")
    return {
        "epe_px": end_point_error(grid_to_pixels(grid, task.size), truth),
        "iou": mask_iou(warped_mask, worn),
        "l1": l1(warped.clamp(-1, 1), task.truth[rows], worn),
        "folded": average(folded_share(grid, worn), f"share of worn pixels that are folded, {size}"),
    }


def change_nothing(task: WarpTask) -> Tensor:
    """The garment as the shop's picture has it: (N, H, W, 2)."""
    return identity_grid(task.size).expand(len(task.cloth), -1, -1, -1)


def old_box(task: WarpTask) -> Tensor:
    """Stretch the box of the garment over the box of the old one, all that can be known without a network."""
    return _where_seen(task, task.old, _by_box)


def true_box(task: WarpTask) -> Tensor:
    """Stretch the box of the garment over the box that it really fills: an oracle, for comparison."""
    return _where_seen(task, task.worn, _by_box)


def old_outline(task: WarpTask) -> Tensor:
    """Shape contexts from the garment's outline to that of the old garment on the person, as far as it is seen."""
    return _where_seen(task, task.old, _by_outline)


def true_outline(task: WarpTask) -> Tensor:
    """Shape contexts to the outline that the garment really has on the person: an oracle, for comparison."""
    return _where_seen(task, task.worn, _by_outline)


def _where_seen(task: WarpTask, target: Tensor, fit: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    """Fit each garment's mask to a target; where the target is hardly seen the garment stays as it is."""
    grid = change_nothing(task).clone()
    seen = target.flatten(1).sum(1) >= LEAST_SEEN
    grid[seen] = fit(task.cloth_mask[seen], target[seen])
    return grid


def _by_box(garments: Tensor, targets: Tensor) -> Tensor:
    return affine_grid(box_affine(mask_box(targets), mask_box(garments)), (garments.shape[2], garments.shape[3]))


def _by_outline(garments: Tensor, targets: Tensor) -> Tensor:
    pairs = zip(garments[:, 0].numpy(), targets[:, 0].numpy(), strict=True)
    return torch.cat([fit_shape_context(garment, target).grid() for garment, target in pairs])
