"""The table of chapters 06 and 08: VITON and CP-VTON with one part changed at a time, on the fixed lists."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from torch import Tensor

from vtonlib.data.warp_task import WarpTask, warp_task
from vtonlib.errors import VtonError
from vtonlib.losses.composition import total_variation
from vtonlib.metrics.score import Score
from vtonlib.metrics.try_on import judge_try_on
from vtonlib.models.viton import compose
from vtonlib.profiles import budget
from vtonlib.training.loop import fit
from vtonlib.training.registry import stage_class
from vtonlib.training.run import train_stage
from vtonlib.training.stages.cp_vton_try_on import CpVtonTryOnStage
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

MASK_TARGETS: dict[str, dict[str, Any]] = {"cp_vton": {}, "cp_vton_everywhere": {"mask_target": "everywhere"}}
"""Row -> the fields of the try-on module's configuration that differ: the code's mask term, and the paper's."""

SWEEPS: dict[str, tuple[float, ...]] = {
    "warp_reward": (0.0, 0.03, 0.1, 0.3, 1.0),
    "smoothness": (0.0, 0.0246, 0.246, 2.46, 24.6),
}
"""Field of the refinement's configuration -> its values, lambda_warp and lambda_TV; the papers' is the middle one."""

Figures = dict[str, float]

_NO_COMPOSITION = "{} composes nothing; give VITON's refinement or CP-VTON's try-on module"


def train(stage: str, profile: str, seed: int, changes: Mapping[str, Any]) -> TryOnStage:
    """Train a stage that renders people with a profile's budget, and with some settings changed.

    Without changes it is the run of a chapter, and is taken from the reader's own runs where it has been done.
    """
    if not changes:
        trained = train_stage(stage, profile, seed, progress_lines=2).stage
    else:
        cls, plan = stage_class(stage), budget(stage, profile)
        trained = cls(replace(cls.configure(plan), **changes), seed)
        fit(trained, cls.batches(plan, seed), plan.steps, seed=seed, progress_lines=2)
    assert isinstance(trained, TryOnStage)
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
    """Figures of a method on each of :data:`LISTS`."""
    tasks = {name: warp_task(name, height) for name in LISTS}
    return {name: plain(judge_try_on(try_on(task), task)) for name, task in tasks.items()}


def milliseconds(try_on: Callable[[WarpTask], Tensor], task: WarpTask) -> float:
    """The time that a method takes for one person of a list, on all threads."""
    started = time.perf_counter()
    try_on(task)
    return round(1000 * (time.perf_counter() - started) / len(task.cloth), 2)


def plain(scores: Mapping[str, Score]) -> Figures:
    """Values without their settings, to four digits."""
    return {name: round(score.value, 4) for name, score in scores.items()}


def parameters(stage: TryOnStage) -> int:
    """Trained numbers of all networks that a try-on runs through, those of earlier stages included."""
    networks = [*stage.networks.values(), *(n for name, n in stage.fixed.items() if name != "perceptual")]
    return sum(p.numel() for network in networks for p in network.parameters())


def compositions(stage: TryOnStage, task: WarpTask) -> Tensor:
    """The composition masks (N, 1, H, W) in [0, 1] with which a stage dresses a list.

    Raises:
        VtonError: if the stage does not compose its results.
    """
    if isinstance(stage, VitonRefinementStage):
        return stage.refine_all(task).alpha
    if isinstance(stage, CpVtonTryOnStage):
        return stage.compose_all(task)[1]
    raise VtonError(_NO_COMPOSITION.format(type(stage).__name__))


def allowed(stage: TryOnStage, task: WarpTask) -> Tensor:
    """Where a stage has a garment to paste: (N, 1, H, W) in [0, 1].

    VITON's refinement cuts its composition mask off at the mask that the coarse generator predicts; CP-VTON's is taught
    to be the warped garment's own mask. Where that misses the garment, there is nothing to paste.

    Raises:
        VtonError: if the stage does not compose its results.
    """
    if isinstance(stage, VitonRefinementStage):
        return stage.refine_all(task).coarse.region
    if isinstance(stage, CpVtonTryOnStage):
        return stage.warp_all(task)[1]
    raise VtonError(_NO_COMPOSITION.format(type(stage).__name__))


def alpha_figures(stage: TryOnStage, height: int) -> dict[str, Figures]:
    """How a stage composes, on each of :data:`LISTS`.

    Returns:
        ``alpha``, the mean composition mask where the garment is really seen; ``allowed``, what it would be if all of
        :func:`allowed` were pasted; ``edges``, its total variation.
    """
    figures = {}
    for name in LISTS:
        task = warp_task(name, height)
        alpha = compositions(stage, task)
        figures[name] = {
            "alpha": round(alpha_in(alpha, task.worn), 4),
            "allowed": round(alpha_in(allowed(stage, task), task.worn), 4),
            "edges": round(float(total_variation(alpha)), 4),
        }
    return figures


def alpha_in(alpha: Tensor, region: Tensor) -> float:
    """The mean of composition masks (N, 1, H, W) inside regions of the same shape: 1 pastes all, 0 renders all."""
    return float((alpha * region).sum() / region.sum())
