"""One person before a mirror, as the systems want it: a list of one, of whose answer nothing is known."""

from __future__ import annotations

import torch
from torch import Tensor

from vtonlib.data.pose_task import PoseTask
from vtonlib.data.views import Views
from vtonlib.data.warp_task import WarpTask


def in_own_pose(person: Views, cloth: Tensor, cloth_mask: Tensor, category: str) -> WarpTask:
    """A person and a garment.

    Args:
        person: one view.
        cloth: (1, 3, H, W) in [-1, 1].
        cloth_mask: (1, 1, H, W) in {0, 1}.
        category: ``top``, ``bottom`` or ``dress``.

    Returns:
        a list whose truth is NaN, so that whoever looks at it is seen.
    """
    picture = torch.full_like(cloth, torch.nan)
    place = torch.full_like(cloth_mask, torch.nan)
    return WarpTask(
        person=person,
        old=place,
        cloth=cloth,
        cloth_mask=cloth_mask,
        truth=picture,
        worn=place,
        judged=place,
        correspondence=picture[:, :2].permute(0, 2, 3, 1),
        categories=(category,),
    )


def in_another_pose(person: Views, pose: Views, cloth: Tensor, cloth_mask: Tensor, category: str) -> PoseTask:
    """A person, a garment, and the joints of a pose to take.

    Args:
        person: one view.
        pose: of which nothing but the joints is told.
        cloth: (1, 3, H, W) in [-1, 1].
        cloth_mask: (1, 1, H, W) in {0, 1}.
        category: ``top``, ``bottom`` or ``dress``.

    Returns:
        a list whose target has joints and a black picture.
    """
    return PoseTask(
        reference=person,
        target=Views(torch.zeros_like(pose.image), keypoints=pose.require("keypoints")),
        cloth=cloth,
        cloth_mask=cloth_mask,
        worn=torch.full_like(cloth_mask, torch.nan),
        categories=(category,),
        turned=torch.zeros(1, dtype=torch.bool),
        framings=(("unknown", "unknown"),),
    )
