"""CRN, the cascaded refinement network (Chen and Koltun 2017, arXiv:1707.09405), as VITON compares it.

VITON (Han et al. 2018, arXiv:1711.08447) gives it what its own generator is given, a garment and the
person representation, and wants one picture where the paper wants nine to choose from. Departures: it starts at 4 x 3,
so that doubling ends at 256 x 192; a slim width keeps the paper's proportion of coarse to fine channels.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vtonlib.errors import VtonError
from vtonlib.models.viton import INNERMOST, PERSON_CHANNELS
from vtonlib.nn.halvings import halvings
from vtonlib.nn.strided import SLOPE

COARSE_ROWS = 64
"""Modules of so many rows or fewer are twice as wide as the finer ones."""


class CascadedRefinementNetwork(nn.Module):
    """One module for each size, from 4 x 3 up; each sees the whole input at its size, and what the last one made.

    There is no bottleneck and no skip: layout is decided at 4 x 3, and each module adds what its size can show. A
    module is two convolutions of 3 x 3 with layer normalisation and LeakyReLU. 98,139,651 parameters by default.

    Args:
        size: (height, width) of the pictures: 4 x 3 doubled twice or more often.
        width: channels of the fine modules, 512 in the paper; those up to 64 rows have twice as many.
        person_channels: of the person representation.

    Raises:
        VtonError: for another size.
    """

    def __init__(
        self, size: tuple[int, int] = (256, 192), width: int = 512, person_channels: int = PERSON_CHANNELS
    ) -> None:
        super().__init__()
        self.size, self.channels = size, (3, person_channels)
        inputs = 3 + person_channels
        self.cascade = nn.ModuleList()
        before = 0
        for level in range(halvings(size, INNERMOST) + 1):
            after = width if INNERMOST[0] << level > COARSE_ROWS else 2 * width
            self.cascade.append(nn.Sequential(*_layer(before + inputs, after), *_layer(after, after)))
            before = after
        self.last = nn.Conv2d(before, 3, kernel_size=1)

    def forward(self, cloth: Tensor, person: Tensor) -> Tensor:
        """Imagine a person in a garment: (B, 3, H, W), meant for [-1, 1] but without bounds, as in the paper.

        Args:
            cloth: (B, 3, H, W) in [-1, 1], the garment as a shop shows it.
            person: (B, person_channels, H, W) in [-1, 1].

        Raises:
            VtonError: if channels are missing, or the size is not that of the network.
        """
        if (cloth.shape[1], person.shape[1]) != self.channels or tuple(cloth.shape[2:]) != self.size:
            raise VtonError(
                f"cloth is {tuple(cloth.shape)}, person {tuple(person.shape)}; this network takes {self.channels[0]} "
                f"and {self.channels[1]} channels of {self.size[0]} x {self.size[1]}"
            )
        given = torch.cat([cloth, person], dim=1)
        x = given[:, :0]
        for level, module in enumerate(self.cascade):
            size = (INNERMOST[0] << level, INNERMOST[1] << level)
            seen = F.interpolate(given, size, mode="area")
            if level:
                x = F.interpolate(x, size, mode="bilinear", align_corners=True)
                seen = torch.cat([x, seen], dim=1)
            x = module(seen)
        picture: Tensor = self.last(x)
        return picture


def _layer(before: int, after: int) -> tuple[nn.Module, ...]:
    """Layer normalisation over a whole picture, with a scale and a shift for each channel, is one group."""
    convolution = nn.Conv2d(before, after, kernel_size=3, padding=1, bias=False)
    return convolution, nn.GroupNorm(1, after), nn.LeakyReLU(SLOPE)
