"""DCGAN that is told a class: Mirza & Osindero 2014 (arXiv:1411.1784), section 3, on DCGAN's layers.

Written from the papers; no code taken. The generator gets the label beside the noise, the discriminator beside the
picture; or the discriminator scores the label against what it saw by a dot product, the projection of Miyato & Koyama
2018 (arXiv:1802.05637, equation 4). Departure: Mirza & Osindero have linear layers, and maxout ones in D.
"""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vtonlib.errors import VtonError
from vtonlib.models.dcgan import DCGANGenerator, initialise

WAYS = ("channels", "projection", "none")
"""How a discriminator is told the label: as ten more channels of the picture, by projection, or not at all."""


class ConditionalGenerator(nn.Module):
    """From a latent vector and a class to a picture.

    Args:
        classes: how many there are.
        latent: length of the latent vector z.
        width: channels of the last hidden layer; the first has twice as many.
    """

    def __init__(self, classes: int = 10, latent: int = 100, width: int = 128) -> None:
        super().__init__()
        self.classes = classes
        self.painter = DCGANGenerator(latent + classes, width)

    def forward(self, z: Tensor, label: Tensor) -> Tensor:
        """Map z (B, latent) and classes (B,) int64 to pictures (B, 1, 28, 28) in [-1, 1]."""
        told = torch.cat([z, F.one_hot(label, self.classes).to(z.dtype)], dim=1)
        return cast(Tensor, self.painter(told))


class ConditionalDiscriminator(nn.Module):
    """From a picture and a class to one logit; larger means "a real picture, and one of this class".

    Args:
        classes: how many there are.
        width: channels of the first hidden layer; the second has twice as many.
        way: key in :data:`WAYS`.

    Raises:
        VtonError: for another way.
    """

    def __init__(self, classes: int = 10, width: int = 128, way: str = "channels") -> None:
        super().__init__()
        if way not in WAYS:
            raise VtonError(f"way is {way!r}; choose one of {', '.join(WAYS)}")
        self.classes, self.way = classes, way
        told = classes if way == "channels" else 0
        self.look = nn.Sequential(
            nn.Conv2d(1 + told, width, kernel_size=4, stride=2, padding=1),  # (B, width, 14, 14)
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(width, 2 * width, kernel_size=4, stride=2, padding=1, bias=False),  # (B, 2 width, 7, 7)
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Flatten(),
        )
        self.judge = nn.Linear(2 * width * 7 * 7, 1)
        self.compare = nn.Linear(classes, 2 * width * 7 * 7, bias=False) if way == "projection" else None
        self.apply(initialise)

    def forward(self, picture: Tensor, label: Tensor) -> Tensor:
        """Map pictures (B, 1, 28, 28) in [-1, 1] and classes (B,) int64 to logits (B,)."""
        told = F.one_hot(label, self.classes).to(picture.dtype)
        if self.way == "channels":
            everywhere = told[:, :, None, None].expand(-1, -1, *picture.shape[2:])
            picture = torch.cat([picture, everywhere], dim=1)
        seen = self.look(picture)
        logits: Tensor = self.judge(seen).squeeze(1)
        if self.compare is not None:
            logits = logits + (self.compare(told) * seen).mean(dim=1)
        return logits
