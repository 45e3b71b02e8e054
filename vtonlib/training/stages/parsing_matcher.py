"""CNNGeometric on people's labels: the matcher that MG-VTON borrows to warp features from pose to pose."""

from __future__ import annotations

from typing import ClassVar, Literal, get_args

import torch
from torch import Tensor

from vtonlib.data.feed import Feed
from vtonlib.data.labels import LIP_20
from vtonlib.data.pose_task import PoseTask, pose_task
from vtonlib.data.representations.mg_vton import parsing
from vtonlib.data.synthetic_warps import AffineRanges, SyntheticWarps
from vtonlib.data.views import Views
from vtonlib.data.wardrobe_set import SHIPPED
from vtonlib.data.worn import worn_garments
from vtonlib.errors import VtonError
from vtonlib.geometry.sampling import warp
from vtonlib.metrics.iou import mean_iou
from vtonlib.metrics.score import Score
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.matching import shrunk
from vtonlib.training.registry import register
from vtonlib.training.stages.cnn_geometric import CnnGeometricStage

AT_ONCE = 25

Transformation = Literal["affine", "tps", "both"]
TRANSFORMATIONS: tuple[Transformation, ...] = get_args(Transformation)

WIDE = AffineRanges(scale=0.5, shift=0.4)
"""People come nearer and step aside more than the paper's photographs do."""


@register("parsing_matcher")
class ParsingMatcherStage(CnnGeometricStage):
    """Two networks, each trained on warps of its own kind; the pictures are labels, one channel each.

    MG-VTON takes networks that others trained on photographs. On labels of flat colour those see little but edges.
    """

    paper: ClassVar[str] = (
        "CNNGeometric (Rocco et al. 2017, arXiv:1703.05593), as MG-VTON (Dong et al. 2019, arXiv:1902.11026, section "
        "3.2) uses it"
    )
    deviation: ClassVar[str] = (
        "trained on warps of people's labels, in wider ranges, and not on photographs; a small tower that is trained "
        "along instead of VGG16; nothing is cropped between the two steps; few steps in the cpu profile"
    )
    source: ClassVar[str] = "parsing"
    channels: ClassVar[int] = len(LIP_20)
    ranges: ClassVar[AffineRanges] = WIDE

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Feed:
        """``parsing`` (B, 20, H, W) in {0, 1} of all views of the training people."""
        return Feed(worn_garments("train", budget.height).examples, _parsings, budget.batch_size, seed)

    def grids(self, reference: Tensor, target: Tensor, transformation: Transformation = "both") -> Tensor:
        """Where each point of the target lies in the reference.

        Args:
            reference: (B, 20, H, W) in [0, 1], one channel for each label.
            target: of the same shape, such as the synthesised one.
            transformation: ``both``, first the affine map and then the spline for what is left; ``affine`` alone; or
                ``tps``, the spline alone, which then sees the reference as it is.

        Returns:
            Sampling grids (B, H, W, 2).

        Raises:
            VtonError: for another transformation.
        """
        if transformation not in TRANSFORMATIONS:
            raise VtonError(f"transformation is {transformation!r}; choose one of {', '.join(TRANSFORMATIONS)}")
        if transformation == "both":
            return self.predict({"parsing": reference, "target": target}, torch.Generator())
        small = shrunk({"reference": reference, "target": target}, self.config.size)
        network = self.networks[transformation].eval()
        with torch.no_grad():
            theta = network(small["reference"], small["target"]).float()
        return SyntheticWarps(transformation, (reference.shape[2], reference.shape[3])).grid(theta)

    def match_parsings(self, reference: Tensor, target: Tensor) -> Tensor:
        """Where each point of one parsing lies in another.

        Args:
            reference: (N, 20, H, W) in [0, 1], one channel for each label.
            target: of the same shape, such as the synthesised one.

        Returns:
            Sampling grids (N, H, W, 2) on the CPU.
        """
        device = next(self.affine.parameters()).device
        grids = []
        for rows in torch.arange(len(reference)).split(AT_ONCE):
            batch = {"parsing": reference[rows].to(device), "target": target[rows].to(device)}
            grids.append(self.predict(batch, torch.Generator()).cpu())
        return torch.cat(grids)

    def evaluate(self) -> dict[str, Score]:
        """Mean IoU of the reference's labels, warped, with the true ones on the list ``multi_pose``; and unwarped."""
        task = pose_task("multi_pose", max(self.config.height, SHIPPED[0]))
        return judge(self.match_parsings(parsing(task.reference), parsing(task.target)), task)


def judge(grids: Tensor, task: PoseTask) -> dict[str, Score]:
    """Mean IoU, without the background, of the reference's labels with the true ones.

    Returns:
        ``miou``, warped by grids (N, H, W, 2); ``miou_still``, as they are.
    """
    reference, truth = (views.require("parse").long() for views in (task.reference, task.target))
    moved = warp(parsing(task.reference), grids, "border", "nearest").argmax(1)
    scores = {"miou": moved, "miou_still": reference}
    return {name: mean_iou(labels, truth, LIP_20, without=("background",)) for name, labels in scores.items()}


def _parsings(batch: Batch) -> Batch:
    return {"parsing": parsing(Views.inside(batch, "person"))}
