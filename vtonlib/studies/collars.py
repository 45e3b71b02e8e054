"""The figures of chapter 10 that are about necks: collars on throats, and old necklines that come back."""

from __future__ import annotations

from torch import Tensor

from vtonlib.data.collar_task import CollarTask
from vtonlib.geometry.sampling import warp
from vtonlib.metrics.score import Score


def inside_on_throat(task: CollarTask, grids: Tensor) -> Tensor:
    """Where the inside of a collar lies on a throat, if garments are warped whole: (N, 1, H, W) in {0, 1}.

    Args:
        task: the list.
        grids: (N, H, W, 2), of a matcher or of outlines.
    """
    return (warp(task.inner, grids) > 0.5).float() * task.throat


def necklines_right(region: Tensor, task: CollarTask) -> dict[str, Score]:
    """The share of the pixels between both necklines that a predicted garment mask has right, 0.5 by chance.

    A mask that repeats the old neckline has none of them right.

    Args:
        region: (N, 1, H, W), above 0.5 where the new garment is said to be.
        task: the list, such as ``neckline_change``.

    Returns:
        ``closing``, where cloth is to cover what was bare; ``opening``, where skin is to show; ``both``, their mean.
    """
    closing, opening = task.band()
    worn = (region > 0.5).float()
    shares = {
        "closing": float((closing * worn).sum() / closing.sum()),
        "opening": float((opening * (1 - worn)).sum() / opening.sum()),
    }
    settings = f"share of pixels between both necklines, {len(worn)} people, {task.size[0]}x{task.size[1]}"
    shares["both"] = (shares["closing"] + shares["opening"]) / 2
    return {name: Score(value, settings) for name, value in shares.items()}
