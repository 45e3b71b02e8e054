"""All four networks of MG-VTON in a row: parsing, both warps, the Warp-GAN, the render."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray

from vtonlib.data.resize import resize_sample
from vtonlib.data.sample import CATEGORIES, Garment, Sample, View
from vtonlib.data.views import Views, to_pictures
from vtonlib.errors import VtonError
from vtonlib.training import alignment
from vtonlib.training.stages import mg_vton_parsing
from vtonlib.training.stages.mg_vton_render import MgVtonRenderStage

WEIGHTS = "mg_vton_render.cpu"
"""Name in the zoo of the render; it names those of the networks before it."""


def try_on(person: View, cloth: Garment, pose: View | None = None) -> NDArray[np.uint8]:
    """A person in a garment and a pose.

    Args:
        person: with ``parse`` and ``keypoints``, in portrait format of four to three.
        cloth: with ``image``, ``mask`` and ``category``.
        pose: of whom nothing but the joints is looked at; None keeps the person's own pose.

    Returns:
        (H, W, 3) uint8 at the size of the networks, 128 x 96 for the shipped weights.

    Raises:
        VtonError: if a field is missing, or a picture has another format.
    """
    stage = render()
    size = (stage.config.height, stage.config.height * 3 // 4)
    pose = person if pose is None else pose
    for what, image in (("person", person.image), ("pose", pose.image), ("garment", cloth.require("image"))):
        if abs(image.shape[0] * 3 - image.shape[1] * 4) > max(image.shape[:2]) * 0.04:
            raise VtonError(f"{what}: is {image.shape[0]}x{image.shape[1]}; crop it to portrait format, four to three")
    cloth.require("mask")
    small = resize_sample(Sample("somebody", cloth, person, other_pose=pose), size)
    assert small.other_pose is not None
    reference, target = Views.of([small.person]), Views.of([small.other_pose])
    worn = to_pictures(torch.from_numpy(small.cloth.require("image")).permute(2, 0, 1)[None])
    mask = torch.from_numpy(small.cloth.require("mask"))[None, None].float()
    category = torch.tensor([CATEGORIES.index(cloth.require("category"))])
    labels = stage.coarse.alignment.parser.labels(mg_vton_parsing.known(reference, target, worn))
    told = alignment.known(reference, target, labels, category) | {"cloth": worn, "cloth_mask": mask}
    picture = stage.predict(told, torch.Generator())[0, :3].clamp(-1, 1)
    dressed: NDArray[np.uint8] = (picture + 1).mul(127.5).round().byte().permute(1, 2, 0).numpy()
    return dressed


@lru_cache(maxsize=1)
def render() -> MgVtonRenderStage:
    """The shipped render with all networks before it, on the CPU."""
    from vtonlib.zoo.store import load

    stage = load(WEIGHTS)
    assert isinstance(stage, MgVtonRenderStage)
    return stage
