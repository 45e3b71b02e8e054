"""GAN-CLS: a DCGAN that paints what a sentence says, and a discriminator that sees whether it does.

Reed et al. 2016, "Generative adversarial text to image synthesis" (ICML, arXiv:1605.05396), section 4; layers as in the
released code. Its losses are in :mod:`vtonlib.losses.gan_cls`. Written from facts about the code. Departures: logits
without a sigmoid, no biases in convolutions (the code zeroes them before every step), and other sizes than 64 x 64,
which have more or fewer levels.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from vtonlib.nn.expect import expect
from vtonlib.nn.halvings import halvings
from vtonlib.nn.strided import SLOPE, doubling, grow, normal_weights, outwards, shrink, spread_over, sprout, verdict

INNER = (8, 8)
"""The size whose half, 4 x 4, both networks have inside."""

TEXT = 1024
"""Numbers in the code that char-CNN-RNN gives."""

PROJECTED = 128
"""Numbers that each network makes of it."""

DEVIATION = 0.02
"""Of first weights."""


class Bottleneck(nn.Module):
    """Three convolutions that are added to what they read: fewer channels, look around, as many channels again.

    Args:
        channels: of the input and the output.
        inner: in between.
        slope: of the activations below zero; 0 is ReLU.
    """

    def __init__(self, channels: int, inner: int, slope: float) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(channels, inner, kernel_size=1, bias=False),
            nn.BatchNorm2d(inner),
            nn.LeakyReLU(slope, inplace=True),
            nn.Conv2d(inner, inner, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(inner),
            nn.LeakyReLU(slope, inplace=True),
            nn.Conv2d(inner, channels, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
        )
        self.active = nn.LeakyReLU(slope)

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, channels, H, W) to the same shape."""
        y: Tensor = self.active(x + self.layers(x))
        return y


class GanClsGenerator(nn.Module):
    """From noise and a code of text to a picture. 18,905,472 parameters by default.

    Args:
        size: (height, width) of the picture: 8 x 8 doubled once or more often; 64 x 64 in the paper.
        width: channels of the outermost map before the last layer at 64 x 64; 128 in the code.
        text: numbers in the code of the text.
        projected: numbers that are made of it.
        noise: numbers in the noise.

    Raises:
        VtonError: for another size.
    """

    def __init__(
        self,
        size: tuple[int, int] = (64, 64),
        width: int = 128,
        text: int = TEXT,
        projected: int = PROJECTED,
        noise: int = 100,
    ) -> None:
        super().__init__()
        self.noise, self.text = noise, text
        levels = halvings(size, INNER)
        outer = [4 * width, *doubling(levels - 1, width, 2)[::-1]]
        self.project = nn.Sequential(nn.Linear(text, projected), nn.LeakyReLU(SLOPE, inplace=True))
        self.layers = nn.Sequential(
            sprout(noise + projected, 8 * width, active=False),
            Bottleneck(8 * width, 2 * width, slope=0),
            grow(8 * width, 4 * width, active=False),
            Bottleneck(4 * width, width, slope=0),
            outwards(outer),
            nn.ConvTranspose2d(outer[-1], 3, kernel_size=4, stride=2, padding=1, bias=False),
            nn.Tanh(),
        )
        self.apply(normal_weights(DEVIATION))

    def forward(self, noise: Tensor, text: Tensor) -> Tensor:
        """Paint pictures.

        Args:
            noise: (B, noise) from N(0, 1).
            text: (B, text).

        Returns:
            (B, 3, H, W) in [-1, 1].

        Raises:
            VtonError: if an input has another shape.
        """
        expect("noise", noise, self.noise)
        expect("text code", text, self.text)
        told = torch.cat([noise, self.project(text)], dim=1)
        picture: Tensor = self.layers(told[:, :, None, None])
        return picture


class GanClsDiscriminator(nn.Module):
    """From a picture and a code of text to one logit; larger means "a real picture, and one of this text".

    4,029,824 parameters by default.

    Args:
        size: (height, width) of the picture: 8 x 8 doubled once or more often; 64 x 64 in the paper.
        width: channels of the outermost map at 64 x 64; 64 in the code.
        text: numbers in the code of the text.
        projected: numbers that are made of it.
        norm: normalise those, as the code of GAN-INT does.
        compare: add a dot product of the text's code with the mean of what was seen (Miyato and Koyama 2018, "cGANs
            with projection discriminator", arXiv:1802.05637), over the root of its length; not in the paper.

    Raises:
        VtonError: for another size.
    """

    def __init__(
        self,
        size: tuple[int, int] = (64, 64),
        width: int = 64,
        text: int = TEXT,
        projected: int = PROJECTED,
        norm: bool = False,
        compare: bool = False,
    ) -> None:
        super().__init__()
        self.size, self.text = size, text
        widths = doubling(halvings(size, INNER), width, 4)
        self.look = nn.Sequential(
            shrink(3, widths[0], norm=False),
            *(shrink(before, after) for before, after in pairwise(widths)),
            nn.Conv2d(widths[-1], 8 * width, kernel_size=4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(8 * width),
            Bottleneck(8 * width, 2 * width, SLOPE),
        )
        normalised = [nn.BatchNorm1d(projected)] if norm else []
        self.project = nn.Sequential(nn.Linear(text, projected), *normalised, nn.LeakyReLU(SLOPE, inplace=True))
        self.judge = verdict(8 * width, projected)
        self.compare = nn.Linear(text, 8 * width, bias=False) if compare else None
        self.apply(normal_weights(DEVIATION))

    def forward(self, picture: Tensor, text: Tensor) -> Tensor:
        """Judge pictures.

        Args:
            picture: (B, 3, H, W) in [-1, 1].
            text: (B, text).

        Returns:
            Logits (B,).

        Raises:
            VtonError: if an input has another shape.
        """
        return self.answer(self.see(picture), text)

    def see(self, picture: Tensor) -> Tensor:
        """What is seen on pictures (B, 3, H, W), before any text: (B, 8 width, 4, 4).

        One look is enough for several texts.
        """
        expect("picture", picture, 3, *self.size)
        seen: Tensor = self.look(picture)
        return seen

    def answer(self, seen: Tensor, text: Tensor) -> Tensor:
        """Logits (B,) of what :meth:`see` gave, and of texts (B, text)."""
        expect("text code", text, self.text)
        logits: Tensor = self.judge(spread_over(self.project(text), seen))
        if self.compare is not None:
            logits = logits + (self.compare(text) * seen.mean((2, 3))).sum(1) / seen.shape[1] ** 0.5
        return logits
