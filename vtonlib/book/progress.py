"""One line for each notebook: a plain one in a log, one with a running clock in a terminal."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import TextIO


def minutes(seconds: float) -> str:
    """A duration as ``m:ss``."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


class Line:
    """The line of one notebook, from its start to :meth:`end`.

    Args:
        label: what runs, for example ``[1/3] 02_gan_basics``.
        out: where to write; a terminal gets the number of the current cell and a clock that ticks.
    """

    def __init__(self, label: str, out: TextIO | None = None) -> None:
        self._label = label
        self._out = out or sys.stdout
        self._cell = ""
        self._start = time.monotonic()
        self._ended = threading.Event()
        self._clock = threading.Thread(target=self._tick, daemon=True) if self._out.isatty() else None

    def __enter__(self) -> Line:
        if self._clock:
            self._clock.start()
        else:
            self._write(f"{self._label} ... ")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if not self._ended.is_set():
            self.end("interrupted")

    def cell(self, k: int, n: int) -> None:
        """Note that cell k of n has begun."""
        self._cell = f"cell {k}/{n}"

    def end(self, result: str) -> None:
        """Finish the line with the result and the elapsed time."""
        self._ended.set()
        if self._clock:
            self._clock.join()
            self._write(f"\r\x1b[K{self._label} ... ")
        self._write(f"{result}  {minutes(time.monotonic() - self._start)}\n")

    def _tick(self) -> None:
        while not self._ended.wait(0.5):
            self._write(f"\r\x1b[K{self._label} ... {self._cell}  {minutes(time.monotonic() - self._start)}")

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()
