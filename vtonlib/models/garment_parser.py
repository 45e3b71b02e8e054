"""Reads a shop's picture of a garment: where cloth is, where the inside of the collar is, how much shines through.

VITON's authors (Han et al. 2018, arXiv:1711.08447) say that the neck tag should be hidden and give no
network for it; this one is our own: the human parser's U-Net (:mod:`vtonlib.models.human_parser`) with four outputs. It
normalises over the batch and not over a picture, since how pale a garment is tells whether it is sheer.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from vtonlib.models.human_parser import HumanParser

LABELS = ("paper", "cloth", "inner_collar")
"""What the parser tells apart; the label in the collar counts as inner collar."""


class ParsedGarment(NamedTuple):
    """What the parser gives.

    Attributes:
        logits: (B, 3, H, W), one for each of :data:`LABELS`.
        through: (B, 1, H, W), the logit of what shines through.
    """

    logits: Tensor
    through: Tensor

    @property
    def sheer(self) -> Tensor:
        """The share of skin that would show through: (B, 1, H, W) in [0, 1]."""
        return self.through.sigmoid()

    @property
    def inner(self) -> Tensor:
        """The inside of the collar: (B, 1, H, W) in {0, 1}."""
        return (self.logits.argmax(1, keepdim=True) == LABELS.index("inner_collar")).float()


class GarmentParser(nn.Module):
    """A U-Net from RGB to labels and to what shines through.

    Args:
        width: channels at half resolution; they double twice on the way down.
    """

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        self.unet = HumanParser(len(LABELS) + 1, width)

    def forward(self, cloth: Tensor) -> ParsedGarment:
        """Read pictures (B, 3, H, W) in [-1, 1].

        Raises:
            VtonError: if H or W is no multiple of 16.
        """
        logits, through = torch.split(self.unet(cloth), [len(LABELS), 1], dim=1)
        return ParsedGarment(logits, through)
