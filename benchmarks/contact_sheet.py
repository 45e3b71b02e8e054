"""Pictures of the wardrobe for its page: 48 people, and every field of one sample.

``python benchmarks/contact_sheet.py`` renders the first 48 samples of seed 0 and writes ``wardrobe_sheet.webp`` and
``wardrobe_fields.webp`` into ``book/_static``. Nobody picks the people: the sheet shows them as they come, and the
second figure takes the first sample that has something to show in every field.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from textwrap import wrap
from typing import Any

import matplotlib
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch
from PIL import Image
from scipy.ndimage import label

from vtonlib import viz
from vtonlib.data.keypoints import COCO
from vtonlib.data.labels import LIP_20, LIP_PALETTE
from vtonlib.data.sample import GARMENTS, VIEWS, Garment, Sample, View
from vtonlib.wardrobe.render import render_sample

FOLDER = Path(__file__).resolve().parent.parent / "book" / "_static"
SIZE = (256, 192)
SEED = 0
ROWS, COLUMNS, GUTTER = 6, 8, 4
WIDTH, HEIGHT, DPI = 5.0, 12.0, 220
"""Inches: narrower than the notebooks' figures, because this one must be read on a phone without scrolling.

The height is more than enough; what stays white is cut off."""
MARGIN, PANEL, GAP = 0.06, 1.15, 0.093
"""Inches: beside the four columns, of a column's width, and between two."""
BOLD: dict[str, Any] = {"fontsize": 8.6, "fontweight": "bold"}
LINE = 0.17
"""Inches from one line of text to the next."""
BONES = (
    ("neck", "nose"), ("nose", "right_eye"), ("right_eye", "right_ear"), ("nose", "left_eye"), ("left_eye", "left_ear"),
    *((a.format(side), b.format(side)) for side in ("right", "left") for a, b in (
        ("neck", "{}_shoulder"), ("{}_shoulder", "{}_elbow"), ("{}_elbow", "{}_wrist"), ("neck", "{}_hip"),
        ("{}_hip", "{}_knee"), ("{}_knee", "{}_ankle"))),
)  # fmt: skip
SQUARES = 9
"""How many squares of the colour code go across the in-shop garment."""
CORRESPONDENCE = """\
correspondence:
one colour is one
point of the cloth.

Grey where the
shop's picture
does not show it:
the back, or the
inside of a sleeve."""


def samples() -> Iterator[Sample]:
    """The training samples of the seed, one after the other."""
    return (render_sample(SEED, "train", index, SIZE) for index in count())


def sheet(people: list[Sample]) -> Image.Image:
    """The first view of each sample, in rows, with white gutters."""
    height, width = SIZE
    page = np.full((ROWS * (height + GUTTER) - GUTTER, COLUMNS * (width + GUTTER) - GUTTER, 3), 255, np.uint8)
    for number, sample in enumerate(people):
        top, left = number // COLUMNS * (height + GUTTER), number % COLUMNS * (width + GUTTER)
        page[top : top + height, left : left + width] = sample.person.image
    return Image.fromarray(page)


def inside(keypoints: np.ndarray) -> np.ndarray:
    """Which joints (18, 3) lie within the picture, (18,) bool."""
    x, y = keypoints[:, 0], keypoints[:, 1]
    return np.asarray((x >= 0) & (x < SIZE[1]) & (y >= 0) & (y < SIZE[0]))


def hides_a_joint(view: View) -> bool:
    """Whether a joint lies within the picture and something before it."""
    return bool((inside(view.keypoints) & (view.keypoints[:, 2] == 0)).any())


def shows_everything(sample: Sample) -> bool:
    """Whether every field has something to show, large: one garment sheer, collars, labels, a hidden joint."""
    garments = [sample.require(name) for name in GARMENTS]
    return bool(
        sample.person.framing == "half"
        and sum(garment.alpha.any() for garment in garments) == 1
        and all(garment.inner_collar.any() and garment.label_tag.any() for garment in garments)
        and any(hides_a_joint(sample.require(name)) for name in VIEWS[:2])
    )


def first_that_shows_everything(people: list[Sample], more: Iterator[Sample], limit: int = 300) -> Sample:
    """The first such sample of those at hand and, where they have none, of those that follow."""
    for sample in people:
        if shows_everything(sample):
            return sample
    for _, sample in zip(range(limit), more, strict=False):
        if shows_everything(sample):
            return sample
    raise SystemExit(f"none of {limit + len(people)} samples has every field; is anything sheer drawn at all?")


class Page:
    """A figure that is filled from top to bottom, in rows of four columns; all measures in inches."""

    def __init__(self) -> None:
        self.figure = plt.figure(figsize=(WIDTH, HEIGHT), layout="none")
        self.down = 0.05

    def heading(self, text: str) -> None:
        """A rule and the title of what follows."""
        y = 1 - self.down / HEIGHT
        self.figure.add_artist(plt.Line2D([MARGIN / WIDTH, 1 - MARGIN / WIDTH], [y, y], color=viz.INK, linewidth=0.9))
        self.write(0, self.down + 0.17, text, fontsize=11, fontweight="bold", color=viz.BLUE)
        self.down += 0.48

    def row(self, columns: int) -> list[Axes]:
        """Axes of a row of pictures; there is room above them for names, which :func:`panel` writes."""
        tall = PANEL * SIZE[0] / SIZE[1]
        self.down += tall
        bottom, size = 1 - self.down / HEIGHT, (PANEL / WIDTH, tall / HEIGHT)
        return [self.figure.add_axes((_across(column) / WIDTH, bottom, *size)) for column in range(columns)]

    def write(self, column: float, down: float, text: str, **style: Any) -> None:
        """Text whose left middle lies in a column, which may be broken, at a height."""
        self.figure.text(_across(column) / WIDTH, 1 - down / HEIGHT, text, **{"fontsize": 9, "va": "center"} | style)

    def key(self, column: float, down: float, colour: Any, text: str, ring: bool = False) -> None:
        """What a colour means: a disc of it, or a ring, and words."""
        face = "white" if ring else colour
        at = [(_across(column) + 0.06) / WIDTH], [1 - down / HEIGHT]
        disc = {"marker": "o", "markersize": 6, "color": face, "markeredgecolor": colour, "markeredgewidth": 1.3}
        self.figure.add_artist(plt.Line2D(*at, **disc))
        self.write(column + 0.17 / (PANEL + GAP), down, text)

    def paragraph(self, name: str, text: str, column: float, letters: int) -> None:
        """A field that is words: its name, and what it says in lines of so many letters from a column on."""
        lines = wrap(text, letters)
        self.write(0, self.down + LINE / 2, name, **BOLD)
        for line in lines:
            self.write(column, self.down + LINE / 2, line)
            self.down += LINE


def _across(column: float) -> float:
    return MARGIN + column * (PANEL + GAP)


def panel(axes: Axes, picture: np.ndarray, name: str) -> None:
    """A picture in a thin frame under its field's name."""
    axes.imshow(picture, interpolation="antialiased")
    axes.set(xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set(visible=True, linewidth=0.6, color=viz.GREY)
    axes.set_title(name, loc="left", pad=3, **BOLD)


def outline(axes: Axes, mask: np.ndarray, colour: str, width: float) -> None:
    """The edge of a mask."""
    axes.contour(mask.astype(float), levels=[0.5], colors=[colour], linewidths=width)


def faded(view: View, share: float = 0.72) -> np.ndarray:
    """A view's picture in pale grey, to draw on."""
    grey = np.repeat(view.image.mean(axis=2, keepdims=True), 3, axis=2)
    return np.asarray(255 * share + (1 - share) * grey).astype(np.uint8)


def neck_over(view: View) -> np.ndarray:
    """The mask of the neck over the faded picture."""
    picture = faded(view)
    picture[view.neck] = np.multiply(255, to_rgb(viz.RED))
    return picture


def draw_joints(axes: Axes, keypoints: np.ndarray) -> None:
    """Bones, filled discs for visible joints, rings for hidden ones; joints beyond the picture are left out."""
    drawn = inside(keypoints)
    for ends in BONES:
        a, b = (COCO[name] for name in ends)
        if drawn[a] and drawn[b]:
            axes.plot(keypoints[[a, b], 0], keypoints[[a, b], 1], color=viz.INK, linewidth=1.3, zorder=2)
    for x, y, visible in keypoints[drawn]:
        fill, edge = (viz.GREEN, "white") if visible else ("white", viz.RED)
        axes.plot(x, y, "o", markersize=5, color=fill, markeredgecolor=edge, markeredgewidth=1.2, zorder=3)


def colour_of(points: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    """A colour for each in-shop point (..., 2): hue from left to right, darker downwards, in squares."""
    left, top, right, bottom = box
    u, v = (points[..., 0] - left) / (right - left), (points[..., 1] - top) / (right - left)
    hue = LinearSegmentedColormap.from_list("hue", [viz.BLUE, viz.PURPLE, viz.RED, viz.ORANGE])(u)[..., :3]
    pale = (np.floor(u * SQUARES) + np.floor(v * SQUARES)) % 2 == 1
    deep = 1 - 0.45 * (v * (right - left) / (bottom - top)).clip(0, 1)
    return np.asarray(np.where(pale[..., None], 0.4 * hue + 0.6, hue) * deep[..., None])


def coded(garment: Garment) -> tuple[np.ndarray, tuple[float, float, float, float]]:
    """The in-shop picture with a colour for each of its points, and the box (x, y, x, y) that the colours span."""
    y, x = np.nonzero(garment.mask)
    box = (float(x.min()), float(y.min()), float(x.max()) + 1, float(y.max()) + 1)
    picture = np.full((*SIZE, 3), 255, np.uint8)
    picture[y, x] = 255 * colour_of(np.column_stack([x, y]).astype(float), box)
    return picture, box


def coded_view(view: View, box: tuple[float, float, float, float]) -> np.ndarray:
    """The faded picture with each pixel of the garment in the colour of its in-shop point."""
    picture = faded(view)
    known = ~np.isnan(view.correspondence[..., 0])
    picture[known] = 255 * colour_of(view.correspondence[known], box).clip(0, 1)
    return picture


def fields(sample: Sample) -> Image.Image:
    """One picture with every field of a sample."""
    page = Page()
    page.heading("Four views: two poses, two garments")
    for axis, name in zip(page.row(4), VIEWS, strict=True):
        panel(axis, sample.require(name).image, name)
    page.down += 0.14
    _garments(page, sample)
    _one_view(page, sample)
    _correspondence(page, sample)
    buffer = io.BytesIO()
    page.figure.savefig(buffer, format="png", dpi=DPI)
    whole = Image.open(buffer).convert("RGB")
    return whole.crop((0, 0, whole.width, round((page.down + 0.05) * DPI)))


def _garments(page: Page, sample: Sample) -> None:
    """In-shop pictures with their masks outlined, a collar close to, alpha, and what is said in words."""
    parts = (("mask", viz.INK, 0.8), ("inner_collar", viz.ORANGE, 1.3), ("label_tag", viz.BLUE, 1.3))
    page.heading("Both garments, as a shop shows them")
    axes = page.row(4)
    both = {name: sample.require(name) for name in GARMENTS}
    opaque, sheer = sorted(both, key=lambda name: float(both[name].alpha.max()))
    for axis, name in zip(axes[:3], (*both, opaque), strict=True):
        panel(axis, both[name].image, name if axis is not axes[2] else "collar, near")
        for field, colour, width in parts:
            outline(axis, getattr(both[name], field), colour, width + 0.7 * (axis is axes[2]))
    _close_up(axes[2], both[opaque])
    alpha = both[sheer].alpha
    violet = LinearSegmentedColormap.from_list("alpha", ["white", viz.PURPLE])
    panel(axes[3], (255 * violet(alpha / alpha.max())[..., :3]).astype(np.uint8), "alpha")
    y, x = np.nonzero(both[sheer].mask)
    chest = x.mean(), y.min() + 0.3 * np.ptp(y)
    axes[3].text(*chest, f"{alpha.max():.2f}", ha="center", va="center", color="white", **BOLD | {"fontsize": 11})
    for column, (field, colour, _) in enumerate(parts):
        page.key(column, page.down + 0.14, colour, field)
    page.key(3, page.down + 0.14, viz.PURPLE, "skin's share")
    page.down += 0.27
    for name, garment in both.items():
        page.paragraph(f"{name}.caption", garment.caption, 1.3, 52)
    page.down += 0.12


def _close_up(axes: Axes, garment: Garment) -> None:
    """Show the collar only: the inner side around the label."""
    y, x = np.nonzero(garment.label_tag)
    numbers, _ = label(garment.inner_collar | garment.label_tag)
    rows, columns = np.nonzero(numbers == numbers[y[0], x[0]])
    half = 0.62 * max(np.ptp(columns) + 1, 0.75 * (np.ptp(rows) + 1))
    across, down = (columns.min() + columns.max()) / 2, (rows.min() + rows.max()) / 2
    tall = half * SIZE[0] / SIZE[1]
    axes.set(xlim=(across - half, across + half), ylim=(down + tall, down - tall))


def _one_view(page: Page, sample: Sample) -> None:
    """The labels of the first view with a hidden joint, and what is known about the person."""
    name = next(name for name in VIEWS if hides_a_joint(sample.require(name)))
    view = sample.require(name)
    page.heading(f"What is known about a view, here {name}")
    down = page.down + 0.03
    axes = page.row(3)
    panel(axes[0], np.array(LIP_PALETTE, np.uint8)[view.parse], "parse")
    panel(axes[1], neck_over(view), "neck")
    panel(axes[2], faded(view), "keypoints")
    draw_joints(axes[2], view.keypoints)
    page.key(1, page.down + 0.14, viz.RED, "bare neck")
    page.key(2, page.down + 0.14, viz.GREEN, "seen")
    page.key(2.46, page.down + 0.14, viz.RED, "hidden", ring=True)
    by_size = sorted(np.unique(view.parse)[1:], key=lambda number: -int((view.parse == number).sum()))
    for number in by_size[:5]:
        page.key(3, down, np.array(LIP_PALETTE[number]) / 255, LIP_20[number].replace("_", " "))
        down += LINE
    facts = {"framing": view.framing, "turn_deg": f"{view.turn_deg:.0f}", "background_id": sample.background_id}
    for field, value in facts.items():
        down += LINE
        page.write(3, down, f"{field}: {value}", fontsize=8.6)
    page.key(3, down + LINE, np.array(sample.skin_rgb) / 255, "skin_rgb")
    page.down += 0.27
    words = (f"{key.replace('_', ' ')} {value:g}" if isinstance(value, float) else f"{key.replace('_', ' ')} {value}"
             for key, value in sample.attributes.items())  # fmt: skip
    page.paragraph("attributes", ", ".join(words), 0.72, 60)
    page.down += 0.12


def _correspondence(page: Page, sample: Sample) -> None:
    """The in-shop garment in a colour code, and the same colours where its points are worn."""
    page.heading("Where each point of the cloth went")
    top = page.down
    axes = page.row(3)
    shop, box = coded(sample.cloth)
    panel(axes[0], shop, "cloth")
    for axis, name in zip(axes[1:], VIEWS[:2], strict=True):
        panel(axis, coded_view(sample.require(name), box), name)
    _link(page.figure, axes[0], axes[1], sample.person)
    page.write(3, top - 0.03, CORRESPONDENCE, va="top", linespacing=1.4, fontsize=8.6)


def _link(figure: Figure, shop: Axes, worn: Axes, view: View) -> None:
    """Two arrows from points of the in-shop picture to where they are worn."""
    rows, columns = np.nonzero(~np.isnan(view.correspondence[..., 0]))
    for share in (0.3, 0.75):
        row = int(np.quantile(rows, share))
        column = int(np.median(columns[rows == row]))
        ends = {"xyA": view.correspondence[row, column], "xyB": (column, row)}
        style = {"color": viz.INK, "linewidth": 1.1, "arrowstyle": "-|>", "mutation_scale": 9}
        figure.add_artist(ConnectionPatch(**ends, coordsA="data", coordsB="data", axesA=shop, axesB=worn, **style))


def main() -> None:
    """Render and write both pictures."""
    matplotlib.use("agg")
    viz.use_style()
    more = samples()
    people = [next(more) for _ in range(ROWS * COLUMNS)]
    sheet(people).save(FOLDER / "wardrobe_sheet.webp", quality=85, method=6)
    fields(first_that_shows_everything(people, more)).save(FOLDER / "wardrobe_fields.webp", quality=88, method=6)
    for name in ("wardrobe_sheet", "wardrobe_fields"):
        path = FOLDER / f"{name}.webp"
        print(f"{path.name}: {Image.open(path).size}, {path.stat().st_size / 2**10:.0f} KiB")


if __name__ == "__main__":
    main()
