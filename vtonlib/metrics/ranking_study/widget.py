"""The ranking study on the screen, for ipywidgets 7.7 and later; all that it decides is in :mod:`.sitting`.

The page that nobody runs shows a printed sheet instead (:mod:`.sheet`), and no state of the widget is stored.
"""

from __future__ import annotations

import html
import io
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vtonlib.errors import VtonError
from vtonlib.metrics.ranking_study.sitting import Clicks, Sitting
from vtonlib.metrics.ranking_study.study import Study

WIDTH = 168
"""Of a candidate on the screen, in CSS pixels; five stand side by side in a notebook, and wrap on a phone."""


def live_study(study: Study, file: Path) -> Any:
    """The study as a widget: a name, then case after case, each saved to the file before the next is shown.

    Args:
        study: what is asked.
        file: of the answers; on a shared disk, give every rater an own one.

    Returns:
        The widget, or None where ipywidgets is not installed.
    """
    return _Desk(study, file).box if find_spec("ipywidgets") else None


class _Desk:
    """The parts of the widget, and what happens when a button is clicked."""

    def __init__(self, study: Study, file: Path) -> None:
        import ipywidgets as widgets

        self.study, self.file = study, file
        self.sitting: Sitting | None = None
        self.clicks = Clicks(len(study.methods))

        def button(text: str, style: str = "") -> Any:
            return widgets.Button(description=text, button_style=style, layout=widgets.Layout(width="auto"))

        self.name = widgets.Text(placeholder="a name you invent", layout=widgets.Layout(width="16em"))
        self.resume = widgets.Checkbox(description="go on where I stopped", indent=False)
        self.begin = button("Begin", "primary")
        self.door = widgets.VBox([widgets.HTML("<b>Who ranks?</b>"), self.name, self.resume, self.begin])

        height, width = study.pictures.shape[2:4]
        frame = {"width": f"{WIDTH}px", "height": f"{WIDTH * height // width}px"}
        self.pictures = [widgets.Image(format="png", layout=widgets.Layout(**frame)) for _ in study.letters]
        self.letters = [widgets.Button(layout=widgets.Layout(width=f"{WIDTH}px")) for _ in study.letters]
        stands = [
            widgets.VBox(pair, layout=widgets.Layout(margin="0 6px 6px 0"))
            for pair in zip(self.pictures, self.letters, strict=True)
        ]
        row = widgets.Layout(display="flex", flex_flow="row wrap")
        self.asked = widgets.HTML()
        self.save, self.clear, self.back = button("Save, next case", "primary"), button("Clear"), button("Back")
        self.progress = widgets.IntProgress(max=len(study.cases), layout=widgets.Layout(width="16em"))
        self.case = widgets.VBox(
            [self.asked, widgets.Box(stands, layout=row), widgets.HBox([self.save, self.clear, self.back])]
        )
        self.told = widgets.HTML()
        self.box = widgets.VBox([self.door, self.told])

        self.begin.on_click(self._begin)
        self.save.on_click(self._save)
        self.clear.on_click(lambda _: self._ask())
        self.back.on_click(self._back)
        for place, letter in enumerate(self.letters):
            letter.on_click(lambda _, place=place: self._click(place))

    def _begin(self, _: Any) -> None:
        try:
            self.sitting = Sitting(self.study, self.name.value, self.file, self.resume.value)
        except VtonError as error:
            self._tell(str(error), wrong=True)
        else:
            self._ask()

    def _save(self, _: Any) -> None:
        assert self.sitting is not None  # the button is not on the page before
        try:
            self.sitting.submit(self.clicks.ranks)
        except VtonError as error:
            self._tell(f"Not saved: {error}.", wrong=True)
        else:
            self._ask()

    def _back(self, _: Any) -> None:
        assert self.sitting is not None
        self.sitting.back()
        self._ask()

    def _click(self, place: int) -> None:
        self.clicks.click(place)
        self._show_ranks()
        self._tell("")

    def _ask(self) -> None:
        """Show the case that is due, without ranks, or say thank you."""
        assert self.sitting is not None
        question = self.sitting.question
        self.clicks = Clicks(len(self.study.methods))
        self.progress.value = self.sitting.done
        self.back.disabled = self.sitting.done == 0
        self._tell("")
        if question is None:
            self.box.children = [self.progress, self.told, self.back]
            self._tell(f"Thank you, {self.sitting.rater}. All {self.sitting.total} cases are saved in {self.file}.")
            return
        self.asked.value = (
            f"<b>Case {self.sitting.done + 1} of {self.sitting.total}</b><br>{html.escape(self.study.task)}<br>"
            f"<span style='font-size:120%'>&ldquo;{html.escape(question.sentence)}&rdquo;</span><br>"
            f"Click the letters from best to worst. A second click takes a rank back."
        )
        for picture, pixels in zip(self.pictures, question.pictures, strict=True):
            picture.value = _png(pixels)
        self._show_ranks()
        self.box.children = [self.progress, self.case, self.told]

    def _show_ranks(self) -> None:
        last = len(self.letters)
        notes = {1: " (best)", last: " (worst)"}
        for button, letter, rank in zip(self.letters, self.study.letters, self.clicks.ranks, strict=True):
            button.description = letter if rank is None else f"{letter}: {rank}{notes.get(rank, '')}"
            button.button_style = "" if rank is None else "info"

    def _tell(self, text: str, wrong: bool = False) -> None:
        colour = "#c2453e" if wrong else "#1b2a41"
        self.told.value = f"<span role='status' style='color:{colour}'>{html.escape(text)}</span>"


def _png(picture: NDArray[np.uint8]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, format="png")
    return buffer.getvalue()
