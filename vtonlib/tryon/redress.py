"""A person in what a sentence describes, by FashionGAN's two networks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vtonlib.data.keypoints import COCO
from vtonlib.data.labels import LIP
from vtonlib.data.outfits import Outfits
from vtonlib.data.representations.fashiongan import human_attributes, labels_7
from vtonlib.data.resize import pad_sample, resize_sample
from vtonlib.data.sample import Garment, Sample, View
from vtonlib.data.text import words_of
from vtonlib.data.views import Views
from vtonlib.errors import VtonError
from vtonlib.studies.redressing import redress_in_two_steps
from vtonlib.training.painting import PaintingStage
from vtonlib.training.stages.fashion_gan_shape import FashionGanShapeStage

SHAPE, PAINTER = "fashion_gan_shape.cpu", "fashion_gan_image.cpu"
"""Names in the zoo of the network that draws the new label map, and of the one that paints upon it."""

WEARERS = {"lady": "woman", "woman": "woman", "man": "man", "gentleman": "man"}
"""Words of a sentence that say how its wearer presents, as the captions of FashionGAN's data do."""

CHIN = 0.6
"""Where the chin lies, as a share of the way from the nose to the neck."""

LONG_HAIR = 0.04
"""From so much hair below the chin on, next to the face's pixels, hair counts as long."""


def redress(person: View, sentence: str, seed: int = 0) -> NDArray[np.uint8]:
    """A person in an outfit that a sentence describes, in their own pose.

    Args:
        person: with ``parse`` and ``keypoints``, in portrait format of four to three.
        sentence: such as "the lady wore a blue short-sleeved dress.".
        seed: of the noise of both networks.

    Returns:
        (S, S, 3) uint8 at the size of the networks, 128 x 128 for the shipped weights; the picture is a square.

    Raises:
        VtonError: if a field is missing, no skin is seen, or the sentence does not say who wears it.
    """
    from vtonlib.zoo.store import load

    shape, painter = load(SHAPE), load(PAINTER)
    assert isinstance(shape, FashionGanShapeStage)
    assert isinstance(painter, PaintingStage)
    side = painter.config.side
    sample = Sample("somebody", Garment("none"), person, attributes=seen_of(person, sentence))
    view = pad_sample(resize_sample(sample, (side, side * 3 // 4))).person
    views = Views.of([view])
    wearer = Outfits(
        ("somebody",),
        (sentence,),
        {
            "image": views.image,
            "labels": labels_7(views).byte(),
            "human": human_attributes(sample, view)[None],
            "keypoints": views.require("keypoints"),
        },
    )
    painted = redress_in_two_steps(shape, painter, wearer, [sentence], seed).finished[0].clamp(-1, 1)
    picture: NDArray[np.uint8] = (painted + 1).mul(127.5).round().byte().permute(1, 2, 0).numpy()
    return picture


def seen_of(person: View, sentence: str) -> dict[str, str | float | bool]:
    """What FashionGAN is told of a wearer beside colour and size: hat, glasses and hair of the labels, and the rest.

    Raises:
        VtonError: if the sentence does not say who wears it.
    """
    said = [WEARERS[word] for word in words_of(sentence) if word in WEARERS]
    if not said:
        raise VtonError(
            f'sentence {sentence!r}: does not say who wears it; begin with "the lady wore" or "the man wore"'
        )
    parse, joints = person.require("parse"), person.require("keypoints")
    nose, neck = joints[COCO["nose"], 1], joints[COCO["neck"], 1]
    rows = np.nonzero(parse == LIP["hair"])[0]
    below = float((rows > nose + CHIN * (neck - nose)).sum()) / max(1, int((parse == LIP["face"]).sum()))
    return {
        "gender": said[0],
        "hair_length": "long" if below > LONG_HAIR else "short",
        "sunglasses": "yes" if (parse == LIP["sunglasses"]).any() else "no",
        "hat": "cap" if (parse == LIP["hat"]).any() else "none",
    }
