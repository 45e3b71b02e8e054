"""FashionGAN's second stage as the release's demonstration runs it: a U-Net with noise and text in its bottleneck.

From the released code of Zhu et al. 2017 (arXiv:1710.07346), not in the paper. With neither noise nor text
(``noise=0, coding=0``) it is the release's third variant, plain pix2pix (Isola et al. 2017, arXiv:1611.07004), which
paints good cloth and cannot be told anything. Departures are named in :mod:`vtonlib.models.fashion_gan`.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vtonlib.models.fashion_gan.coding import DESIGN, NOISE, SQUEEZED, squeeze
from vtonlib.nn.expect import expect
from vtonlib.nn.halvings import halvings
from vtonlib.nn.strided import SLOPE, normal_weights, shrink, spread_over

DEVIATION = 0.02
"""Of first weights, in the release."""

DROPOUT = 0.5
"""Share of the values of the innermost maps that is dropped on the way up, in training; it is pix2pix's only noise."""


class SkipGenerator(nn.Module):
    """From noise, design coding and a condition to a picture.

    42,650,192 parameters with the release's 100 numbers of text and a colour code.

    Args:
        condition: channels of the condition, 3 for a colour code (:mod:`.colour_code`) or 7 for the map itself.
        size: (height, width) of the picture: 8 x 8 doubled once or more often. Below 128 x 128 innermost levels are
            left out, since the bottleneck is a single cell.
        width: channels at half resolution; 64 in the release. They double up to 8 times as many.
        coding: numbers in the design coding; 0 for none.
        noise: numbers in the noise; 0 for none.
        squeezed: numbers that are made of the design coding.
        late_noise: a departure: let the noise in after the ReLU of the bottleneck. In the release it stands before,
            which throws away the negative half of the noise.

    Raises:
        VtonError: for another size.
    """

    def __init__(
        self,
        condition: int = 3,
        size: tuple[int, int] = (128, 128),
        width: int = 64,
        coding: int = DESIGN,
        noise: int = NOISE,
        squeezed: int = SQUEEZED,
        late_noise: bool = False,
    ) -> None:
        super().__init__()
        self.noise, self.coding, self.condition, self.late_noise = noise, coding, (condition, *size), late_noise
        widths = [min(width << level, 8 * width) for level in range(halvings(size, (8, 8)) + 3)]
        self.squeeze = squeeze(coding, squeezed, norm=False) if coding else nn.Identity()
        self.first = nn.Conv2d(condition, width, kernel_size=4, stride=2, padding=1, bias=False)
        self.down = nn.ModuleList(
            nn.Sequential(
                nn.LeakyReLU(SLOPE),  # not in place: the skip reads what comes before it
                nn.Conv2d(before, after, kernel_size=4, stride=2, padding=1, bias=False),
                nn.Identity() if level == len(widths) - 2 else nn.BatchNorm2d(after),
            )
            for level, (before, after) in enumerate(pairwise(widths))
        )
        inner = widths[-1] + (squeezed if coding else 0) + noise
        before_up = [inner, *(2 * channels for channels in widths[-2::-1])]
        self.up = nn.ModuleList(
            nn.Sequential(
                nn.ConvTranspose2d(before, after, kernel_size=4, stride=2, padding=1, bias=False),
                nn.BatchNorm2d(after),
                nn.Dropout(DROPOUT if after == 8 * width else 0.0),
            )
            for before, after in zip(before_up, widths[-2::-1], strict=False)
        )
        self.paint = nn.ConvTranspose2d(before_up[-1], 3, kernel_size=4, stride=2, padding=1, bias=False)
        self.apply(normal_weights(DEVIATION))

    def forward(self, noise: Tensor, coding: Tensor, condition: Tensor) -> Tensor:
        """Paint pictures.

        Args:
            noise: (B, noise) from N(0, 1).
            coding: (B, coding), the design coding d.
            condition: (B, condition, H, W).

        Returns:
            (B, 3, H, W) in [-1, 1].

        Raises:
            VtonError: if an input has another shape.
        """
        expect("noise", noise, self.noise)
        expect("design coding", coding, self.coding)
        expect("condition", condition, *self.condition)
        x: Tensor = self.first(condition)
        skips = []
        for down in self.down:
            skips.append(x)
            x = down(x)
        x = self._bottleneck(noise, self.squeeze(coding), x)
        for up in self.up:
            x = F.relu(torch.cat([up(x), skips.pop()], dim=1))
        picture: Tensor = self.paint(x).tanh()
        return picture

    def _bottleneck(self, noise: Tensor, told: Tensor, seen: Tensor) -> Tensor:
        """Everything that is known, at the single cell (B, C, 1, 1) of the bottleneck, after its ReLU."""
        seen = spread_over(told, seen)
        if self.late_noise:
            return spread_over(noise, F.relu(seen))
        return F.relu(spread_over(noise, seen))


class PatchDiscriminator(nn.Module):
    """From a picture, design coding and a condition to a map of logits, one for each patch.

    It has no levels to leave out: a smaller picture has fewer patches. 2,934,520 parameters with the release's 100
    numbers of text and a colour code.

    Args:
        condition: channels of the condition, 3 for a colour code or 7 for the map itself.
        width: channels at half resolution; 64 in the release.
        coding: numbers in the design coding; 0 for none.
        squeezed: numbers that are made of the design coding.
    """

    def __init__(self, condition: int = 3, width: int = 64, coding: int = DESIGN, squeezed: int = SQUEEZED) -> None:
        super().__init__()
        self.coding, self.channels = coding, 3 + condition
        self.squeeze = squeeze(coding, squeezed, norm=True) if coding else nn.Identity()
        self.look = nn.Sequential(
            shrink(3 + condition, width, norm=False), shrink(width, 2 * width), shrink(2 * width, 4 * width)
        )
        self.judge = nn.Sequential(
            nn.Conv2d(4 * width + (squeezed if coding else 0), 8 * width, kernel_size=4, padding=1, bias=False),
            nn.BatchNorm2d(8 * width),
            nn.LeakyReLU(SLOPE, inplace=True),
            nn.Conv2d(8 * width, 1, kernel_size=4, padding=1, bias=False),
        )
        self.apply(normal_weights(DEVIATION))

    def forward(self, picture: Tensor, coding: Tensor, condition: Tensor) -> Tensor:
        """Judge patches.

        Args:
            picture: (B, 3, H, W) in [-1, 1].
            coding: (B, coding), the design coding d.
            condition: (B, condition, H, W).

        Returns:
            Logits (B, 1, H / 8 - 2, W / 8 - 2).

        Raises:
            VtonError: if an input has another shape.
        """
        expect("design coding", coding, self.coding)
        expect("picture", picture, 3, *condition.shape[2:])
        expect("condition", condition, self.channels - 3, *condition.shape[2:])
        x = self.look(torch.cat([picture, condition], dim=1))  # (B, 4 width, H / 8, W / 8)
        logits: Tensor = self.judge(spread_over(self.squeeze(coding), x))
        return logits
