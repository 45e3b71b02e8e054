"""How close a try-on comes to the person really wearing the garment."""

from __future__ import annotations

import torch
from torch import Tensor

from vtonlib.data.warp_task import WarpTask
from vtonlib.metrics.l1 import l1
from vtonlib.metrics.score import Score
from vtonlib.metrics.ssim import ssim


def judge_try_on(result: Tensor, task: WarpTask, rows: Tensor | None = None) -> dict[str, Score]:
    """How close try-on results come to the true pictures.

    The person's face, trousers and background are the same before and after, so a figure over the whole picture
    flatters whoever leaves it alone. The masked ones look where the new garment is seen in the true picture; the
    changed ones also where the old garment was, which may now be arm, trousers or wall.

    Args:
        result: (N, 3, H, W) in [-1, 1], for each person, or for each of ``rows``.
        task: the people, with their true pictures.
        rows: numbers of those who count; None takes all.

    Returns:
        ``ssim`` of the whole picture; ``ssim_masked`` and ``l1_masked`` inside the new garment; ``ssim_changed`` and
        ``l1_changed`` inside the new or the old one.
    """
    rows = torch.arange(len(task.cloth)) if rows is None else rows
    truth, worn = task.truth[rows], task.worn[rows]
    changed = torch.maximum(worn, task.old[rows])
    return {
        "ssim": ssim(result, truth),
        "ssim_masked": ssim(result, truth, worn),
        "l1_masked": l1(result, truth, worn),
        "ssim_changed": ssim(result, truth, changed),
        "l1_changed": l1(result, truth, changed),
    }
