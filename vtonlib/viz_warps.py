"""Warps in figures: ruled cloth, maps of errors, and lines between matched points."""

from __future__ import annotations

import torch
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap
from numpy.typing import ArrayLike
from torch import Tensor

from vtonlib import viz
from vtonlib.viz_people import PAPER

RULES = ((47, 111, 178), (250, 214, 92))
"""Colours of ruled lines: the book's blue, and a yellow for blue cloth."""
FOLD = (194, 69, 62)
"""Colour of folds, the book's red."""
HEAT = LinearSegmentedColormap.from_list("heat", ["#fff7e8", viz.ORANGE, viz.RED, viz.INK])
"""Of errors: none is pale, and the largest is dark, so that the order survives without colour."""


def ruled(pictures: Tensor, mask: Tensor, every: int) -> Tensor:
    """Pictures with a square mesh drawn on the cloth, so that a warp of them shows how the cloth bends.

    Each picture takes that of :data:`RULES` which is farther from the mean colour of its cloth.

    Args:
        pictures: (N, 3, H, W) in [-1, 1].
        mask: (N, 1, H, W) in {0, 1}; lines are drawn inside.
        every: pixels from line to line.
    """
    height, width = pictures.shape[2:]
    lines = torch.zeros(1, 1, height, width)
    lines[:, :, every // 2 :: every] = 1
    lines[..., every // 2 :: every] = 1
    inks = torch.tensor(RULES) / 127.5 - 1  # (2, 3)
    cloth = (pictures * mask).sum((2, 3)) / mask.sum((2, 3)).clamp_min(1)
    ink = inks[torch.cdist(cloth, inks).argmax(1)][:, :, None, None]
    cover = lines * mask
    return pictures * (1 - cover) + ink * cover


def heat(values: Tensor, top: float) -> Tensor:
    """Maps of errors in colour.

    Args:
        values: (N, H, W), NaN where nothing is known, which is painted as paper.
        top: what is painted darkest; more is painted alike.

    Returns:
        (N, 3, H, W) float32 in [-1, 1].
    """
    known = values.isfinite()
    share = values.nan_to_num(0).div(top).clamp(0, 1)
    colours = torch.from_numpy(HEAT(share.cpu().numpy())[..., :3]).float() * 2 - 1
    paper = torch.tensor(PAPER) / 127.5 - 1
    return torch.where(known[..., None], colours, paper).permute(0, 3, 1, 2)


def connect(axes: Axes, start: ArrayLike, end: ArrayLike, colour: str = viz.GREY, width: float = 0.8) -> None:
    """Draw a line from each point (N, 2) to its partner (N, 2), x to the right and y as the axes have it."""
    first, second = (torch.as_tensor(points) for points in (start, end))
    segments = torch.stack([first, second], 1).numpy()
    axes.add_collection(LineCollection(list(segments), colors=colour, linewidths=width))
