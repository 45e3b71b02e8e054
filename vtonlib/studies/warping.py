"""What chapter 07 holds learned warps against: boxes, outlines, and doing nothing."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from vtonlib.data.outline_warps import LEAST_SEEN, fit_outlines
from vtonlib.data.warp_task import WarpTask
from vtonlib.geometry.affine import affine_grid, box_affine, mask_box
from vtonlib.geometry.sampling import identity_grid


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
    seen = target.flatten(1).mean(1) >= LEAST_SEEN
    if seen.any():
        grid[seen] = fit(task.cloth_mask[seen], target[seen])
    return grid


def _by_box(garments: Tensor, targets: Tensor) -> Tensor:
    return affine_grid(box_affine(mask_box(targets), mask_box(garments)), (garments.shape[2], garments.shape[3]))


def _by_outline(garments: Tensor, targets: Tensor) -> Tensor:
    return fit_outlines(garments[:, 0], targets[:, 0])
