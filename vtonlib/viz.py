"""Figures of the book: one palette, one type size, opaque white paper, and alt text that cannot be forgotten."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import torch
from cycler import cycler
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image
from torch import Tensor

from vtonlib.errors import VtonError

INK = "#1b2a41"
BLUE = "#2f6fb2"
ORANGE = "#d9822b"
GREEN = "#3a8f6b"
RED = "#c2453e"
PURPLE = "#7a5ea8"
GREY = "#8d99a6"
CYCLE = (BLUE, ORANGE, GREEN, RED, PURPLE, GREY)
"""Told apart by brightness as well as by hue. Real things are blue, generated ones orange, truth green."""

WIDTH = 7.2
"""Width of a full figure in inches: with 10-point type it can still be read on a phone."""
DPI = 110

STYLE: dict[Any, Any] = {
    "figure.facecolor": "white",
    "figure.dpi": DPI,
    "savefig.facecolor": "white",
    "figure.constrained_layout.use": True,
    "axes.facecolor": "white",
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": cycler(color=CYCLE),
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.frameon": False,
    "legend.fontsize": 9.5,
    "lines.linewidth": 2.0,
    "text.color": INK,
    "font.size": 10,
    "font.family": "DejaVu Sans",
}


def use_style() -> None:
    """Let every later figure follow the book's style."""
    plt.rcParams.update(STYLE)


def show(figure: Figure, alt: str) -> None:
    """Put a figure on the page with its alt text, and close it.

    Args:
        figure: the figure.
        alt: what a reader who does not see it would be told; at least 20 characters.

    Raises:
        VtonError: if the alt text is too short to say anything.
    """
    if len(alt) < 20:
        raise VtonError(f"alt text {alt!r} is too short: say what is seen in 20 characters or more")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI)
    plt.close(figure)
    # 128 colours are enough for plots and grey pictures, and keep pages light.
    picture = Image.open(buffer).convert("RGB").quantize(128, dither=Image.Dither.NONE)
    small = io.BytesIO()
    picture.save(small, format="png", optimize=True)
    display({"image/png": small.getvalue()}, raw=True, metadata={"image/png": {"alt": alt}})


def tile(pictures: Tensor, columns: int, gap: int = 2) -> np.ndarray:
    """Lay pictures out in rows on white.

    Args:
        pictures: (N, C, H, W) in [-1, 1], C = 1 or 3.
        columns: pictures in a row.
        gap: white pixels between them.

    Returns:
        (rows, width, 3) uint8.
    """
    count, _, height, width = pictures.shape
    rows = -(-count // columns)
    page = torch.ones(3, rows * (height + gap) - gap, columns * (width + gap) - gap)
    for index, picture in enumerate(pictures.detach().float().cpu().clamp(-1, 1)):
        top, left = (index // columns) * (height + gap), (index % columns) * (width + gap)
        page[:, top : top + height, left : left + width] = picture
    array: np.ndarray = ((page + 1) * 127.5).round().byte().permute(1, 2, 0).numpy()
    return array


def show_pictures(axes: Axes, pictures: Tensor, columns: int, title: str | Sequence[str] = "") -> None:
    """Draw a grid of pictures (N, C, H, W) in [-1, 1] on axes without ticks or frame.

    Args:
        axes: where.
        pictures: what.
        columns: pictures in a row.
        title: one for the whole grid, or a short one for each column.
    """
    page = tile(pictures, columns)
    axes.imshow(page, interpolation="nearest")
    axes.set_axis_off()
    if isinstance(title, str):
        axes.set_title(title)
        return
    for column, name in enumerate(title):
        middle = (column + 0.5) * page.shape[1] / columns
        axes.text(middle, -2, name, ha="center", va="bottom", fontsize=8.5, fontweight="bold")


def picture_panels(panels: Sequence[tuple[str | Sequence[str], Tensor]], columns: int) -> Figure:
    """A figure with one titled grid of pictures below the other.

    Args:
        panels: (title, or one title for each column, or "" to stand close below the panel before; pictures
            (N, C, H, W) in [-1, 1]).
        columns: pictures in a row.
    """
    cell = WIDTH / columns
    rows = [-(-len(pictures) // columns) for _, pictures in panels]
    aspects = [pictures.shape[2] / pictures.shape[3] for _, pictures in panels]
    above = [0.3 if title else 0.06 for title, _ in panels]  # inches
    heights = [r * aspect * cell + space for r, aspect, space in zip(rows, aspects, above, strict=True)]
    figure, axes = plt.subplots(len(panels), 1, figsize=(WIDTH, sum(heights)), squeeze=False, height_ratios=heights)
    for axis, (title, pictures) in zip(axes[:, 0], panels, strict=True):
        show_pictures(axis, pictures, columns, title)
    return figure


def smooth(values: Sequence[float], window: int) -> np.ndarray:
    """A running mean over ``window`` values, shorter at the start; GAN losses are unreadable without it."""
    total = np.cumsum(np.concatenate([[0.0], np.asarray(values, dtype=float)]))
    ends = np.arange(1, len(values) + 1)
    starts = np.maximum(ends - window, 0)
    mean: np.ndarray = (total[ends] - total[starts]) / (ends - starts)
    return mean
