"""The table of chapter 09: every compared approach on the same lists of people, under about the same budget.

A *system* takes a list and gives pictures. Each is trained by its own stage, or made of what a stage predicts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from vtonlib.data.lists import read_list
from vtonlib.data.outline_warps import fit_outlines
from vtonlib.data.swap_task import SwapTask, swap_task
from vtonlib.data.wardrobe_set import wardrobe_set
from vtonlib.data.warp_task import WarpTask
from vtonlib.data.worn import worn_garments
from vtonlib.geometry.sampling import warp
from vtonlib.metrics.detail import detail_amount, detail_match
from vtonlib.metrics.inception_score import inception_score
from vtonlib.metrics.kid import extract, kernel_distance_of_features
from vtonlib.metrics.perceptual_distance import perceptual_distance
from vtonlib.metrics.score import Score
from vtonlib.metrics.ssim import ssim
from vtonlib.metrics.try_on import judge_try_on
from vtonlib.models.viton import compose
from vtonlib.nn.backbones import backbone
from vtonlib.nn.backbones.frozen import Backbone
from vtonlib.nn.backbones.lite_classifier import LiteClassifier
from vtonlib.studies import viton
from vtonlib.studies.viton import change_nothing
from vtonlib.training.stages.viton_coarse import VitonCoarseStage
from vtonlib.training.try_on import TryOnStage

LISTS = ("paired", "unpaired")

TryOn = Callable[[SwapTask], Tensor]
"""Dresses all people of a list: (N, 3, H, W) in [-1, 1]."""


@dataclass(frozen=True)
class System:
    """One row of the table.

    Attributes:
        label: what readers call it.
        stage: name of the stage whose run it needs; empty where nothing is trained.
        make: takes that stage, or None where nothing is trained, and gives the system.
    """

    label: str
    stage: str
    make: Callable[[TryOnStage | None], TryOn]


def non_parametric(coarse: VitonCoarseStage) -> TryOn:
    """Warped synthesis without a renderer: the garment, warped by outlines, is pasted on the person's own picture.

    It is warped to the region that the coarse generator predicts, as VITON's is; nothing hides what sticks out of it.
    """

    def try_on(task: WarpTask) -> Tensor:
        region = coarse.imagine_all(task).region
        grids = fit_outlines(task.cloth_mask[:, 0], region[:, 0])
        pasted = (warp(task.cloth_mask, grids) > 0.5).float()
        return compose(pasted, warp(task.cloth, grids, "border"), task.person.pictures())

    return try_on


def _nothing(stage: TryOnStage | None) -> TryOn:
    return change_nothing


def _its_own(stage: TryOnStage | None) -> TryOn:
    assert stage is not None
    return stage.try_on


def _pasted(stage: TryOnStage | None) -> TryOn:
    assert isinstance(stage, VitonCoarseStage)
    return non_parametric(stage)


SYSTEMS: dict[str, System] = {
    "nothing": System("change nothing", "", _nothing),
    "nonparametric": System("non-parametric", "viton_coarse", _pasted),
    "encoder_decoder": System("encoder-decoder", "viton_coarse", _its_own),
    "crn": System("CRN", "crn", _its_own),
    "cagan": System("CAGAN", "cagan", _its_own),
    "prgan": System("PRGAN", "prgan", _its_own),
    "prgan_no_head": System("PRGAN, no head", "prgan_no_head", _its_own),
    "viton": System("VITON", "viton_refinement", _its_own),
    "cp_vton": System("CP-VTON", "cp_vton_try_on", _its_own),
    "cp_vton_plus": System("CP-VTON+", "cp_vton_plus_try_on", _its_own),
}
"""Key in ``results/tryon.json`` -> the system, in the order of the papers."""


def parameters(stage: TryOnStage | None) -> int:
    """Trained numbers of all networks that a try-on runs through: no discriminator, which only a loss asks."""
    if stage is None:
        return 0
    judge = stage.networks.get("discriminator")
    return viton.parameters(stage) - (sum(p.numel() for p in judge.parameters()) if judge else 0)


class Jury:
    """Everything that results are judged by, loaded once.

    Args:
        height: rows of the pictures; columns are three quarters of them.
        names: of the lists that it judges.
        rows: numbers of the people of each list that count; None takes all.
    """

    def __init__(self, height: int, names: Sequence[str] = LISTS, rows: Sequence[int] | None = None) -> None:
        self.height = height
        tasks = {name: swap_task(name, height) for name in names}
        self.tasks = tasks if rows is None else {name: task.only(rows) for name, task in tasks.items()}
        self.backbone: Backbone = backbone("efficientnet_lite0")
        self.classifier = LiteClassifier()
        self.true_features = {name: extract(task.truth, self.classifier, 25) for name, task in self.tasks.items()}
        root = wardrobe_set((height, height * 3 // 4))
        every, logos = read_list(root, "unpaired").samples, set(read_list(root, "logo").samples)
        people = range(len(every)) if rows is None else rows
        self.logos = torch.tensor([at for at, person in enumerate(people) if every[person] in logos], dtype=torch.long)

    def judge(self, result: Tensor, name: str) -> dict[str, Score]:
        """All figures of a system's results for a list.

        Returns:
            those of :func:`vtonlib.metrics.try_on.judge_try_on`; ``perceptual``; ``kid`` with its interval, a thousand
            times; ``is_lite0``; ``detail_amount`` and ``detail_match`` inside the garment; on ``unpaired`` also
            ``ssim_logo``, inside the garment for those with a logo or letters, if there are any.
        """
        task = self.tasks[name]
        figures = judge_try_on(result, task)
        figures["perceptual"] = perceptual_distance(result, task.truth, self.backbone)
        features = extract(result, self.classifier, 25)
        distance = kernel_distance_of_features(self.true_features[name], features)
        figures["kid"] = thousandfold(distance)
        figures["is_lite0"] = inception_score(self.classifier.probabilities_of(features))
        figures["detail_amount"] = detail_amount(result, task.truth, task.worn)
        figures["detail_match"] = detail_match(result, task.truth, task.worn)
        if name == "unpaired" and len(self.logos):
            figures["ssim_logo"] = ssim(result[self.logos], task.truth[self.logos], task.worn[self.logos])
        return figures

    def floor(self) -> Score:
        """KID, a thousand times, of as many pictures of other, real people: what no system can go below for long."""
        count = len(self.tasks["unpaired"].truth)
        worn = worn_garments("train", self.height, ("person",))
        rows = torch.linspace(0, len(worn.examples["garment"]) - 1, count).long()
        pictures = worn.examples["person.image"][rows].float().div(127.5).sub(1)
        return thousandfold(
            kernel_distance_of_features(self.true_features["unpaired"], extract(pictures, self.classifier, 25))
        )

    def real(self) -> Score:
        """IS-lite0 of the true pictures of ``unpaired``."""
        return inception_score(self.classifier.probabilities_of(self.true_features["unpaired"]))


def thousandfold(score: Score) -> Score:
    """A KID in the unit in which papers print it."""
    assert score.interval is not None
    low, high = score.interval
    return Score(1000 * score.value, f"1000 x {score.settings}", (1000 * low, 1000 * high))
