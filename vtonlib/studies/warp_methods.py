"""Chapter 07's table: every way to warp a garment, on the fixed lists, under one budget."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import asdict, replace
from typing import Any, Protocol, cast

from torch import Tensor

from vtonlib.data.warp_task import WarpTask, warp_task
from vtonlib.metrics.score import Score
from vtonlib.metrics.warps import judge_warp
from vtonlib.profiles import PROFILES, budget
from vtonlib.provenance import commit
from vtonlib.studies import warping
from vtonlib.training.loop import fit
from vtonlib.training.registry import stage_class
from vtonlib.training.stage import Stage

LISTS = ("unpaired", "paired")
CATEGORIES = ("all", "top", "bottom", "dress")

UNLEARNED: dict[str, Callable[[WarpTask], Tensor]] = {
    "identity": warping.change_nothing,
    "bbox": warping.old_box,
    "bbox_oracle": warping.true_box,
    "shape_context": warping.old_outline,
    "shape_context_oracle": warping.true_outline,
}
"""What needs no training; the oracles are told where the garment really is, and are bounds and no methods."""

LEARNED: dict[str, tuple[str, Mapping[str, float]]] = {
    "gmm": ("cp_vton_matcher", {"smoothness": 0.0}),
    "gmm_reg": ("cp_vton_matcher", {}),
    "gmm_plus": ("cp_vton_plus_matcher", {}),
    "cnngeometric": ("cnn_geometric", {}),
    "mask_only": ("mg_vton_matcher", {}),
}
"""Name of the row -> the stage, and the fields of its configuration that differ from the profile's."""

Figures = dict[str, dict[str, dict[str, float]]]
"""List -> category -> figure -> value."""


class Matcher(Protocol):
    """A stage that warps."""

    def match(self, task: WarpTask) -> Tensor:
        """Sampling grids (N, H, W, 2)."""


def recipe(method: str, profile: str) -> dict[str, Any]:
    """What a training of one of :data:`LEARNED` depends on beside its seed and the code, as plain values."""
    name, changes = LEARNED[method]
    plan = budget(name, profile)
    config = replace(stage_class(name).configure(plan), **changes)
    return {"steps": plan.steps, "batch_size": plan.batch_size, "config": asdict(config)}


def train_matcher(method: str, seed: int, profile: str) -> Stage:
    """Train one of :data:`LEARNED` under a profile's budget."""
    name, _ = LEARNED[method]
    cls, plan = stage_class(name), budget(name, profile)
    stage = cls(cls.Config(**recipe(method, profile)["config"]), seed)
    batches = cls.batches(plan, seed)
    fit(stage, batches, plan.steps, seed=seed, progress_lines=0)
    return stage


def score(match: Callable[[WarpTask], Tensor], height: int) -> tuple[Figures, float]:
    """Judge a method on both lists.

    Returns:
        The figures, and how many milliseconds of a clock a pair takes on all threads, the mean over both lists.
    """
    figures: Figures = {}
    seconds, pairs = 0.0, 0
    for name in LISTS:
        task = warp_task(name, height)
        started = time.perf_counter()
        grid = match(task)
        seconds, pairs = seconds + time.perf_counter() - started, pairs + len(grid)
        figures[name] = {"all": _values(judge_warp(grid, task))}
        for category in CATEGORIES[1:]:
            rows = task.rows(category)
            figures[name][category] = _values(judge_warp(grid[rows], task, rows))
    return figures, 1000 * seconds / pairs


def run(
    profile: str = "cpu",
    seeds: Sequence[int] = (0, 1, 2),
    known: dict[str, Any] | None = None,
    keep: Callable[[dict[str, Any]], None] = lambda result: None,
) -> dict[str, Any]:
    """Score every method, the learned ones with every seed.

    Args:
        profile: whose budget and size are used.
        seeds: one training each; methods that have none, here or in ``known``, are left out.
        known: an earlier result; its trainings are not done again, unless budget or settings have changed since. It
            does not know of changes of the code: leave it out after one.
        keep: called with the result after each training, so that a run can be cut off.

    Returns:
        ``methods`` (list -> method -> category -> figure -> values over seeds), ``methods_ms``, and ``trained``: the
        figures of each method and seed, for ``known``.
    """
    height = PROFILES[profile].size[0]
    trained: dict[str, dict[str, Any]] = deepcopy((known or {}).get("trained", {}))
    methods: dict[str, Any] = {name: {} for name in LISTS}
    result: dict[str, Any] = {"methods": methods, "methods_ms": {}, "trained": trained}
    for method, warp in UNLEARNED.items():
        figures, milliseconds = score(warp, height)
        _add(result, method, [figures], milliseconds)
    for method in LEARNED:
        now = recipe(method, profile)
        stored = trained.get(method, {})
        runs = trained[method] = {seed: entry for seed, entry in stored.items() if entry["recipe"] == now}
        for seed in seeds:
            if str(seed) not in runs:
                stage = train_matcher(method, seed, profile)
                figures, milliseconds = score(cast(Matcher, stage).match, height)
                runs[str(seed)] = {"recipe": now, "commit": commit(), "figures": figures, "ms": milliseconds}
                print(f"{method}, seed {seed}: {figures['unpaired']['all']}", flush=True)
                keep(result)
        if runs:
            entries = list(runs.values())
            _add(result, method, [entry["figures"] for entry in entries], min(entry["ms"] for entry in entries))
    return result


def _add(result: dict[str, Any], method: str, runs: Sequence[Figures], milliseconds: float) -> None:
    for name in LISTS:
        result["methods"][name][method] = {
            category: {figure: [run[name][category][figure] for run in runs] for figure in runs[0][name][category]}
            for category in CATEGORIES
        }
    result["methods_ms"][method] = round(milliseconds, 2)


def _values(scores: Mapping[str, Score]) -> dict[str, float]:
    return {name: round(value.value, 4) for name, value in scores.items()}
