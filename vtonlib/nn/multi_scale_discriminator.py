"""The discriminator of pix2pixHD (Wang et al. 2018, arXiv:1711.11585), which MG-VTON takes over.

Patch discriminators of one kind look at the picture and at the same picture made half as large, so one asks for
texture and one for layout. It also tells what it saw on the way, for a loss that compares features.

The paper of pix2pixHD writes four layers that halve, its code has three by default; MG-VTON (Dong et al. 2019,
arXiv:1902.11026, section 4.2) says four.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vtonlib.nn.strided import SLOPE, normal_weights

WIDEST = 512


class Judged(NamedTuple):
    """What one scale says.

    Attributes:
        logits: (B, 1, h, w) of the patches, larger where they look real.
        features: what each layer before the last gave, from fine to coarse.
    """

    logits: Tensor
    features: list[Tensor]


class ScaleDiscriminator(nn.Module):
    """Convolutions of 4 x 4 padded by 2: ``levels`` that halve the picture, one more, and one to a single channel.

    Args:
        inputs: channels of the picture and of all that it is judged beside, concatenated.
        width: channels of the first layer; they double up to :data:`WIDEST`.
        levels: halvings.
    """

    def __init__(self, inputs: int, width: int = 64, levels: int = 4) -> None:
        super().__init__()
        widths = [min(width << level, WIDEST) for level in range(levels + 1)]
        first = nn.Conv2d(inputs, width, kernel_size=4, stride=2, padding=2)
        layers: list[nn.Module] = [nn.Sequential(first, nn.LeakyReLU(SLOPE))]
        for level in range(1, levels + 1):
            convolution = nn.Conv2d(
                widths[level - 1], widths[level], kernel_size=4, stride=2 if level < levels else 1, padding=2
            )
            layers.append(nn.Sequential(convolution, nn.InstanceNorm2d(widths[level]), nn.LeakyReLU(SLOPE)))
        self.layers = nn.ModuleList(layers)
        self.last = nn.Conv2d(widths[-1], 1, kernel_size=4, padding=2)

    def forward(self, seen: Tensor) -> Judged:
        """Judge (B, inputs, H, W)."""
        features = []
        for layer in self.layers:
            seen = layer(seen)
            features.append(seen)
        return Judged(self.last(seen), features)


class MultiScaleDiscriminator(nn.Module):
    """One :class:`ScaleDiscriminator` for each size.

    Args:
        inputs: channels of the picture and of all that it is judged beside, concatenated.
        width: channels of each first layer, 64 in the paper.
        levels: halvings, 4 in MG-VTON and 3 in pix2pixHD's code.
        scales: sizes, each half of the one before; 2 in pix2pixHD's code.
    """

    def __init__(self, inputs: int, width: int = 64, levels: int = 4, scales: int = 2) -> None:
        super().__init__()
        self.scales = nn.ModuleList(ScaleDiscriminator(inputs, width, levels) for _ in range(scales))
        self.apply(normal_weights(0.02))

    def forward(self, *seen: Tensor) -> list[Judged]:
        """Judge what is seen, (B, C, H, W) tensors that are put beside each other, from large to small."""
        pictures, judged = torch.cat(seen, dim=1), []
        for number, scale in enumerate(self.scales):
            if number:
                pictures = F.avg_pool2d(pictures, 3, stride=2, padding=1, count_include_pad=False)
            judged.append(scale(pictures))
        return judged
