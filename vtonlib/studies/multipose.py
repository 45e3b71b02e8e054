"""The table of chapters 12 and 13: MG-VTON, its ablations and two baselines on the lists of two poses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from torch import Tensor

from vtonlib.data.pose_task import LISTS, PoseTask, pose_task
from vtonlib.metrics.inception_score import inception_score
from vtonlib.metrics.kid import extract, kernel_distance_of_features
from vtonlib.metrics.multi_pose import judge_multi_pose
from vtonlib.metrics.perceptual_distance import perceptual_distance
from vtonlib.metrics.score import Score
from vtonlib.nn.backbones import backbone
from vtonlib.nn.backbones.frozen import Backbone
from vtonlib.nn.backbones.lite_classifier import LiteClassifier
from vtonlib.profiles import budget
from vtonlib.provenance import runs_folder
from vtonlib.studies.tryon import thousandfold
from vtonlib.training.multi_pose import MultiPoseStage
from vtonlib.training.registry import stage_class
from vtonlib.training.resume import fit_or_load
from vtonlib.training.stages.mg_vton_render import MgVtonRenderStage
from vtonlib.training.stages.mg_vton_warp_gan import MgVtonWarpGanStage

TryOn = Callable[[PoseTask], Tensor]
"""Dresses all people of a list in their new poses: (N, 3, H, W) in [-1, 1]."""


@dataclass(frozen=True)
class System:
    """One row of the table.

    Attributes:
        label: what readers call it.
        stage: that gives its pictures; empty where nothing is trained.
        changes: fields of the stage's configuration that differ from the profile's.
    """

    label: str
    stage: str
    changes: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


WARP_GAN, RENDER = "mg_vton_warp_gan", "mg_vton_render"

SYSTEMS: dict[str, System] = {
    "copy_source": System("change nothing", ""),
    "viton_pose": System("VITON + pose", "viton_pose"),
    "cp_vton_pose": System("CP-VTON + pose", "cp_vton_pose"),
    "warp_both": System("Warp-GAN", WARP_GAN),
    "warp_none": System("no warp", WARP_GAN, {"transformation": "none"}),
    "warp_affine": System("affine only", WARP_GAN, {"transformation": "affine"}),
    "warp_tps": System("spline only", WARP_GAN, {"transformation": "tps"}),
    "warp_pixels": System("pixels warped", WARP_GAN, {"warped": "pixels"}),
    "warp_literal": System("all warped together", WARP_GAN, {"literal": True}),
    "warp_no_skips": System("no skips", WARP_GAN, {"skips": False}),
    "mg_vton_no_render": System("MG-VTON w/o Render", WARP_GAN),
    "mg_vton_no_mask": System("MG-VTON w/o Mask", RENDER, {"composes": False}),
    "mg_vton_free": System("mask anywhere", RENDER, {"held_inside": False}),
    "mg_vton_collapsed": System("mask anywhere, mu_2 = 1", RENDER, {"held_inside": False, "cloth_reward": 1.0}),
    "mg_vton": System("MG-VTON", RENDER),
}
"""Key in ``results/multipose.json`` -> the system."""


def copy_source(task: PoseTask) -> Tensor:
    """Everybody stays as they are: (N, 3, H, W) in [-1, 1]."""
    return task.reference.pictures()


def try_on(name: str, seed: int, profile: str) -> TryOn:
    """A system, trained under a profile's budget if no earlier run has done so."""
    stage = trained(name, seed, profile)
    return stage.try_on if stage else copy_source


def trained(name: str, seed: int, profile: str) -> MultiPoseStage | None:
    """The stage that gives a system's pictures; None where nothing is trained.

    A run that was cut off goes on. A render rests on the Warp-GAN of its own seed, so that a spread over seeds is one
    of both networks; all networks before them are the zoo's. Since the zoo's Warp-GAN is of seed 0, renders of other
    seeds are kept apart from those that a profile would train.
    """
    system = SYSTEMS[name]
    if not system.stage:
        return None
    cls, plan = stage_class(system.stage), budget(system.stage, profile)
    stage = cls(replace(cls.configure(plan), **system.changes), seed)
    assert isinstance(stage, MultiPoseStage)
    if isinstance(stage, MgVtonRenderStage):
        coarse = trained("warp_both", seed, profile)
        assert isinstance(coarse, MgVtonWarpGanStage)
        stage.rest_on(coarse)
    own = not system.changes and (seed == 0 or system.stage != RENDER)
    folder = system.stage if own else f"multipose_{name}"
    fit_or_load(stage, cls.batches(plan, seed), plan.steps, seed, runs_folder() / folder / profile / f"seed{seed}")
    return stage


class Jury:
    """Everything that results are judged by, loaded once.

    Args:
        height: rows of the pictures; columns are three quarters of them.
        names: of the lists that it judges.
        rows: numbers of the people of each list that count; None takes all.
    """

    def __init__(self, height: int, names: Sequence[str] = LISTS, rows: Sequence[int] | None = None) -> None:
        tasks = {name: pose_task(name, height) for name in names}
        self.tasks = tasks if rows is None else {name: task.only(rows) for name, task in tasks.items()}
        self.backbone: Backbone = backbone("efficientnet_lite0")
        self.classifier = LiteClassifier()
        self.true_features = {name: extract(task.truth, self.classifier, 25) for name, task in self.tasks.items()}

    def judge(self, result: Tensor, name: str) -> dict[str, Score]:
        """All figures of a system's results for a list.

        Returns:
            those of :func:`vtonlib.metrics.multi_pose.judge_multi_pose`; ``perceptual``; ``kid`` with its interval, a
            thousand times; ``is_lite0``.
        """
        task = self.tasks[name]
        features = extract(result, self.classifier, 25)
        return judge_multi_pose(result, task) | {
            "perceptual": perceptual_distance(result, task.truth, self.backbone),
            "kid": thousandfold(kernel_distance_of_features(self.true_features[name], features)),
            "is_lite0": inception_score(self.classifier.probabilities_of(features)),
        }

    def real(self, name: str) -> Score:
        """IS-lite0 of the true pictures of a list."""
        return inception_score(self.classifier.probabilities_of(self.true_features[name]))
