"""Weights of the perceptual loss, balanced by measurement on people of the wardrobe.

Measured is a person in the other garment against the same person in the right one: the views ``swap`` and ``person`` of
the first 16 training samples at 128 x 96, in float32 on a CPU. That is a wrong try-on result as a reader would see it,
where everything but the garment is right. VGG19's numbers stand nowhere: its file is not everyone's, and the papers'
weights hold for another input and other pictures, so they are measured when the backbone is first used.
"""

from __future__ import annotations

from torch import Tensor

from vtonlib.data.layout import sample_names
from vtonlib.data.memory import load_fields
from vtonlib.data.views import to_pictures
from vtonlib.data.wardrobe_set import wardrobe_set
from vtonlib.losses.perceptual import balanced_weights
from vtonlib.nn.backbones.frozen import Backbone

PEOPLE = 16
SIZE = (128, 96)

BALANCE: dict[str, tuple[float, ...]] = {
    "human_parser": (0.8996, 0.8786, 1.146, 1.497),
    "efficientnet_lite0": (0.07008, 0.04417, 0.04323, 0.0451, 0.07923),
}
"""What :func:`measured_balance` gave, by the name of the backbone; the tests measure again."""


def balance(backbone: Backbone) -> tuple[float, ...]:
    """The weights of a backbone's layers with which each counts as much as the pixels.

    Those of :data:`BALANCE`, and for other backbones the same measurement now, which takes seconds and gives the same
    weights every time.
    """
    return BALANCE.get(backbone.name) or measured_balance(backbone)


def measured_balance(backbone: Backbone) -> tuple[float, ...]:
    """Measure the weights on the people that this module tells of; the backbone is on the CPU."""
    return balanced_weights(backbone, *wrong_and_right())


def wrong_and_right() -> tuple[Tensor, Tensor]:
    """People in the other garment, and in the right one: each (16, 3, 128, 96) in [-1, 1]."""
    root = wardrobe_set(SIZE)
    names = sample_names(root, "train")[:PEOPLE]
    loaded = load_fields(root, "train", ["swap.image", "person.image"], SIZE, names)
    return to_pictures(loaded["swap.image"]), to_pictures(loaded["person.image"])
