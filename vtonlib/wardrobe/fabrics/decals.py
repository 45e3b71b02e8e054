"""What is printed on a chest: an emblem, or words set in one or two lines."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from vtonlib.wardrobe.fabrics.motifs import MOTIFS, SIDE, Sheet
from vtonlib.wardrobe.fabrics.spec import DECAL, Array

WORDS: tuple[tuple[str, ...], ...] = (
    ("PARIS",), ("NORTH",), ("1987",), ("OCEAN",), ("STUDIO",), ("TOKYO",), ("ROMA",), ("LISBOA",), ("AMOUR",),
    ("HELLO",), ("SUNDAY",), ("SUMMIT",), ("RIVER",), ("SMILE",), ("BONJOUR",), ("DREAM",), ("1992",), ("72",),
    ("COAST",), ("ISLAND",), ("SLOW", "DOWN"), ("GOOD", "DAYS"), ("SINCE", "1984"), ("CITY", "CLUB"),
    ("NORTH", "COAST"), ("SEA", "SIDE"), ("ROWING", "CLUB"), ("ART", "SCHOOL"), ("NEW", "WAVE"), ("EAST", "END"),
    ("LAKE", "HOUSE"), ("TENNIS", "1979"), ("OPEN", "WATER"), ("WILD", "FOREST"),
)  # fmt: skip
_FACES = ("DejaVuSans-Bold", "DejaVuSans-Bold", "DejaVuSerif-Bold", "DejaVuSans-BoldOblique", "DejaVuSansMono-Bold")


@lru_cache(maxsize=32)
def _font(face: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"{face}.ttf"), size)


def decal(rng: np.random.Generator, graphic: str, inks: Array, small: bool) -> Array:
    """An emblem or a few letters, filling most of the square's width.

    Args:
        rng: what is shown, and how it is set.
        graphic: ``logo`` or ``letters``.
        inks: (2, 3) sRGB in [0, 1].
        small: for a chest print; one short line, no outline.

    Returns:
        (192, 192, 4) sRGB and alpha in [0, 1], not premultiplied; clear pixels carry an ink, so none darken an edge.
    """
    sheet = Sheet()
    if graphic == "logo":
        MOTIFS[rng.integers(len(MOTIFS))](sheet, rng)
    else:
        _letters(sheet, rng, small)
    rgba = np.empty((DECAL, DECAL, 4), np.float32)
    rgba[..., :3], rgba[..., 3] = inks[0], 0
    for ink, layer in sheet.layers:
        cover = np.asarray(layer.reduce(SIDE // DECAL), np.float32) / 255
        if ink == 2:  # the cloth shows
            rgba[..., 3] *= 1 - cover
            continue
        alpha = rgba[..., 3] + cover * (1 - rgba[..., 3])
        share = (cover / np.maximum(alpha, 1e-6))[..., None]
        rgba[..., :3] += (inks[ink] - rgba[..., :3]) * share
        rgba[..., 3] = alpha
    return rgba


def _letters(sheet: Sheet, rng: np.random.Generator, small: bool) -> None:
    words = [lines for lines in WORDS if not small or (len(lines) == 1 and len(lines[0]) <= 5)]
    lines = words[rng.integers(len(words))]
    face = _FACES[rng.integers(len(_FACES))]
    style = "plain" if small else ("plain", "plain", "outline", "bars", "arch", "boxed")[rng.integers(6)]
    if style == "boxed":
        sheet.paint(0).bar(-0.97, -0.34 * len(lines), 0.97, 0.34 * len(lines))
    width = 0.82 * SIDE if style == "boxed" else 0.92 * SIDE
    sizes = [_fitted(face, line, width, 0.34 * SIDE if style != "arch" else 0.26 * SIDE) for line in lines]
    gap = 0.07 * SIDE
    tall = sum(size * 0.73 for size in sizes) + gap * (len(lines) - 1)
    middle = SIDE / 2 - tall / 2
    front = sheet.paint(2 if style == "boxed" else 0)
    under = sheet.paint(1) if style == "outline" else None
    if under:
        sheet.layers.reverse()
    for line, size in zip(lines, sizes, strict=True):
        place = (SIDE / 2, middle + size * 0.73)
        front.draw.text(place, line, fill=255, font=_font(face, size), anchor="ms")
        if under:
            under.draw.text(place, line, fill=255, font=_font(face, size), anchor="ms", stroke_width=9)
        middle += size * 0.73 + gap
    if style == "bars":
        pen = sheet.paint(1)
        for side in (-1, 1):
            y = side * (tall / SIDE + 0.14)
            pen.bar(-0.9, y - 0.035, 0.9, y + 0.035)
    if style == "arch":
        sheet.layers[-1] = (0, _arched(front.mask))


def _fitted(face: str, line: str, width: float, tallest: float) -> int:
    """The font size at which a line is as wide as `width`, or its capitals as tall as `tallest`, in pixels."""
    length = ImageDraw.Draw(Image.new("L", (1, 1))).textlength(line, font=_font(face, 100))
    return round(min(100 * width / length, tallest / 0.73))


def _arched(mask: Image.Image) -> Image.Image:
    """The mask with its columns lowered towards both ends, as on college shirts."""
    pixels = np.asarray(mask)
    x = (np.arange(SIDE) + 0.5) / SIDE * 2 - 1
    drop = np.round(0.13 * SIDE * (x**2 - 0.4)).astype(int)
    rows = (np.arange(SIDE)[:, None] - drop[None]) % SIDE
    return Image.fromarray(pixels[rows, np.arange(SIDE)[None]])
