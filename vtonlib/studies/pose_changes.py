"""Chapter 11's questions to conditional parsing: what kind of change is hard, and what the reference gives away."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from vtonlib.data.closer import closer
from vtonlib.data.labels import LIP, LIP_20
from vtonlib.data.pose_task import PoseTask
from vtonlib.data.views import FIELDS, Views
from vtonlib.data.worn import worn_garments
from vtonlib.errors import VtonError
from vtonlib.metrics.iou import mean_iou
from vtonlib.metrics.score import Score

ARMS = ("left_arm", "right_arm")


def by_kind(task: PoseTask) -> dict[str, PoseTask]:
    """The people of a list by how their pose changes.

    Returns:
        ``same_framing``, who do not turn; ``turned``; and ``half_to_whole``, the whole people who do not turn, of whom
        the reference shows no more than head to hips, see :func:`vtonlib.data.closer.closer`.
    """
    turned = task.turned.tolist()
    still = [row for row, turns in enumerate(turned) if not turns]
    whole = [row for row in still if task.framings[row][0] == "whole"]
    near = task.only(whole)
    return {
        "same_framing": task.only(still),
        "turned": task.only([row for row, turns in enumerate(turned) if turns]),
        "half_to_whole": replace(near, reference=closer(near.reference)),
    }


def miou(labels: Tensor, task: PoseTask) -> Score:
    """Mean IoU of labels (N, H, W) of a list without the background."""
    return mean_iou(labels.long(), task.target.require("parse").long(), LIP_20, without=("background",))


def legs(labels: Tensor, task: PoseTask) -> Score:
    """Mean IoU of both bare legs in labels (N, H, W) of a list."""
    others = tuple(name for name in LIP_20 if name not in ("left_leg", "right_leg"))
    return mean_iou(labels.long(), task.target.require("parse").long(), LIP_20, without=others)


def references_in_the_new_garment(task: PoseTask) -> Views:
    """The people of ``multi_pose_unpaired`` in their old pose and the **new** garment, which no photograph could show.

    Raises:
        VtonError: if the list holds other people than the held-out ones in their order.
    """
    both = worn_garments("test", task.size[0], ("person", "swap"))
    views = Views.inside(both.examples, "person")
    count = len(views.image) // 2
    old, new = ({field: getattr(views, field)[part] for field in FIELDS} for part in (slice(count), slice(count, None)))
    if not torch.equal(old["image"], task.reference.image):
        raise VtonError("task: holds some of the held-out people or others; give multi_pose_unpaired as it is")
    return Views(**new)


def bare_arms(labels: Tensor) -> Tensor:
    """Pixels of bare arms and hands of each person in labels (N, H, W): (N,) float64."""
    arms = torch.isin(labels.long(), torch.tensor([LIP[name] for name in ARMS]))
    return arms.flatten(1).sum(1).double()
