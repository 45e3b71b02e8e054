"""A small network that tells what somebody wears: chapter 03's judge of painted people. No paper."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import cast

from torch import Tensor, nn

from vtonlib.nn.expect import expect


class UpperBodyDetector(nn.Module):
    """Four convolutions, each at half the size of the one before, their mean, and a linear head for each attribute.

    Args:
        attributes: how many values each has, by name.
        width: channels of the first convolution; the last has six times as many.
        side: of the pictures, a multiple of 16.
    """

    def __init__(self, attributes: Mapping[str, int], width: int = 32, side: int = 64) -> None:
        super().__init__()
        self.side = side
        channels = (3, width, 2 * width, 4 * width, 6 * width)
        layers: list[nn.Module] = []
        for before, after in pairwise(channels):
            layers += [
                nn.Conv2d(before, after, kernel_size=3, padding=1, stride=2, bias=False),
                nn.BatchNorm2d(after),
                nn.ReLU(inplace=True),
            ]
        layers += [
            nn.Flatten(),
            nn.Dropout(0.3),
            nn.Linear(channels[-1] * (side // 16) ** 2, 128),
            nn.ReLU(inplace=True),
        ]
        self.body = nn.Sequential(*layers)
        self.heads = nn.ModuleDict({name: nn.Linear(128, values) for name, values in attributes.items()})

    def forward(self, picture: Tensor) -> dict[str, Tensor]:
        """Logits (B, values) of each attribute of pictures (B, 3, side, side) in [-1, 1].

        Raises:
            VtonError: if they have another shape.
        """
        expect("picture", picture, 3, self.side, self.side)
        seen = self.body(picture)
        return {name: cast(Tensor, head(seen)) for name, head in self.heads.items()}
