"""A human parser: from a picture of a person to a label for each pixel.

A network of our own in the shape of U-Net (Ronneberger et al. 2015, arXiv:1505.04597, figure 1), which stands in for
the parsers that try-on papers take from elsewhere (such as LIP's, Gong et al. 2017, arXiv:1703.05446). Departures from
U-Net: padded convolutions with batch normalisation, and half resolution inside: the first convolution halves the
picture, and the last one gives four labels for each of its cells. Rare labels count more in training, so that the
network learns them early; afterwards the answer is corrected for that (Menon et al. 2021, arXiv:2007.07314).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vtonlib.errors import VtonError

LEAST_SHARE = 1e-3
"""Added to each label's share of the pixels, so that an absent label has a weight."""

CORRECTION = 0.5
"""How much of the weights is taken back. All of it would give the likeliest labels, and those are never rare while the
network is unsure; the mean over labels of IoU asks for something in between."""

MOMENTUM = 0.02
"""Weight of a batch in the running mean of the labels' weights."""

LEVELS = 4
"""How often the picture is halved; its sides must be multiples of 2^LEVELS."""


class HumanParser(nn.Module):
    """A U-Net from RGB to logits of labels.

    Args:
        classes: labels, background included.
        width: channels at half resolution; they double twice on the way down.

    Attributes:
        log_weight: (classes,) the logarithm of each label's weight in the loss, a running mean. In evaluation mode a
            part of it is taken from the logits, since a network that was paid more for a neck sees necks everywhere.
    """

    log_weight: Tensor

    def __init__(self, classes: int = 21, width: int = 64) -> None:
        super().__init__()
        widths = (width, 2 * width, 4 * width, 4 * width)
        self.down = nn.ModuleList(
            nn.Sequential(_block(before, after, stride=2), _block(after, after))
            for before, after in zip((3, *widths), widths, strict=False)
        )
        self.up = nn.ModuleList(
            nn.Sequential(_block(below + beside, beside), _block(beside, beside))
            for below, beside in zip(widths[:0:-1], widths[-2::-1], strict=True)
        )
        self.label = nn.Conv2d(width, 4 * classes, kernel_size=1)
        self.register_buffer("log_weight", torch.zeros(classes))

    def forward(self, picture: Tensor) -> Tensor:
        """Map pictures (B, 3, H, W) in [-1, 1] to logits (B, classes, H, W).

        Raises:
            VtonError: if H or W is no multiple of 16.
        """
        if picture.shape[2] % 2**LEVELS or picture.shape[3] % 2**LEVELS:
            raise VtonError(f"picture is {tuple(picture.shape[2:])}; give sides that are multiples of {2**LEVELS}")
        x, beside = picture, []
        for down in self.down:
            x = down(x)  # (B, width 2^k, H / 2^(k + 1), W / 2^(k + 1))
            beside.append(x)
        for up, skip in zip(self.up, beside[-2::-1], strict=True):
            x = up(torch.cat([F.interpolate(x, scale_factor=2.0, mode="nearest"), skip], dim=1))
        logits: Tensor = F.pixel_shuffle(self.label(x), 2)
        return logits if self.training else logits - CORRECTION * self.log_weight[:, None, None]

    @torch.no_grad()
    def weigh(self, labels: Tensor) -> Tensor:
        """Weights (classes,) of labels in the loss, by the root of how rare they are in a batch; their mean is 1.

        Remembers them for evaluation.

        Args:
            labels: (B, H, W) int64.
        """
        share = torch.bincount(labels.flatten(), minlength=len(self.log_weight)).float() / labels.numel()
        rarity = (share + LEAST_SHARE).rsqrt()
        weight = rarity / rarity.mean()
        self.log_weight.lerp_(weight.log(), MOMENTUM)
        return weight


def _block(before: int, after: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, kernel_size=3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(inplace=True),
    )
