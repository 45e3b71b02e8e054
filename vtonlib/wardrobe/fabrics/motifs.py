"""The logos: simple emblems in one to three inks, drawn large and reduced."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

from vtonlib.wardrobe.fabrics.spec import DECAL

SIDE = 3 * DECAL
"""Pixels along a motif while it is drawn."""

Point = tuple[float, float]


class Sheet:
    """One mask per ink, painted in order; coordinates run from -1 to 1, y downwards."""

    def __init__(self) -> None:
        self.layers: list[tuple[int, Image.Image]] = []

    def paint(self, ink: int) -> Pen:
        """Start a layer: ink 0 or 1, or 2 for the cloth itself showing through."""
        mask = Image.new("L", (SIDE, SIDE), 0)
        self.layers.append((ink, mask))
        return Pen(mask)


class Pen:
    """Draws on one mask in coordinates from -1 to 1."""

    def __init__(self, mask: Image.Image) -> None:
        self.mask = mask
        self.draw = ImageDraw.Draw(mask)

    def polygon(self, points: list[Point] | np.ndarray, fill: int = 255) -> None:
        """Fill the polygon through the points."""
        self.draw.polygon([((x + 1) * SIDE / 2, (y + 1) * SIDE / 2) for x, y in points], fill=fill)

    def disc(self, x: float, y: float, radius: float, fill: int = 255) -> None:
        """Fill a disc."""
        box = [(v + 1) * SIDE / 2 for v in (x - radius, y - radius, x + radius, y + radius)]
        self.draw.ellipse(box, fill=fill)

    def ring(self, x: float, y: float, radius: float, width: float) -> None:
        """Fill a ring whose outer radius is given."""
        self.disc(x, y, radius)
        self.disc(x, y, radius - width, fill=0)

    def bar(self, left: float, top: float, right: float, bottom: float, fill: int = 255) -> None:
        """Fill a rectangle."""
        self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], fill)


def _round(count: int, radii: tuple[float, ...], turn: float = -np.pi / 2) -> list[Point]:
    angles = turn + 2 * np.pi * np.arange(count) / count
    reach = np.resize(radii, count)
    return [(float(x), float(y)) for x, y in zip(reach * np.cos(angles), reach * np.sin(angles), strict=True)]


def _roundel(sheet: Sheet, rng: np.random.Generator) -> None:
    sheet.paint(0).ring(0, 0, 0.85, 0.2)
    sheet.paint(1).bar(-0.98, -0.14, 0.98, 0.14)


def _mountains(sheet: Sheet, rng: np.random.Generator) -> None:
    sheet.paint(1).disc(0.28, -0.35, 0.3)
    sheet.paint(2).polygon([(-0.99, 0.62), (-0.28, -0.6), (0.1, 0.0), (0.42, -0.28), (1.02, 0.62)])
    sheet.paint(0).polygon([(-0.95, 0.58), (-0.28, -0.52), (0.1, 0.1), (0.42, -0.2), (0.95, 0.58)])
    sheet.paint(2).polygon(
        [(-0.28, -0.52), (-0.5, -0.16), (-0.36, -0.22), (-0.27, -0.06), (-0.17, -0.2), (-0.06, -0.16)]
    )


def _anchor(sheet: Sheet, rng: np.random.Generator) -> None:
    arc = np.linspace(0.12 * np.pi, 0.88 * np.pi, 40)
    outer = np.stack([0.7 * np.cos(arc), 0.05 + 0.75 * np.sin(arc)], 1)
    inner = np.stack([0.55 * np.cos(arc[::-1]), 0.08 + 0.52 * np.sin(arc[::-1])], 1)
    pen = sheet.paint(0)
    pen.ring(0, -0.66, 0.2, 0.09)
    pen.bar(-0.075, -0.5, 0.075, 0.75)
    pen.bar(-0.36, -0.34, 0.36, -0.2)
    pen.polygon(np.concatenate([outer, inner]))
    for side in (-1, 1):
        pen.polygon([(side * 0.5, 0.24), (side * 0.8, 0.02), (side * 0.84, 0.42)])


def _star(sheet: Sheet, rng: np.random.Generator) -> None:
    if rng.random() < 0.5:
        sheet.paint(1).disc(0, 0, 0.92)
        sheet.paint(0).polygon(_round(10, (0.78, 0.31)))
    else:
        sheet.paint(0).polygon(_round(10, (0.95, 0.37)))
        sheet.paint(1).polygon(_round(10, (0.52, 0.2)))


def _waves(sheet: Sheet, rng: np.random.Generator) -> None:
    x = np.linspace(-1, 1, 80)
    for row, ink in enumerate((0, 1, 0)):
        y = -0.42 + 0.4 * row + 0.11 * np.sin(3 * np.pi * x + 0.8 * row)
        line = np.stack([x * 0.93, y], 1)
        sheet.paint(ink).polygon(np.concatenate([line, line[::-1] + np.array([0, 0.2])]))


def _badge(sheet: Sheet, rng: np.random.Generator) -> None:
    t = np.linspace(0, 1, 30)
    side = np.stack([0.7 * (1 - t**2.2), -0.1 + 0.95 * t], 1)
    shield = np.concatenate([[(-0.7, -0.8), (0.7, -0.8)], side, side[::-1] * (-1, 1)])
    sheet.paint(0).polygon(shield)
    pen = sheet.paint(1)
    pen.polygon(shield * 0.86)
    for left in (-0.42, 0.14):
        pen.bar(left, -1, left + 0.28, 1, fill=0)
    sheet.paint(0).bar(-0.7, -0.42, 0.7, -0.12)


def _abstract(sheet: Sheet, rng: np.random.Generator) -> None:
    order = rng.permutation(4)
    for place, kind in zip(((-0.46, -0.46), (0.46, -0.46), (-0.46, 0.46), (0.46, 0.46)), order, strict=True):
        x, y = place
        pen = sheet.paint(int(rng.integers(2)))
        if kind == 0:
            pen.disc(x, y, 0.43)
        elif kind == 1:
            pen.disc(x, y - 0.43, 0.86)
            pen.bar(-1, -1, 1, y - 0.43, fill=0)
            pen.bar(-1, -1, x - 0.43, 1, fill=0)
            pen.bar(x + 0.43, -1, 1, 1, fill=0)
        elif kind == 2:
            pen.bar(x - 0.43, y - 0.43, x + 0.43, y + 0.43)
            pen.disc(x, y, 0.24, fill=0)
        else:
            pen.polygon([(x - 0.43, y + 0.43), (x + 0.43, y + 0.43), (x + 0.43, y - 0.43)])


def _flower(sheet: Sheet, rng: np.random.Generator) -> None:
    petals = int(rng.integers(5, 9))
    pen = sheet.paint(0)
    reach = 0.34 if petals < 7 else 0.28
    for x, y in _round(petals, (0.58,)):
        pen.disc(x, y, reach)
    pen.disc(0, 0, 0.5)
    sheet.paint(1).disc(0, 0, 0.27)


def _heart(sheet: Sheet, rng: np.random.Generator) -> None:
    t = np.linspace(0, 2 * np.pi, 120)
    x = 16 * np.sin(t) ** 3
    y = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t))
    sheet.paint(0).polygon(np.stack([x / 18.5, (y - 2.5) / 18.5], 1))


def _sunset(sheet: Sheet, rng: np.random.Generator) -> None:
    pen = sheet.paint(1)
    pen.disc(0, -0.05, 0.82)
    for k, thickness in enumerate((0.04, 0.06, 0.09, 0.13)):
        top = -0.02 + 0.2 * k
        pen.bar(-1, top, 1, top + thickness, fill=0)
    sheet.paint(0).bar(-0.95, 0.82, 0.95, 0.92)


def _pines(sheet: Sheet, rng: np.random.Generator) -> None:
    for x, size, ink in ((-0.55, 0.8, 1), (0.55, 0.8, 1), (0.0, 1.0, 0)):
        pen = sheet.paint(ink)
        for k in range(3):
            top, wide = 0.75 - size * (0.62 + 0.4 * k), size * (0.5 - 0.1 * k)
            pen.polygon([(x, top - 0.12), (x + wide, top + 0.5 * size), (x - wide, top + 0.5 * size)])
        pen.bar(x - 0.06, 0.6, x + 0.06, 0.85)


MOTIFS: tuple[Callable[[Sheet, np.random.Generator], None], ...] = (
    _roundel, _mountains, _anchor, _star, _waves, _badge, _abstract, _flower, _heart, _sunset, _pines,
)  # fmt: skip
