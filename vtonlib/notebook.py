"""What every notebook does alike: start, say what was seen, and close with a result panel and one row of figures."""

from __future__ import annotations

import inspect
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import torch
from IPython.display import Markdown, display
from lightning_fabric import Fabric

from vtonlib import viz
from vtonlib.bars import threshold
from vtonlib.metrics.score import Score
from vtonlib.profiles import Profile, choose_profile
from vtonlib.provenance import commit, hardware, peak_mib, runs_folder, versions
from vtonlib.training.device import make_fabric


@dataclass
class Run:
    """One run of a notebook.

    Attributes:
        notebook: its name without the ending, such as ``02_gan_basics``.
        profile: what it may cost.
        seed: the reader's seed.
        fabric: device and precision.
        started: clock at the start.
        figures: the scores that were noted on the way.
    """

    notebook: str
    profile: Profile
    seed: int
    fabric: Fabric
    started: float = field(default_factory=time.perf_counter)
    figures: dict[str, Score] = field(default_factory=dict)

    def note(self, **scores: Score) -> None:
        """Keep scores for the result panel and the row of figures."""
        self.figures |= scores

    def bar(self, figure: str) -> float:
        """The recorded quality bar of this notebook and profile for a figure; see :mod:`vtonlib.bars`."""
        return threshold(self.notebook, self.profile.name, figure)

    def finish(self) -> None:
        """Show the result panel and append one row to ``runs/metrics.jsonl``."""
        seconds = round(time.perf_counter() - self.started, 1)
        row: dict[str, Any] = {
            "notebook": self.notebook,
            "profile": self.profile.name,
            "seed": self.seed,
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
            "commit": commit(),
            "versions": versions(),
            "device": _hardware(self.fabric),
            "seconds": seconds,
            "peak_mib": peak_mib(),
            "metrics": {
                name: {"value": score.value, "interval": score.interval, "settings": score.settings}
                for name, score in self.figures.items()
            },
        }
        path = runs_folder() / "metrics.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a") as file:
            file.write(json.dumps(row) + "\n")
        table(
            {name: (number(score), score.settings) for name, score in self.figures.items()},
            ("figure", "value [95 % interval]", "settings"),
        )
        minutes, rest = divmod(round(seconds), 60)
        say(
            f"*This run:* profile **{self.profile.name}**, seed {self.seed}, {_hardware(self.fabric)}, "
            f"torch {torch.__version__}, **{minutes} min {rest} s**, peak memory {row['peak_mib']:,} MiB."
        )


def start(notebook: str, profile: str, seed: int) -> Run:
    """Begin a notebook: choose profile and device, set the figures' style, and report in a few lines.

    Args:
        notebook: its name without the ending.
        profile: what its ``PROFILE`` parameter holds.
        seed: what its ``SEED`` parameter holds.

    Raises:
        VtonError: if the profile is unknown.
    """
    viz.use_style()
    run = Run(notebook, choose_profile(profile), seed, make_fabric())
    print(f"profile   {run.profile.name}: {run.profile.where}")
    print(f"device    {_hardware(run.fabric)}")
    print("versions  " + ", ".join(f"{name} {version}" for name, version in versions().items()))
    print(f"commit    {commit()}")
    print(f"seed      {seed}")
    return run


def say(markdown: str) -> None:
    """Put a sentence on the page whose numbers were computed, so that prose and run cannot disagree."""
    display(Markdown(markdown))


def show_source(thing: Callable[..., Any] | type) -> None:
    """Put the library's own code on the page, so that what is read is what runs."""
    say(f"```python\n{inspect.getsource(thing)}```")


def table(rows: Mapping[str, tuple[str, ...]], header: tuple[str, ...]) -> None:
    """Put a table on the page: row name -> the other cells."""
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    lines += ["| " + " | ".join((name.replace("_", " "), *cells)) + " |" for name, cells in rows.items()]
    say("\n".join(lines))


def number(score: Score) -> str:
    """A score as text: its value, and the interval in brackets where there is one."""
    span = f" [{score.interval[0]:.3g}, {score.interval[1]:.3g}]" if score.interval else ""
    return f"{score.value:.4g}{span}"


def _hardware(fabric: Fabric) -> str:
    return hardware(fabric.device, str(fabric._precision.precision))
