"""MG-VTON's first half as its second half sees it: parsing, garment and reference, brought into the new pose.

Three networks rest while the Warp-GAN and the refinement render learn: the conditional parser, the matcher that warps
garments, and the matcher that takes one parsing to another.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from vtonlib.data.feed import Feed
from vtonlib.data.labels import LIP_20
from vtonlib.data.pose_pairs import pose_pairs
from vtonlib.data.pose_task import PoseTask
from vtonlib.data.representations.mg_vton import pose
from vtonlib.data.representations.multi_pose import room, without_clothes
from vtonlib.data.views import Views, to_pictures
from vtonlib.geometry.sampling import warp
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.pairs import pairs_of_a_run
from vtonlib.training.stages.mg_vton_parsing import MgVtonParsingStage
from vtonlib.training.stages.mg_vton_pose_matcher import MgVtonPoseMatcherStage, fitting
from vtonlib.training.stages.parsing_matcher import ParsingMatcherStage, Transformation


class Aligned(NamedTuple):
    """What the resting networks give.

    Attributes:
        cloth: (B, 3, H, W) in [-1, 1], the warped garment.
        mask: (B, 1, H, W) in [0, 1], where it is.
        parsing: (B, 20, H, W) in {0, 1}, the synthesised labels.
        grid: (B, H, W, 2), where each point of the new pose lies in the reference; None if nothing is to be warped.
    """

    cloth: Tensor
    mask: Tensor
    parsing: Tensor
    grid: Tensor | None


class Alignment:
    """The three networks with weights of the zoo.

    Args:
        parser: name in the zoo of the conditional parser.
        matcher: of the garments' matcher.
        parsing_matcher: of the matcher of parsings.

    Raises:
        VtonError: if the zoo has no such weights.
    """

    def __init__(self, parser: str, matcher: str, parsing_matcher: str) -> None:
        from vtonlib.zoo.store import load  # the zoo imports the stages

        first, second, third = load(parser), load(matcher), load(parsing_matcher)
        assert isinstance(first, MgVtonParsingStage)
        assert isinstance(second, MgVtonPoseMatcherStage)
        assert isinstance(third, ParsingMatcherStage)
        self.parser, self.matcher, self.parsing_matcher = first, second, third

    @property
    def networks(self) -> dict[str, nn.Module]:
        """All that must go to the device."""
        return {
            "parser": self.parser.parser,
            "matcher": self.matcher.matcher,
            "affine": self.parsing_matcher.affine,
            "tps": self.parsing_matcher.tps,
        }

    def align(self, batch: Batch, transformation: Transformation | None) -> Aligned:
        """Warp the garment, and say how the reference would have to be warped, from what :func:`known` tells."""
        grid = self.matcher.predict(
            {name: batch[name] for name in ("person", "cloth", "cloth_mask")}, torch.Generator()
        )
        parsing = channels(batch["labels"])
        where = None
        if transformation is not None:
            where = self.parsing_matcher.grids(channels(batch["reference_labels"]), parsing, transformation)
        return Aligned(warp(batch["cloth"], grid, "border"), warp(batch["cloth_mask"], grid), parsing, where)

    def see(self, task: PoseTask) -> Batch:
        """What the second half is told of people of a list; their new parsing is synthesised here."""
        told = known(task.reference, task.target, self.parser.parse_all(task), task.category)
        return told | {"cloth": task.cloth, "cloth_mask": task.cloth_mask}


def known(reference: Views, target: Views, labels: Tensor, category: Tensor) -> Batch:
    """What is known of people before they are dressed.

    Args:
        reference: the people as they are.
        target: of whom only the joints are told.
        labels: (B, H, W), the synthesised parsing.
        category: (B,) int64, of the garments, index into :data:`vtonlib.data.sample.CATEGORIES`.

    Returns:
        ``reference`` (B, 3, H, W) in [-1, 1], without clothes; ``reference_labels`` and ``labels`` (B, H, W) int64;
        ``pose`` (B, 18, H, W); ``room`` (B, 1, H, W); ``person`` (B, 2, H, W) for the garments' matcher.
    """
    before = reference.require("parse").long()
    return {
        "reference": without_clothes(reference, category),
        "reference_labels": before,
        "labels": labels.long(),
        "pose": pose(target),
        "room": room(before, labels.long()),
        **fitting(reference, labels, category),
    }


def feed(budget: Budget, parser: str, seed: int) -> Feed:
    """Batches of training pairs with synthesised parsings.

    Beside what :func:`known` tells: ``cloth`` (B, 3, H, W) and ``cloth_mask`` (B, 1, H, W), the garment in the shop;
    ``image`` (B, 3, H, W), the true picture.
    """
    pairs = pose_pairs("train", budget.height)
    garments = pairs.worn.garments

    def make(batch: Batch) -> Batch:
        target, garment = Views.inside(batch, "person"), batch["garment"]
        told = known(pairs.views(batch["reference"]), target, batch["labels"], garments["category"][garment])
        return told | {
            "cloth": to_pictures(garments["image"][garment]),
            "cloth_mask": garments["mask"][garment][:, None].float(),
            "image": target.pictures(),
        }

    return Feed(pairs_of_a_run(pairs, budget, parser), make, budget.batch_size, seed)


def channels(labels: Tensor) -> Tensor:
    """Labels (B, H, W) int64 as one channel each: (B, 20, H, W) float32 in {0, 1}."""
    empty = torch.zeros(len(labels), len(LIP_20), *labels.shape[1:], device=labels.device)
    return empty.scatter_(1, labels.unsqueeze(1), 1.0)  # in the layout that convolutions want, unlike one_hot


def in_the_room(pictures: Tensor, reference: Tensor, seen: Tensor) -> Tensor:
    """Pictures with the reference's own wall where it stays in sight.

    Args:
        pictures: (B, 3, H, W) in [-1, 1].
        reference: (B, 3, H, W) in [-1, 1].
        seen: (B, 1, H, W) in {0, 1}, see :func:`vtonlib.data.representations.multi_pose.room`.
    """
    return seen * reference + (1 - seen) * pictures
