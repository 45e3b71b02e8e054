"""The bending room of chapter 07: pull a pin, and see the cloth bend.

Live, sliders move any pin of a lattice. On a page that nobody runs, radio buttons switch between ready pictures of a
few pulls by CSS alone, as in :mod:`vtonlib.fitting_room`.
"""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageDraw

from vtonlib import viz
from vtonlib.data.views import to_pictures
from vtonlib.fitting_room import Picture, ready
from vtonlib.geometry.folding import folded_pixels
from vtonlib.geometry.sampling import to_pixels, warp
from vtonlib.geometry.thin_plate import fit_thin_plate, lattice_nodes

LATTICE = (5, 5)
"""Rows and columns of pins, those of CP-VTON."""
ROWS = 208
"""Of the ready pictures."""
SOFTEST = 1e-4
"""The least stiffness: without any, a pin could not be laid on its neighbour."""
PAPER = 244
"""Channels above this are paper."""
FOLD_INK = (194, 69, 62)


@dataclass(frozen=True)
class Pull:
    """One pin of the lattice and how far it is pulled.

    Attributes:
        row: of the pin, 0 at the top.
        column: of the pin, 0 at the left.
        right: how far, in pin distances; negative to the left.
        down: how far, in pin distances; negative up.
    """

    row: int = 2
    column: int = 2
    right: float = 0.0
    down: float = 0.0


PINS = {"Middle": (2, 2), "Shoulder": (1, 1), "Hem": (3, 2)}
"""The pins that the static room offers: name -> row and column."""
WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
LENGTHS = {"half a pin distance": 0.5, "a pin distance and a half": 1.5}


def cloth(rows: int = 256) -> Picture:
    """The checked shirt of the fitting room, (rows, 3/4 rows, 3) uint8; its lines show a bend well."""
    shirt = ready()[0][3].copy()
    shirt[(shirt > PAPER).all(-1)] = 255  # compression has left grey blocks on the paper
    return np.asarray(Image.fromarray(shirt).resize((rows * 3 // 4, rows), Image.Resampling.LANCZOS))


def bend(picture: Picture, pull: Pull, stiffness: float = 0.0) -> Picture:
    """Pull one pin of a picture while the others hold, and paint the pins; red where the cloth is turned over.

    Args:
        picture: (H, W, 3) uint8.
        pull: which pin, and how far.
        stiffness: regularisation of the spline, in squared units of half the picture's side; above 0 the pins give way.
    """
    nodes = lattice_nodes(LATTICE)
    number = pull.column * LATTICE[0] + pull.row
    held = nodes.clone()
    held[number] += torch.tensor([pull.right * 2 / (LATTICE[1] - 1), pull.down * 2 / (LATTICE[0] - 1)])
    size = picture.shape[0], picture.shape[1]
    # From where the pins are now to where they stood: a warp looks from its output into its input.
    grid = fit_thin_plate(held, nodes, max(stiffness, SOFTEST)).grid(size).float()
    bent = warp(to_pictures(torch.from_numpy(picture.copy()).permute(2, 0, 1)[None]), grid, "border")[0]
    pixels = ((bent.permute(1, 2, 0) + 1) * 127.5).round().byte().numpy()
    over = folded_pixels(grid)[0, 0].numpy()
    pixels[over] = (0.45 * pixels[over] + 0.55 * np.array(FOLD_INK)).astype(np.uint8)
    places = [[float(x), float(y)] for x, y in to_pixels(held, size)]
    start = [float(x) for x in to_pixels(nodes[number], size)]
    return _with_pins(pixels, places, start, number)


def _with_pins(pixels: Picture, places: list[list[float]], start: list[float], moved: int) -> Picture:
    height, width = pixels.shape[:2]
    # Drawn four times as large and made small again: round, while pixels without a pin stay as they were.
    large = Image.fromarray(pixels).resize((4 * width, 4 * height), Image.Resampling.NEAREST)
    pen = ImageDraw.Draw(large)
    (from_x, from_y), *spots = ((4 * x + 2, 4 * y + 2) for x, y in (start, *places))
    radius = 4 * max(1.8, height / 100)
    pen.line([from_x, from_y, *spots[moved]], fill=viz.ORANGE, width=round(radius))
    for number, (x, y) in enumerate(spots):
        extent = radius * (1.7 if number == moved else 1)
        colour = viz.ORANGE if number == moved else viz.BLUE
        pen.ellipse([x - extent, y - extent, x + extent, y + extent], fill=colour, outline="white", width=3)
    return np.asarray(large.resize((width, height), Image.Resampling.BOX))


def static_room(quality: int = 58) -> str:
    """The bending room as one piece of HTML without JavaScript: radio buttons choose among ready pictures."""
    picture = cloth(ROWS)
    groups = {"br-pin": ("Pin", list(PINS)), "br-way": ("Direction", list(WAYS)), "br-far": ("Length", list(LENGTHS))}
    buttons, styles, bars, pictures = [], [], [], []
    for group, (legend, labels) in groups.items():
        for number, label in enumerate(labels):
            name, checked = f"{group}{number}", " checked" if number == 0 else ""
            buttons.append(
                f'<input type="radio" name="{group}" id="{name}" aria-label="{legend}: {html.escape(label)}"{checked}>'
            )
            styles.append(f"#{name}:checked~.br-bar label[for={name}]{{{_CHOSEN}}}")
            styles.append(f"#{name}:focus-visible~.br-bar label[for={name}]{{{_FOCUS}}}")
        choices = "".join(f'<label for="{group}{n}">{html.escape(label)}</label>' for n, label in enumerate(labels))
        bars.append(f'<div class="br-bar"><b>{legend}</b>{choices}</div>')
    for p, (pin, (row, column)) in enumerate(PINS.items()):
        for w, (way, (right, down)) in enumerate(WAYS.items()):
            for f, (length, far) in enumerate(LENGTHS.items()):
                chosen = "~".join(f"#br-{group}{n}:checked" for group, n in (("pin", p), ("way", w), ("far", f)))
                styles.append(f"{chosen}~.br-stage .br-{p}-{w}-{f}{{display:block}}")
                shown = _inline(bend(picture, Pull(row, column, right * far, down * far)), quality)
                alt = f"A checked shirt under a lattice of pins; the pin {pin.lower()} is pulled {way} by {length}."
                pictures.append(f'<img class="br-{p}-{w}-{f}" alt="{html.escape(alt)}" src="{shown}">')
    return (
        f"<style>{_LAYOUT}{''.join(styles)}</style>"
        f'<div class="br" role="group" aria-label="Bending room: choose a pin and where it is pulled">'
        f'{"".join(buttons)}{"".join(bars)}<div class="br-stage">{"".join(pictures)}</div></div>'
    )


_CHOSEN = "border-color:#2f6fb2;background:#e3edf7"
_FOCUS = "outline:3px solid #d9822b"
_LAYOUT = (
    ".br{max-width:32rem;color:#1b2a41;background:#fff;padding:.5rem}"
    ".br input{position:absolute;opacity:0;width:1px;height:1px;margin:0}"
    ".br-bar{display:flex;flex-wrap:wrap;gap:.4rem;margin-bottom:.5rem}"
    ".br-bar b{font-size:.75rem;min-width:4.5rem;align-self:center}"
    ".br-bar label{border:2px solid #8d99a6;border-radius:.4rem;padding:.25rem .6rem;cursor:pointer;font-size:.75rem;"
    "line-height:1.25;text-align:center;margin:0}"
    ".br-stage img{display:none;width:288px;height:384px;margin:0}"
)


def live_room() -> Any:
    """The bending room as a widget: any of the 25 pins, any pull, any stiffness.

    Returns:
        The widget, or None where ipywidgets is not installed.
    """
    if not find_spec("ipywidgets"):
        return None
    import ipywidgets as widgets

    def slider(name: str, low: float, high: float, value: float, step: float) -> Any:
        return widgets.FloatSlider(description=name, min=low, max=high, value=value, step=step)

    row = widgets.IntSlider(description="pin's row", min=0, max=LATTICE[0] - 1, value=2)
    column = widgets.IntSlider(description="its column", min=0, max=LATTICE[1] - 1, value=2)
    right, down = (slider(f"pull {way}", -1.8, 1.8, 0, 0.15) for way in ("right", "down"))
    stiffness = slider("stiffness", 0, 2, 0, 0.05)
    picture = cloth()
    shown = widgets.Image(value=_png(bend(picture, Pull())), format="png", width=288, height=384)

    def show(_: Any = None) -> None:
        pull = Pull(row.value, column.value, right.value, down.value)
        shown.value = _png(bend(picture, pull, stiffness.value))

    _watch(show, row, column, right, down, stiffness)
    return widgets.HBox([widgets.VBox([row, column, right, down, stiffness]), shown])


def _watch(show: Callable[[Any], None], *controls: Any) -> None:
    for control in controls:
        control.observe(show, "value")


def _inline(picture: Picture, quality: int) -> str:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, format="webp", quality=quality, method=6)
    return f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def _png(picture: Picture) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, format="png")
    return buffer.getvalue()
