"""A person in a garment and a pose, by any system that ships."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from vtonlib.data.resize import resize_sample
from vtonlib.data.sample import Garment, Sample, View
from vtonlib.data.views import Views, to_pictures
from vtonlib.errors import VtonError
from vtonlib.training.multi_pose import MultiPoseStage
from vtonlib.tryon.systems import DEFAULT, SYSTEMS, load_system
from vtonlib.tryon.tasks import in_another_pose, in_own_pose


def try_on(person: View, cloth: Garment, pose: View | None = None, system: str = DEFAULT) -> NDArray[np.uint8]:
    """A person in a garment and a pose.

    Args:
        person: with ``parse`` and ``keypoints``, in portrait format of four to three.
        cloth: with ``image``, ``mask`` and ``category``.
        pose: of whom nothing but the joints is looked at; None keeps the person's own pose.
        system: one of :data:`vtonlib.tryon.systems.SYSTEMS`.

    Returns:
        (H, W, 3) uint8 at the size of the networks, 128 x 96 for the shipped weights.

    Raises:
        VtonError: if a field is missing, a picture has another format, there is no such system, or it takes no poses.
    """
    stage = load_system(system)
    if pose is not None and not SYSTEMS[system].takes_poses:
        able = ", ".join(name for name, each in SYSTEMS.items() if each.takes_poses)
        raise VtonError(f"system {system!r} keeps the person's own pose; leave the pose out, or choose one of {able}")
    for what, image in (
        ("person", person.image),
        ("pose", (pose or person).image),
        ("garment", cloth.require("image")),
    ):
        if abs(image.shape[0] * 3 - image.shape[1] * 4) > max(image.shape[:2]) * 0.04:
            raise VtonError(f"{what}: is {image.shape[0]}x{image.shape[1]}; crop it to portrait format, four to three")
    cloth.require("mask")
    height = stage.config.height
    small = resize_sample(Sample("somebody", cloth, person, other_pose=pose or person), (height, height * 3 // 4))
    assert small.other_pose is not None
    reference, target = Views.of([small.person]), Views.of([small.other_pose])
    worn = to_pictures(torch.from_numpy(small.cloth.require("image")).permute(2, 0, 1)[None])
    mask = torch.from_numpy(small.cloth.require("mask"))[None, None].float()
    category = cloth.require("category")
    if isinstance(stage, MultiPoseStage):
        answer = stage.try_on(in_another_pose(reference, target, worn, mask, category))
    else:
        answer = stage.try_on(in_own_pose(reference, worn, mask, category))
    picture = answer[0].clamp(-1, 1)
    dressed: NDArray[np.uint8] = (picture + 1).mul(127.5).round().byte().permute(1, 2, 0).numpy()
    return dressed
