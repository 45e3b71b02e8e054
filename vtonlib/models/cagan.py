"""CAGAN (Jetchev and Bergmann 2017, "The conditional analogy GAN: swapping fashion articles on people images").

arXiv:1709.04695. Its generator is told which garment to take off and which to put on, and nothing of the person but the
picture: no pose, no parse, no shape. Written from facts about public code, which has its discriminator see no pooled
pictures. Departures: sizes above 128 x 96 have more levels, smaller ones fewer; its discriminator is
:class:`vtonlib.nn.patch_discriminator.PatchDiscriminator`.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vtonlib.nn.halvings import halvings
from vtonlib.nn.strided import SLOPE, normal_weights

INNERMOST = (8, 6)
"""Rows and columns of the generator's innermost map, whatever the size of the picture."""

REMINDED = 6
"""Channels of the person's picture and of the worn garment, which every layer is shown again."""


class Swap(NamedTuple):
    """What the generator gives.

    Attributes:
        alpha: (B, 1, H, W) in [0, 1], where the person's picture is to be painted over.
        picture: (B, 3, H, W) in [-1, 1], what with.
    """

    alpha: Tensor
    picture: Tensor

    def on(self, person: Tensor) -> Tensor:
        """The person in the other garment, alpha * picture + (1 - alpha) * person: (B, 3, H, W) in [-1, 1]."""
        return self.alpha * self.picture + (1 - self.alpha) * person


class AnalogyGenerator(nn.Module):
    """G(x_i, y_i, y_j): a U-Net of 4 x 4 convolutions that is reminded of x_i and y_i at every size.

    Skips lead to every level but the outermost. 6,338,340 parameters at 128 x 96 by default.

    Args:
        size: (height, width) of the pictures: 8 x 6 doubled twice or more often; the paper's code has 128 x 96.
        width: channels at half resolution, 64 in the code; they double up to 8 times as many.

    Raises:
        VtonError: for another size.
    """

    def __init__(self, size: tuple[int, int] = (128, 96), width: int = 64) -> None:
        super().__init__()
        widths = [min(width << level, 8 * width) for level in range(halvings(size, INNERMOST))]
        self.encoder = nn.ModuleList(
            nn.Conv2d(before + REMINDED, after, kernel_size=4, stride=2, padding=1)
            for before, after in zip([3, *widths], widths, strict=False)
        )
        ups = [*widths[-2::-1], width // 2]
        joined = [after * (1 if level >= len(ups) - 2 else 2) for level, after in enumerate(ups)]
        self.decoder = nn.ModuleList(
            nn.ConvTranspose2d(before + REMINDED, after, kernel_size=4, stride=2, padding=1)
            for before, after in zip([widths[-1], *joined], ups, strict=False)
        )
        self.last = nn.Sequential(nn.ZeroPad2d((1, 2, 1, 2)), nn.Conv2d(joined[-1] + REMINDED, 4, kernel_size=4))
        self.apply(normal_weights(0.02))

    def forward(self, person: Tensor, worn: Tensor, other: Tensor) -> Swap:
        """Swap a garment.

        Args:
            person: x_i (B, 3, H, W) in [-1, 1], in the garment i.
            worn: y_i (B, 3, H, W) in [-1, 1], that garment as a shop shows it.
            other: y_j (B, 3, H, W) in [-1, 1], the one to put on.
        """
        known = torch.cat([person, worn], dim=1)

        def reminded(x: Tensor) -> Tensor:
            return torch.cat([x, F.adaptive_avg_pool2d(known, (x.shape[2], x.shape[3]))], dim=1)

        x, skips = other, []
        for level, encode in enumerate(self.encoder):
            x = encode(reminded(x))
            x = F.leaky_relu(F.instance_norm(x) if level else x, SLOPE)
            skips.append(x)
        skips.pop()
        for decode in self.decoder:
            x = F.relu(F.instance_norm(decode(reminded(x))))
            if len(skips) > 1:
                x = torch.cat([x, skips.pop()], dim=1)
        alpha, picture = self.last(reminded(x)).split([1, 3], dim=1)
        return Swap(alpha.sigmoid(), picture.tanh())
