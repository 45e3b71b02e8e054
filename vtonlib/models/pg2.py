"""PG2's generators (Ma et al. 2017, "Pose guided person image generation", arXiv:1705.09368).

Two networks: the first draws the whole picture from what it is told, the second draws a difference that is added to it.
VITON's PRGAN tells them of a garment and a person where PG2 tells them of a picture and a pose. Written from the paper
and from facts about its code. Departure: sizes below 256 x 192 have fewer levels.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vtonlib.errors import VtonError
from vtonlib.nn.halvings import halvings

INNERMOST = (8, 6)
"""Rows and columns of the first generator's innermost map, whatever the size of the picture."""

FEWER_LEVELS = 2
"""The second generator has so many levels less, as it need not see the whole person at once."""


class ResidualUNet(nn.Module):
    """A U-Net whose every level is a residual pair of 3 x 3 convolutions; no normalisation, ReLU everywhere.

    Down by strided convolutions, up by nearest neighbours and a 1 x 1 convolution. Level k, from the outside in, has
    (k + 1) * width channels, and twice as many on the way up, where the skip is concatenated.

    Args:
        inputs: channels.
        levels: resolutions, one more than halvings.
        width: channels at full resolution, 128 in the paper.
        cells: rows and columns of the innermost map; None leaves the network fully convolutional. With cells a fully
            connected layer narrows that map down to ``code`` numbers, so that the network must know the whole person.
        code: those numbers, 64 in the paper.
    """

    def __init__(
        self, inputs: int, levels: int, width: int = 128, cells: tuple[int, int] | None = None, code: int = 64
    ) -> None:
        super().__init__()
        widths = [width * (level + 1) for level in range(levels)]
        self.first = nn.Conv2d(inputs, width, kernel_size=3, padding=1)
        self.encoder = nn.ModuleList(_Residual(wide) for wide in widths)
        self.down = nn.ModuleList(
            nn.Conv2d(wide, wide + width, kernel_size=3, stride=2, padding=1) for wide in widths[:-1]
        )
        self.bottleneck: nn.Module = nn.Identity()
        if cells is not None:
            numbers = widths[-1] * cells[0] * cells[1]
            self.bottleneck = nn.Sequential(
                nn.Flatten(), nn.Linear(numbers, code), nn.Linear(code, numbers), nn.Unflatten(1, (widths[-1], *cells))
            )
        self.decoder = nn.ModuleList(_Residual(2 * wide) for wide in reversed(widths))
        self.up = nn.ModuleList(nn.Conv2d(2 * wide, wide - width, kernel_size=1) for wide in widths[:0:-1])
        self.last = nn.Conv2d(2 * width, 3, kernel_size=3, padding=1)

    def forward(self, told: Tensor) -> Tensor:
        """Map (B, inputs, H, W) to (B, 3, H, W) without bounds."""
        x = F.relu(self.first(told))
        skips = []
        for level, encode in enumerate(self.encoder):
            x = encode(x)
            skips.append(x)
            if level < len(self.down):
                x = F.relu(self.down[level](x))
        x = self.bottleneck(x)
        for level, decode in enumerate(self.decoder):
            x = decode(torch.cat([x, skips.pop()], dim=1))
            if level < len(self.up):
                x = F.relu(self.up[level](F.interpolate(x, scale_factor=2.0, mode="nearest")))
        picture: Tensor = self.last(x)
        return picture


class FirstGenerator(ResidualUNet):
    """G1: the whole picture, with a bottleneck of 64 numbers.

    Args:
        inputs: channels of what it is told.
        size: (height, width) of the pictures: 8 x 6 doubled twice or more often.
        width: channels at full resolution, 128 in the paper.

    Raises:
        VtonError: for another size.
    """

    def __init__(self, inputs: int, size: tuple[int, int] = (256, 192), width: int = 128) -> None:
        super().__init__(inputs, levels_of(size), width, cells=INNERMOST)
        self.size = size

    def forward(self, told: Tensor) -> Tensor:
        """Map (B, inputs, H, W) to (B, 3, H, W).

        Raises:
            VtonError: for pictures of another size.
        """
        if tuple(told.shape[2:]) != self.size:
            raise VtonError(f"input is {tuple(told.shape)}; this generator draws {self.size[0]} x {self.size[1]}")
        return super().forward(told)


class SecondGenerator(ResidualUNet):
    """G2: a difference that is added to G1's picture; it sees that picture beside all that G1 was told.

    Args:
        inputs: channels of what G1 is told.
        size: (height, width) of the pictures.
        width: channels at full resolution, 128 in the paper.

    Raises:
        VtonError: for a size that is no doubling of 8 x 6.
    """

    def __init__(self, inputs: int, size: tuple[int, int] = (256, 192), width: int = 128) -> None:
        super().__init__(inputs + 3, levels_of(size) - FEWER_LEVELS, width)


def levels_of(size: tuple[int, int]) -> int:
    """Levels of G1, log2(H) - 2: 6 at 256 rows."""
    return halvings(size, INNERMOST) + 1


class _Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, kernel_size=3, padding=1)
        self.second = nn.Conv2d(width, width, kernel_size=3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return x + F.relu(self.second(F.relu(self.first(x))))
