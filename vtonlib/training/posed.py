"""Pairs of poses for the baselines, which know the reference as they always do and the joints of the new pose."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from vtonlib.data.feed import Feed
from vtonlib.data.pose_pairs import pose_pairs
from vtonlib.data.views import Views, to_pictures
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch

POSE = 18
"""Channels that are appended."""

SeePosed = Callable[[Views, Views, Tensor], Batch]
"""Takes N references, N targets, of whom only the joints may be told, and the categories (N,) of the garments."""


def feed(budget: Budget, see: SeePosed, seed: int) -> Feed:
    """Batches of training people in one garment and two poses.

    Beside what ``see`` says: ``image`` (B, 3, H, W), the true picture; ``cloth`` (B, 3, H, W) and ``cloth_mask``
    (B, 1, H, W), the garment in the shop; ``worn_mask`` (B, 1, H, W), where it is seen in the new pose.
    """
    pairs = pose_pairs("train", budget.height)
    garments = pairs.worn.garments

    def make(batch: Batch) -> Batch:
        target, garment = Views.inside(batch, "person"), batch["garment"]
        return see(pairs.views(batch["reference"]), target, garments["category"][garment]) | {
            "image": target.pictures(),
            "cloth": to_pictures(garments["image"][garment]),
            "cloth_mask": garments["mask"][garment][:, None].float(),
            "worn_mask": batch["worn"][:, None].float(),
        }

    return Feed(pairs.worn.examples | {"reference": pairs.reference}, make, budget.batch_size, seed)
