"""What a run shows and writes while it trains."""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lightning_fabric.loggers.csv_logs import CSVLogger
from tqdm import tqdm


class Progress:
    """A bar in a terminal; a handful of plain lines in a page, which can be stored and read later.

    Args:
        name: what is being trained.
        step: steps done before.
        steps: steps in all.
        lines: how many lines a whole run prints when there is no terminal; 0 prints nothing anywhere.
    """

    def __init__(self, name: str, step: int, steps: int, lines: int = 6) -> None:
        self.name, self.steps, self.lines = name, steps, lines
        self.started = time.perf_counter()
        terminal = lines > 0 and sys.stdout.isatty()
        self.bar: tqdm[Any] | None = tqdm(total=steps, initial=step, desc=name) if terminal else None

    def update(self, step: int, losses: Mapping[str, float]) -> None:
        """Show a step that has just been done."""
        shown = {name: f"{value:.3f}" for name, value in losses.items()}
        if self.bar is not None:
            self.bar.update()
            self.bar.set_postfix(shown, refresh=False)
        elif step * self.lines // self.steps > (step - 1) * self.lines // self.steps:
            seconds = time.perf_counter() - self.started
            figures = "  ".join(f"{name} {value}" for name, value in shown.items())
            print(f"{self.name}  step {step:>6}/{self.steps}  {seconds:5.0f} s  {figures}", flush=True)

    def close(self) -> None:
        """Leave the terminal tidy."""
        if self.bar is not None:
            self.bar.close()


class FileLogs:
    """Losses as CSV, and for TensorBoard where it is installed, under one folder.

    Args:
        folder: where the logs go; None writes nothing. A run that goes on adds a new ``version_N``.
    """

    def __init__(self, folder: Path | None) -> None:
        self.loggers: list[Any] = []
        if folder is not None:
            self.loggers.append(CSVLogger(folder, name="csv"))
        if folder is not None and importlib.util.find_spec("tensorboard"):
            from lightning_fabric.loggers.tensorboard import TensorBoardLogger

            self.loggers.append(TensorBoardLogger(folder, name="tensorboard"))

    def write(self, step: int, losses: Mapping[str, float]) -> None:
        """Write the losses of one step."""
        for logger in self.loggers:
            logger.log_metrics(dict(losses), step)

    def close(self) -> None:
        """Write what is still in memory."""
        for logger in self.loggers:
            logger.finalize("success")
