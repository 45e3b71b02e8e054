"""The table of chapters 06 and 08: VITON and CP-VTON with one part changed at a time, on the fixed lists."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from torch import Tensor

from vtonlib.data.warp_task import WarpTask, warp_task
from vtonlib.metrics.score import Score
from vtonlib.metrics.try_on import judge_try_on
from vtonlib.models.viton import compose
from vtonlib.profiles import budget
from vtonlib.training.loop import fit
from vtonlib.training.registry import stage_class
from vtonlib.training.stages.viton_refinement import VitonRefinementStage
from vtonlib.training.try_on import TryOnStage

LISTS = ("unpaired", "paired")

COARSE: dict[str, dict[str, Any]] = {
    "coarse_perceptual": {},
    "coarse": {"perceptual_weight": 0.0},
    "no_pose": {"without": "pose"},
    "no_shape": {"without": "body_shape"},
    "no_head": {"without": "face_and_hair"},
}
"""Row -> the fields of the coarse generator's configuration that differ from the profile's."""

Figures = dict[str, float]


def train(stage: str, profile: str, seed: int, changes: Mapping[str, Any]) -> TryOnStage:
    """Train a stage that renders people with a profile's budget, and with some settings changed."""
    cls, plan = stage_class(stage), budget(stage, profile)
    trained = cls(replace(cls.configure(plan), **changes), seed)
    assert isinstance(trained, TryOnStage)
    fit(trained, cls.batches(plan, seed), plan.steps, seed=seed, progress_lines=2)
    return trained


def change_nothing(task: WarpTask) -> Tensor:
    """Everybody stays in the old garment: (N, 3, H, W) in [-1, 1]."""
    return task.person.pictures()


def paste(stage: VitonRefinementStage) -> Callable[[WarpTask], Tensor]:
    """The warped garment wherever the coarse generator sees the garment, its picture elsewhere."""

    def try_on(task: WarpTask) -> Tensor:
        refined = stage.refine_all(task)
        return compose((refined.coarse.region > 0.5).float(), refined.warped, refined.coarse.picture)

    return try_on


def judge(try_on: Callable[[WarpTask], Tensor], height: int) -> dict[str, Figures]:
    """Figures of a method on each of :data:`LISTS`; ``ms`` is the time of a person on all threads."""
    figures = {}
    for name in LISTS:
        task = warp_task(name, height)
        started = time.perf_counter()
        result = try_on(task)
        milliseconds = 1000 * (time.perf_counter() - started) / len(result)
        figures[name] = plain(judge_try_on(result, task)) | {"ms": round(milliseconds, 2)}
    return figures


def plain(scores: Mapping[str, Score]) -> Figures:
    """Values without their settings, to four digits."""
    return {name: round(score.value, 4) for name, score in scores.items()}


def parameters(stage: TryOnStage) -> int:
    """Trained numbers of all networks that a try-on runs through, those of earlier stages included."""
    networks = [*stage.networks.values(), *(n for name, n in stage.fixed.items() if name != "perceptual")]
    return sum(p.numel() for network in networks for p in network.parameters())


def alpha_in(alpha: Tensor, region: Tensor) -> float:
    """The mean of composition masks (N, 1, H, W) inside regions of the same shape: 1 pastes all, 0 renders all."""
    return float((alpha * region).sum() / region.sum())
