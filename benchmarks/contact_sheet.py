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

import matplotlib
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch, Rectangle
from PIL import Image

from vtonlib import viz
from vtonlib.data.keypoints import COCO
from vtonlib.data.labels import LIP_20, LIP_PALETTE
from vtonlib.data.sample import VIEWS, Garment, Sample, View
from vtonlib.wardrobe.render import render_sample

FOLDER = Path(__file__).resolve().parent.parent / "book" / "_static"
SIZE = (256, 192)
SEED = 0
ROWS, COLUMNS, GUTTER = 6, 8, 4
WIDTH, DPI = 5.6, 200
"""Inches: narrower than the notebooks' figures, because this one must be read on a phone without scrolling."""
BONES = (
    ("neck", "nose"), ("nose", "right_eye"), ("right_eye", "right_ear"), ("nose", "left_eye"), ("left_eye", "left_ear"),
    *((a.format(side), b.format(side)) for side in ("right", "left") for a, b in (
        ("neck", "{}_shoulder"), ("{}_shoulder", "{}_elbow"), ("{}_elbow", "{}_wrist"), ("neck", "{}_hip"),
        ("{}_hip", "{}_knee"), ("{}_knee", "{}_ankle"))),
)  # fmt: skip
CELLS = 9
"""Squares across the in-shop picture's grid of colours."""


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


def shows_everything(sample: Sample) -> bool:
    """Whether every field has something to show, large: a sheer garment beside an opaque one, collars, a hidden joint."""
    garments = sample.cloth, sample.require("other_cloth")
    x, y, visible = sample.person.keypoints.T
    hidden = (visible == 0) & (x >= 0) & (x < SIZE[1]) & (y >= 0) & (y < SIZE[0])
    return bool(
        sample.person.framing == "half"
        and sum(g.alpha.any() for g in garments) == 1
        and all(g.inner_collar.any() and g.label_tag.any() for g in garments)
        and hidden.any()
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


def panel(axes: Axes, picture: np.ndarray, name: str) -> None:
    """A picture in a thin frame under its field's name."""
    axes.imshow(picture, interpolation="antialiased")
    axes.set(xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set(visible=True, linewidth=0.6, color=viz.GREY)
    axes.set_title(name, fontsize=10, fontweight="bold", loc="left", pad=3)


def outline(axes: Axes, mask: np.ndarray, colour: str, width: float) -> None:
    """The edge of a mask."""
    axes.contour(mask.astype(float), levels=[0.5], colors=[colour], linewidths=width)


def faded(view: View, share: float = 0.72) -> np.ndarray:
    """A view's picture in pale grey, to draw on."""
    grey = np.repeat(view.image.mean(axis=2, keepdims=True), 3, axis=2)
    return np.asarray(255 * share + (1 - share) * grey).astype(np.uint8)


def parse_and_neck(view: View) -> np.ndarray:
    """LIP's labels in LIP's own colours."""
    return np.array(LIP_PALETTE, np.uint8)[view.parse]


def neck_over(view: View) -> np.ndarray:
    """The mask of the neck over the faded picture."""
    picture = faded(view)
    picture[view.neck] = np.multiply(255, to_rgb(viz.RED))
    return picture


def draw_joints(axes: Axes, keypoints: np.ndarray) -> None:
    """Bones, filled discs for visible joints, rings for hidden ones; joints beyond the picture are left out."""
    inside = (keypoints[:, 0] >= 0) & (keypoints[:, 0] < SIZE[1]) & (keypoints[:, 1] >= 0) & (keypoints[:, 1] < SIZE[0])
    for ends in BONES:
        a, b = (COCO[name] for name in ends)
        if inside[a] and inside[b]:
            axes.plot(keypoints[[a, b], 0], keypoints[[a, b], 1], color=viz.INK, linewidth=1.4, zorder=2)
    for x, y, visible in keypoints[inside]:
        fill, edge = (viz.GREEN, "white") if visible else ("white", viz.RED)
        axes.plot(x, y, "o", markersize=5.4, color=fill, markeredgecolor=edge, markeredgewidth=1.3, zorder=3)


def colour_of(points: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    """A colour for each in-shop point (..., 2): one at each corner of the box, mixed between, chequered."""
    left, top, right, bottom = box
    u, v = (points[..., 0] - left) / (right - left), (points[..., 1] - top) / (bottom - top)
    corners = [np.array(to_rgb(colour)) for colour in (viz.BLUE, viz.ORANGE, viz.GREEN, viz.RED)]
    weights = ((1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v)
    colour = sum(weight[..., None] * corner for weight, corner in zip(weights, corners, strict=True))
    light = (np.floor(u * CELLS) + np.floor(v * CELLS * (bottom - top) / (right - left))) % 2 == 1
    return np.where(light[..., None], 0.45 * colour + 0.55, colour)


def coded(garment: Garment) -> tuple[np.ndarray, tuple[float, float, float, float]]:
    """The in-shop picture with a colour for each of its points, and the box that the colours span."""
    y, x = np.nonzero(garment.mask)
    box = (float(x.min()), float(y.min()), float(x.max()) + 1, float(y.max()) + 1)
    picture = np.ones((*SIZE, 3))
    picture[y, x] = colour_of(np.column_stack([x, y]).astype(float), box)
    return (255 * picture).astype(np.uint8), box


def coded_view(view: View, box: tuple[float, float, float, float]) -> np.ndarray:
    """The faded picture with each pixel of the garment in the colour of its in-shop point."""
    picture = faded(view)
    known = ~np.isnan(view.correspondence[..., 0])
    picture[known] = (255 * colour_of(view.correspondence[known], box).clip(0, 1)).astype(np.uint8)
    return picture


def heading(figure: Figure, y: float, text: str) -> None:
    """The title of a row with a rule above it; ``y`` in the figure's height."""
    figure.add_artist(plt.Line2D([0.02, 0.98], [y + 0.0215, y + 0.0215], color=viz.INK, linewidth=0.8))
    figure.text(0.02, y, text, fontsize=11.5, fontweight="bold", color=viz.BLUE)


def fields(sample: Sample) -> Figure:
    """One figure with every field of a sample."""
    sheer = sample.require("other_cloth")
    opaque = sample.cloth
    if opaque.alpha.any():
        sheer, opaque = opaque, sheer
    figure = plt.figure(figsize=(WIDTH, 10.6), layout="none")
    height = SIZE[0] / SIZE[1] * 0.228 * WIDTH / 10.6
    tops = (0.925, 0.682, 0.439, 0.196)

    def place(row: int, column: int) -> Axes:
        return figure.add_axes((0.02 + column * 0.244, tops[row] - height, 0.228, height))

    titles = ("Four views: two poses, two garments", "Both garments, as a shop shows them",
              "What is known about each view", "Where each point of the cloth went")  # fmt: skip
    for top, title in zip(tops, titles, strict=True):
        heading(figure, top + 0.031, title)
    for column, name in enumerate(VIEWS):
        panel(place(0, column), sample.require(name).image, name)
    _garment_row(figure, [place(1, column) for column in range(4)], sample, opaque, sheer)
    _view_row(figure, [place(2, column) for column in range(3)], sample)
    _correspondence_row(figure, [place(3, column) for column in range(3)], sample)
    return figure


def _garment_row(figure: Figure, axes: list[Axes], sample: Sample, opaque: Garment, sheer: Garment) -> None:
    parts = (("mask", "mask", viz.INK, 0.9), ("inner_collar", "inner collar", viz.ORANGE, 1.5),
             ("label_tag", "label", viz.BLUE, 1.5))  # fmt: skip
    for axis, garment, name in zip(axes, (sample.cloth, sample.require("other_cloth")), ("cloth", "other_cloth"),
                                   strict=False):  # fmt: skip
        panel(axis, garment.image, name)
        for field, _, colour, width in parts:
            outline(axis, getattr(garment, field), colour, width)
    panel(axes[2], opaque.image, "collar")
    y, x = np.nonzero(opaque.inner_collar)
    half = max(26.0, 0.62 * (x.max() - x.min()) / 2 * 2 * 0.9)
    middle = x.mean(), (y.min() + y.max()) / 2 + 0.15 * half
    axes[2].set(xlim=(middle[0] - half, middle[0] + half), ylim=(middle[1] + half * 4 / 3, middle[1] - half * 4 / 3))
    for field, _, colour, _ in parts:
        outline(axes[2], getattr(opaque, field), colour, 2.0)
    violet = LinearSegmentedColormap.from_list("alpha", ["white", viz.PURPLE])
    panel(axes[3], (255 * violet(sheer.alpha / 0.6)[..., :3]).astype(np.uint8), "alpha")
    y, x = np.nonzero(sheer.mask)
    axes[3].text(x.mean(), y.mean(), f"{sheer.alpha.max():.2f}", ha="center", va="center", fontsize=12, color="white",
                 fontweight="bold")  # fmt: skip
    _key(figure, axes[0], [(colour, label) for _, label, colour, _ in parts], spacing=(0.13, 0.22, 0.2))


def _view_row(figure: Figure, axes: list[Axes], sample: Sample) -> None:
    view = sample.person
    panel(axes[0], parse_and_neck(view), "parse")
    panel(axes[1], neck_over(view), "neck")
    panel(axes[2], faded(view), "keypoints")
    draw_joints(axes[2], view.keypoints)
    box = axes[2].get_position()
    left, top, step = box.x1 + 0.022, box.y1 - 0.004, 0.0168
    present = [number for number in np.unique(view.parse) if number]
    present.sort(key=lambda number: -int((view.parse == number).sum()))
    lines = [(tuple(np.array(LIP_PALETTE[n]) / 255), LIP_20[n].replace("_", " ")) for n in present[:6]]
    for number, (colour, text) in enumerate(lines):
        y = top - step * (number + 0.6)
        figure.add_artist(Rectangle((left, y - 0.0045), 0.02, 0.009, facecolor=colour, transform=figure.transFigure))
        figure.text(left + 0.028, y, text, fontsize=9.5, va="center")
    y = top - step * (len(lines) + 1.0)
    for text in (f"framing  {view.framing}", f"turn  {view.turn_deg:.0f}°", f"background  {sample.background_id}"):
        figure.text(left, y, text, fontsize=9.5, va="center")
        y -= step
    figure.text(left, y, "skin", fontsize=9.5, va="center")
    skin = tuple(channel / 255 for channel in sample.skin_rgb)
    figure.add_artist(Rectangle((left + 0.06, y - 0.006), 0.05, 0.012, facecolor=skin, transform=figure.transFigure))
    _key(figure, axes[0], [(viz.RED, "bare neck"), (viz.GREEN, "visible joint"), ("ring", "hidden joint")],
         spacing=(0.2, 0.24, 0.2), start=0.244)  # fmt: skip


def _correspondence_row(figure: Figure, axes: list[Axes], sample: Sample) -> None:
    shop, box = coded(sample.cloth)
    panel(axes[0], shop, "cloth")
    for axis, name in zip(axes[1:], ("person", "other_pose"), strict=True):
        panel(axis, coded_view(sample.require(name), box), name)
    seen = ~np.isnan(sample.person.correspondence[..., 0])
    _link(figure, axes[0], axes[1], sample.person, seen)
    place = axes[2].get_position()
    text = "correspondence:\none colour, one\npoint of the cloth.\n\nGrey where the\nshop's picture\ndoes not show it,\nsuch as the back\nof a sleeve."
    figure.text(place.x1 + 0.022, place.y1, text, fontsize=9.5, va="top", linespacing=1.35)


def _link(figure: Figure, shop: Axes, worn: Axes, view: View, seen: np.ndarray) -> None:
    """Two lines from points of the in-shop picture to where they are worn."""
    rows, columns = np.nonzero(seen)
    for share in (0.3, 0.75):
        row = int(np.quantile(rows, share))
        column = int(np.median(columns[rows == row]))
        ends = {"xyA": view.correspondence[row, column], "xyB": (column, row)}
        line = ConnectionPatch(**ends, coordsA="data", coordsB="data", axesA=shop, axesB=worn, color=viz.INK,
                               linewidth=1.1, arrowstyle="-|>", mutation_scale=9)  # fmt: skip
        figure.add_artist(line)


def _key(figure: Figure, below: Axes, entries: list[tuple[str, str]], spacing: tuple[float, ...], start: float = 0) -> None:
    """A line that says what colours mean, below a row of panels."""
    left, y = 0.02 + start, below.get_position().y0 - 0.0125
    for (colour, text), advance in zip(entries, spacing, strict=True):
        fill, edge = ("white", viz.RED) if colour == "ring" else (colour, colour)
        figure.add_artist(
            plt.Line2D([left + 0.01], [y], marker="o", markersize=6, color=fill, markeredgecolor=edge, linestyle="none")
        )
        figure.text(left + 0.028, y, text, fontsize=9.5, va="center")
        left += advance


def main() -> None:
    """Render and write both pictures."""
    matplotlib.use("agg")
    viz.use_style()
    more = samples()
    people = [next(more) for _ in range(ROWS * COLUMNS)]
    sheet(people).save(FOLDER / "wardrobe_sheet.webp", quality=85, method=6)
    buffer = io.BytesIO()
    figure = fields(first_that_shows_everything(people, more))
    figure.savefig(buffer, format="png", dpi=DPI)
    Image.open(buffer).convert("RGB").save(FOLDER / "wardrobe_fields.webp", quality=88, method=6)
    for name in ("wardrobe_sheet", "wardrobe_fields"):
        path = FOLDER / f"{name}.webp"
        print(f"{path.name}: {Image.open(path).size}, {path.stat().st_size / 2**10:.0f} KiB")


if __name__ == "__main__":
    main()
