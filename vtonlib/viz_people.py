"""Pictures of people in figures: label maps in colour, masks laid over pictures, and joints."""

from __future__ import annotations

import io
from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import torch
from IPython.display import display
from matplotlib.figure import Figure
from PIL import Image
from torch import Tensor

from vtonlib import viz
from vtonlib.data.labels import LIP_PALETTE
from vtonlib.data.views import to_pictures
from vtonlib.errors import VtonError

PAPER = (244, 244, 244)
"""What the background of a label map is painted with: black, LIP's own colour, drowns the rest on white paper."""
NECK = (255, 170, 220)
"""LIP has no neck, so this colour is ours."""
PALETTE = (PAPER, *LIP_PALETTE[1:], NECK)
TINT = (217, 130, 43)


def paint(labels: Tensor, palette: Sequence[tuple[int, int, int]] = PALETTE) -> Tensor:
    """Labels as colours.

    Args:
        labels: (N, H, W) integers; by default LIP's numbers and 20 for the neck.
        palette: RGB in 0..255 of each number.

    Returns:
        (N, 3, H, W) float32 in [-1, 1].
    """
    colours = torch.tensor(palette, dtype=torch.uint8)
    return to_pictures(colours[labels.long().cpu()].permute(0, 3, 1, 2))


def tint(pictures: Tensor, mask: Tensor, colour: tuple[int, int, int] = TINT, strength: float = 0.65) -> Tensor:
    """Pictures with a mask laid over them.

    Args:
        pictures: (N, 3, H, W) in [-1, 1].
        mask: (N, 1, H, W) in [0, 1].
        colour: RGB in 0..255.
        strength: how much of the colour covers the picture where the mask is 1.
    """
    ink = torch.tensor(colour).view(1, 3, 1, 1) / 127.5 - 1
    cover = strength * mask
    return pictures * (1 - cover) + ink * cover


def grey(maps: Tensor) -> Tensor:
    """Maps (N, 1, H, W) or (N, H, W) in [0, 1] as pictures (N, 3, H, W) in [-1, 1], 1 in black on white paper."""
    maps = maps if maps.dim() == 4 else maps.unsqueeze(1)
    return (1 - 2 * maps.float()).expand(-1, 3, -1, -1)


def show(figure: Figure, alt: str) -> None:
    """Put a figure on the page as :func:`vtonlib.viz.show` does, with the colours of all labels kept as they are.

    A small palette drops rare colours, and a label with a changed colour is another label.

    Args:
        figure: the figure; it is closed.
        alt: what a reader who does not see it would be told; at least 20 characters.

    Raises:
        VtonError: if the alt text is too short to say anything.
    """
    if len(alt) < 20:
        raise VtonError(f"alt text {alt!r} is too short: say what is seen in 20 characters or more")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=viz.DPI)
    plt.close(figure)
    small = io.BytesIO()
    _few_colours(Image.open(buffer).convert("RGB")).save(small, format="png", optimize=True)
    display({"image/png": small.getvalue()}, raw=True, metadata={"image/png": {"alt": alt}})


def _few_colours(picture: Image.Image, colours: int = 192) -> Image.Image:
    """The picture with a palette in which white and the labels' colours are exact, and the rest are its commonest."""
    kept = [(255, 255, 255), *PALETTE]
    common = np.array(picture.quantize(colours - len(kept), dither=Image.Dither.NONE).getpalette()).reshape(-1, 3)
    palette = Image.new("P", (1, 1))
    palette.putpalette([int(channel) for colour in (*kept, *common) for channel in colour])
    reduced = picture.quantize(palette=palette, dither=Image.Dither.NONE)
    pixels, numbers = np.asarray(picture), np.array(reduced)
    for number, colour in enumerate(kept):  # Pillow's search for the nearest colour is not exact
        numbers[(pixels == colour).all(-1)] = number
    exact = Image.fromarray(numbers)
    exact.putpalette(reduced.getpalette() or [])
    return exact
