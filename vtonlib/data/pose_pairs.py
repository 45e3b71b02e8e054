"""Pairs of pictures of one person in one garment and two poses: what MG-VTON's networks learn from.

A sample of the wardrobe shows each of its two garments in both of its poses. Each of its four views is the target of
one pair, whose reference is the view of the same garment in the other pose.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from vtonlib.data.sample import VIEWS
from vtonlib.data.views import FIELDS, Views
from vtonlib.data.worn import Worn, worn_garments

REFERENCE_OF = {
    "person": "other_pose",
    "other_pose": "person",
    "swap": "other_pose_swap",
    "other_pose_swap": "swap",
}
"""Target -> reference: another pose, the same garment."""


@dataclass(frozen=True, eq=False)
class PosePairs:
    """N pairs.

    Attributes:
        worn: the pictures of all views, each the target of a pair, and the garments that they show.
        reference: (N,) int64, for each row of ``worn.examples`` the row of its reference.
    """

    worn: Worn
    reference: Tensor

    def views(self, rows: Tensor) -> Views:
        """The pictures at some rows of ``worn.examples``, (B,) int64."""
        return Views(**{field: self.worn.examples[f"person.{field}"][rows] for field in FIELDS})


def pose_pairs(split: str, height: int) -> PosePairs:
    """All pairs of a split of the wardrobe.

    Args:
        split: ``train`` or ``test``.
        height: H; W is three quarters of it.
    """
    worn = worn_garments(split, height, VIEWS)
    people = torch.arange(len(worn.examples["garment"]) // len(VIEWS))
    first = [len(people) * VIEWS.index(REFERENCE_OF[view]) for view in VIEWS]
    return PosePairs(worn, torch.cat([start + people for start in first]))
