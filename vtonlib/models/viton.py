"""VITON (Han et al. 2018, "VITON: An image-based virtual try-on network", arXiv:1711.08447).

Written from the paper and from facts about its code, which fills in what the paper leaves open. Departures: sizes below
256 x 192 leave out the innermost levels (:class:`CoarseGenerator`), and batch normalisation forgets at PyTorch's pace,
a tenth with each batch, where the code's thousandth would need thousands of steps before it can be trusted.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vtonlib.errors import VtonError
from vtonlib.nn.halvings import halvings
from vtonlib.nn.strided import SLOPE, normal_weights

PERSON_CHANNELS = 22
"""Of :func:`vtonlib.data.representations.viton.person_representation`: pose 18, body shape 1, face and hair 3."""

INNERMOST = (4, 3)
"""Rows and columns of the generator's innermost map, whatever the size of the picture."""


class Coarse(NamedTuple):
    """What the coarse generator gives.

    Attributes:
        picture: (B, 3, H, W) in [-1, 1], I' in the paper.
        mask: (B, 1, H, W) in [-1, 1], M in the paper: learned as 1 on the garment and 0 elsewhere, though a tanh gives
            it. :attr:`region` is its reading.
    """

    picture: Tensor
    mask: Tensor

    @property
    def region(self) -> Tensor:
        """The mask where it can be one: (B, 1, H, W) in [0, 1]."""
        return self.mask.clamp(0, 1)


class CoarseGenerator(nn.Module):
    """The multi-task encoder-decoder of section 3.2: one U-Net for the dressed person and for the garment's mask.

    Each convolution halves or doubles the picture, has no bias, reads an activation of what came before, and is
    normalised, but for the first and the last one. 29,269,632 parameters by default.

    Args:
        size: (height, width) of the pictures: 4 x 3 doubled twice or more often. There is one level for each doubling,
            6 in the paper.
        width: channels at half resolution, 64 in the paper; they double up to 8 times as many.
        person_channels: of the person representation.
        dropout: share of the innermost decoded features that a training step leaves out, below 1.

    Raises:
        VtonError: for another size.
    """

    def __init__(
        self,
        size: tuple[int, int] = (256, 192),
        width: int = 64,
        person_channels: int = PERSON_CHANNELS,
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        self.channels, self.dropout = (3, person_channels), dropout
        widths = [min(width << level, 8 * width) for level in range(halvings(size, INNERMOST))]
        self.encoder = nn.ModuleList(
            _encoding(before, after, norm=level > 0)
            for level, (before, after) in enumerate(zip([3 + person_channels, *widths], widths, strict=False))
        )
        # From the inside out; all but the innermost also read the skip, which is as wide as what comes from below.
        before_up = [widths[-1], *(2 * wide for wide in widths[-2::-1])]
        self.decoder = nn.ModuleList(
            _decoding(before, after) for before, after in zip(before_up, widths[-2::-1], strict=False)
        )
        self.last = nn.ConvTranspose2d(before_up[-1], 4, kernel_size=4, stride=2, padding=1, bias=False)
        self.apply(normal_weights(0.02))

    def forward(self, cloth: Tensor, person: Tensor, rng: torch.Generator | None = None) -> Coarse:
        """Imagine a person in a garment.

        Args:
            cloth: (B, 3, H, W) in [-1, 1], the garment as a shop shows it.
            person: (B, person_channels, H, W) in [-1, 1].
            rng: on the CPU, draws what a training step leaves out; None takes torch's own.

        Raises:
            VtonError: if channels are missing, or a side is no multiple of 2^levels.
        """
        step = 1 << len(self.encoder)
        given = (cloth.shape[1], person.shape[1])
        if given != self.channels or cloth.shape[2] % step or cloth.shape[3] % step:
            raise VtonError(
                f"cloth is {tuple(cloth.shape)}, person {tuple(person.shape)}; give {self.channels[0]} and "
                f"{self.channels[1]} channels, and sides that are multiples of {step}"
            )
        x = torch.cat([cloth, person], dim=1)
        skips = []
        for encode in self.encoder:
            x = encode(x)
            skips.append(x)
        skips.pop()
        for level, decode in enumerate(self.decoder):
            x = decode(x)
            if self.training and level == 0:
                kept = torch.rand(x.shape, generator=rng) >= self.dropout
                x = x * kept.to(x) / (1 - self.dropout)
            x = torch.cat([x, skips.pop()], dim=1)
        mask, picture = self.last(F.relu(x)).tanh().split([1, 3], dim=1)
        return Coarse(picture, mask)


class RefinementNetwork(nn.Module):
    """G_R of section 3.3: where to take the warped garment, and where the coarse picture.

    Three convolutions of 3 x 3, each normalised over the whole picture (layer normalisation, of which the paper does
    not tell), and one of 1 x 1. 77,633 parameters by default.

    Args:
        width: channels, 64 in the paper.
    """

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before in (6, width, width):
            layers += [
                nn.Conv2d(before, width, kernel_size=3, padding=1, bias=False),
                nn.GroupNorm(1, width),
                nn.LeakyReLU(SLOPE),
            ]
        self.layers = nn.Sequential(*layers, nn.Conv2d(width, 1, kernel_size=1))

    def forward(self, warped: Tensor, coarse: Tensor) -> Tensor:
        """The composition mask alpha: (B, 1, H, W) in [0, 1], 1 where the warped garment is to be taken.

        Args:
            warped: (B, 3, H, W) in [-1, 1], c' in the paper.
            coarse: (B, 3, H, W) in [-1, 1], I' in the paper.
        """
        alpha: Tensor = self.layers(torch.cat([warped, coarse], dim=1)).sigmoid()
        return alpha


def compose(alpha: Tensor, warped: Tensor, coarse: Tensor) -> Tensor:
    """Equation 4, alpha * warped + (1 - alpha) * coarse: (B, 3, H, W) in [-1, 1].

    Args:
        alpha: (B, 1, H, W) in [0, 1].
        warped: (B, 3, H, W) in [-1, 1], the warped garment.
        coarse: (B, 3, H, W) in [-1, 1], the coarse picture.
    """
    return alpha * warped + (1 - alpha) * coarse


def _encoding(before: int, after: int, norm: bool) -> nn.Sequential:
    """Half as large; the activation comes first but for the picture itself, which is not normalised either."""
    convolution = nn.Conv2d(before, after, kernel_size=4, stride=2, padding=1, bias=False)
    if not norm:
        return nn.Sequential(convolution)
    return nn.Sequential(nn.LeakyReLU(SLOPE), convolution, nn.BatchNorm2d(after))


def _decoding(before: int, after: int) -> nn.Sequential:
    """Twice as large."""
    convolution = nn.ConvTranspose2d(before, after, kernel_size=4, stride=2, padding=1, bias=False)
    return nn.Sequential(nn.ReLU(), convolution, nn.BatchNorm2d(after))
