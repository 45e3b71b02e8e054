"""MG-VTON's geometric matcher as it is used: for a body that nobody has seen yet, in a synthesised parsing."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import torch
from torch import Tensor

from vtonlib.data.feed import Feed
from vtonlib.data.pose_pairs import pose_pairs
from vtonlib.data.pose_task import PoseTask, pose_task
from vtonlib.data.representations.mg_vton import body_shape
from vtonlib.data.representations.multi_pose import garment_region
from vtonlib.data.views import Views, to_pictures
from vtonlib.data.wardrobe_set import SHIPPED
from vtonlib.geometry.sampling import warp
from vtonlib.metrics.iou import mask_iou
from vtonlib.metrics.l1 import l1
from vtonlib.metrics.score import Score
from vtonlib.models.mg_vton_matcher import MaskMatcher
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.matching import AT_ONCE, MatcherConfig
from vtonlib.training.pairs import pairs_of_a_run
from vtonlib.training.registry import register
from vtonlib.training.stages.mg_vton_matcher import MgVtonMatcherStage

PARSER = "mg_vton_parsing.cpu"
"""Name in the zoo of the parser that imagines the bodies."""


@register("mg_vton_pose_matcher")
class MgVtonPoseMatcherStage(MgVtonMatcherStage):
    """The warped mask must cover the clothes of the synthesised parsing; no true picture of the target is needed."""

    deviation: ClassVar[str] = (
        "layers and nodes are CP-VTON's, since the paper gives none; beside the body shape it sees where the clothes "
        "should be; a smoothness of the nodes; tops, bottoms and dresses; a start close to the identity; below "
        "256 x 192 fewer strided convolutions; slim width, larger and fewer steps in short runs"
    )

    @classmethod
    def build(cls, config: MatcherConfig) -> MaskMatcher:
        """Two channels on the person's side."""
        return MaskMatcher(config.size, config.width, target_mask=True)

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Feed:
        """Pairs of training people: what :func:`fitting` tells, and ``worn_mask``, which the warped mask must cover."""
        pairs = pose_pairs("train", budget.height)
        examples, garments = pairs_of_a_run(pairs, budget, PARSER), pairs.worn.garments

        def make(batch: Batch) -> Batch:
            category = garments["category"][batch["garment"]]
            told = fitting(Views.inside(batch, "person"), batch["labels"], category)
            return told | {
                "cloth": to_pictures(garments["image"][batch["garment"]]),
                "cloth_mask": garments["mask"][batch["garment"]][:, None].float(),
                "worn_mask": told["person"][:, 1:],
            }

        return Feed(examples, make, budget.batch_size, seed)

    def match_poses(self, task: PoseTask, labels: Tensor) -> Tensor:
        """Sampling grids (N, H, W, 2) on the CPU for a list and its synthesised labels (N, H, W)."""
        batch = fitting(task.reference, labels, task.category)
        batch |= {"cloth": task.cloth, "cloth_mask": task.cloth_mask}
        device = next(self.matcher.parameters()).device
        parts = zip(*(tensor.to(device).split(AT_ONCE) for tensor in batch.values()), strict=True)
        return torch.cat([self.predict(dict(zip(batch, part, strict=True)), torch.Generator()).cpu() for part in parts])

    def evaluate(self) -> dict[str, Score]:
        """IoU and L1 on the list ``multi_pose_unpaired``, whose parsings are synthesised."""
        from vtonlib.training.stages.mg_vton_parsing import MgVtonParsingStage
        from vtonlib.zoo.store import load  # the zoo imports the stages

        task = pose_task("multi_pose_unpaired", max(self.config.height, SHIPPED[0]))
        parser = load(PARSER)
        assert isinstance(parser, MgVtonParsingStage)
        return judge(self.match_poses(task, parser.parse_all(task)), task)


def fitting(reference: Views, labels: Tensor, category: Tensor) -> Batch:
    """``person`` (B, 2, H, W) in [0, 1]: the body shape and the garment's region of synthesised labels (B, H, W)."""
    imagined = replace(reference, parse=labels)
    return {"person": torch.cat([body_shape(imagined), garment_region(imagined, category)], dim=1)}


def judge(grids: Tensor, task: PoseTask) -> dict[str, Score]:
    """How well warped garments lie where they are really seen.

    Returns:
        ``iou`` of masks; ``l1`` of the pictures where the garment is seen.
    """
    warped = warp(task.cloth, grids, "border").clamp(-1, 1)
    return {
        "iou": mask_iou(warp(task.cloth_mask, grids), task.worn),
        "l1": l1(warped, task.truth, task.worn),
    }
