"""Chapter 05's methods side by side: the same wearers, the same sentences, every step kept for looking at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from vtonlib.data.design import design_coding
from vtonlib.data.outfits import Outfits
from vtonlib.data.views import to_pictures
from vtonlib.models.fashion_gan.finish import balance_skin, keep_hair_and_face
from vtonlib.training.painting import PaintingStage
from vtonlib.training.stages.fashion_gan_shape import FashionGanShapeStage

METHODS = {
    "fashiongan": "fashion_gan_image",
    "non_compositional": "non_compositional",
    "one_step_8_7": "one_step_8_7",
    "one_step_8_4": "one_step_8_4",
}
"""Name of the method -> the stage that paints."""

TWO_STEPS = ("fashiongan", "non_compositional")
"""Those that paint upon a new map; the others are told the photo's."""


@dataclass(frozen=True, eq=False)
class Redressed:
    """N people after a method.

    Attributes:
        maps: (N, S, S) int64, the new map, or None for a method that draws none.
        painted: (N, 3, S, S) in [-1, 1], as the generator gave it.
        finished: the same with skin balanced (where there is a map) and the photo's own hair and face.
    """

    maps: Tensor | None
    painted: Tensor
    finished: Tensor


def redress_in_two_steps(
    shape: FashionGanShapeStage, painter: PaintingStage, wearers: Outfits, sentences: Sequence[str], seed: int = 0
) -> Redressed:
    """First the new map, then a picture upon it.

    Args:
        shape: draws the map.
        painter: FashionGAN's second stage, or the baseline without compositional mapping.
        wearers: N people in their photo.
        sentences: N, what they are to wear.
        seed: of the noise of both stages.
    """
    coding, old = design_coding(wearers, sentences), wearers.tensors["labels"].long()
    maps = shape.map_for(old, coding, seed)
    painted = painter.draw(maps, coding, seed)
    photo = to_pictures(wearers.tensors["image"])
    balanced = balance_skin(painted, photo, old, maps)
    return Redressed(maps, painted, keep_hair_and_face(balanced, photo, old))


def redress_in_one_step(painter: PaintingStage, wearers: Outfits, sentences: Sequence[str], seed: int = 0) -> Redressed:
    """Straight to the picture, from what the painter may see of the photo's map.

    Args:
        painter: One-Step-8-7 or One-Step-8-4.
        wearers: N people in their photo.
        sentences: N, what they are to wear.
        seed: of the noise.
    """
    old, photo = wearers.tensors["labels"].long(), to_pictures(wearers.tensors["image"])
    painted = painter.draw(old, design_coding(wearers, sentences), seed)
    return Redressed(None, painted, keep_hair_and_face(painted, photo, old))
