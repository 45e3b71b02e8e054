"""How well a warp puts garments where they are really worn."""

from __future__ import annotations

import torch
from torch import Tensor

from vtonlib.data.warp_task import WarpTask
from vtonlib.geometry.folding import folded_share
from vtonlib.geometry.sampling import to_pixels, warp
from vtonlib.metrics.average import average
from vtonlib.metrics.end_point_error import end_point_error
from vtonlib.metrics.iou import mask_iou
from vtonlib.metrics.l1 import l1
from vtonlib.metrics.score import Score


def judge_warp(grid: Tensor, task: WarpTask, rows: Tensor | None = None) -> dict[str, Score]:
    """How well a warp puts garments where they are really worn.

    Args:
        grid: (N, H, W, 2) in [-1, 1], for each person, or for each of ``rows``.
        task: the people.
        rows: numbers of those who count; None takes all.

    Returns:
        ``epe_px``, the end-point error in pixels; ``iou`` of the warped mask with the pixels where the garment is seen,
        over the pixels of ``task.judged``, for cloth that goes on behind an arm is not misplaced; ``l1`` of the warped
        picture where the garment is seen, between 0 and 1; ``folded``, the share of those pixels where the warp turns
        the cloth over.
    """
    rows = torch.arange(len(task.cloth)) if rows is None else rows
    worn, truth = task.worn[rows], task.correspondence[rows]
    size = f"{task.size[0]}x{task.size[1]}"
    warped = warp(task.cloth[rows], grid, "border")
    warped_mask = warp(task.cloth_mask[rows], grid, "zeros") * task.judged[rows]
    overlap = mask_iou(warped_mask, worn)
    return {
        "epe_px": end_point_error(to_pixels(grid, task.size), truth),
        "iou": Score(overlap.value, f"{overlap.settings}, without what may lie in front"),
        "l1": l1(warped.clamp(-1, 1), task.truth[rows], worn),
        "folded": average(folded_share(grid, worn), f"share of worn pixels that are folded, {size}"),
    }
