"""The quality bars of the chapters: thresholds that were measured, never chosen.

``NN_name.json`` holds, for each profile and figure, what five seeds gave, the worst of them, and the threshold that
follows: the worst seed with some slack. ``benchmarks/bars.py`` writes the files; a chapter's cells tagged
``quality-bar`` hold its own run against them.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from vtonlib.errors import VtonError

FOLDER = Path(__file__).parent
SLACK = 0.05
"""The least slack, as a part of the worst value."""


def threshold(notebook: str, profile: str, figure: str) -> float:
    """The bar for one figure of a chapter.

    While ``benchmarks/bars.py`` records new bars (``VTON_RECORD_BARS=1``) there are none to hold a run against: the
    bar is then infinite on the side that lets every run pass.

    Raises:
        VtonError: if no bar was recorded for it.
    """
    path = FOLDER / f"{notebook}.json"
    record = json.loads(path.read_text()) if path.exists() else {}
    try:
        bar = record["figures"][figure]
        if os.environ.get("VTON_RECORD_BARS") == "1":
            return float("inf") if bar["good"] == "low" else float("-inf")
        return float(record["profiles"][_recorded(profile)][figure]["threshold"])
    except KeyError:
        raise VtonError(
            f"{path}: has no bar for {figure!r} under profile {profile!r}; "
            f"run `python benchmarks/bars.py {notebook} --profile {profile}`"
        ) from None


def set_threshold(values: list[float], good: str) -> float:
    """The worst of several seeds with slack: the spread of the seeds once more.

    The slack is at least a twentieth of the worst value, and at least one where the values are counts.

    For five draws of one normal distribution the worst lies about 1.2 deviations from the mean and the spread is 2.3,
    so an honest sixth run misses the bar about once in two thousand times.

    Args:
        values: one figure, a value for each seed.
        good: ``low`` or ``high``.

    Raises:
        VtonError: for fewer than five values, or another word than those two.
    """
    if good not in ("low", "high") or len(values) < 5:
        raise VtonError(f"a bar takes five seeds and 'low' or 'high', got {len(values)} and {good!r}")
    worst = max(values) if good == "low" else min(values)
    least = 1.0 if all(value.is_integer() for value in map(float, values)) else SLACK * abs(worst)
    slack = max(max(values) - min(values), least)
    return worst + slack if good == "low" else worst - slack


def _recorded(profile: str) -> str:
    """Nobody has five GPU runs yet; larger budgets are held to what the cpu profile reaches."""
    return profile if profile == "smoke" else "cpu"
