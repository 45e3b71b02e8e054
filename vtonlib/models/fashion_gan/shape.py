"""FashionGAN's first stage: the shape of the new outfit, from noise, design coding and the spatial constraint m(S0).

Zhu et al. 2017 (arXiv:1710.07346), section 3.2; the layers are those of the released code, which had two versions:
``refine=False`` is the first, ``refine=True`` the one that it ended with. Departures are named in
:mod:`vtonlib.models.fashion_gan`.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vtonlib.models.fashion_gan.coding import DESIGN, FIRST_DEVIATION, NOISE, SQUEEZED, squeeze
from vtonlib.nn.expect import expect
from vtonlib.nn.halvings import halvings
from vtonlib.nn.strided import doubling, grow, keep, normal_weights, outwards, shrink, spread_over, sprout, verdict

LABELS = 7
"""Of the maps: :data:`vtonlib.data.label_sets.FASHIONGAN_7`, background first."""

MERGED = 4
"""Channels of m(S0): :func:`vtonlib.data.representations.fashiongan.merge`."""

PRIOR = (8, 8)
"""Rows and columns of m(S0), whatever the size of the map."""

INNER = (32, 32)
"""The size whose half, 16 x 16, the networks have in their middle."""


class ShapeGenerator(nn.Module):
    """From noise, design coding and m(S0) to a map of labels, as logits.

    18,114,512 parameters with the release's 100 numbers of text, 13,393,360 of them without ``refine``.

    Args:
        size: (height, width) of the map: 32 x 32 doubled once or more often. Below 128 x 128 the outermost layers are
            left out.
        width: channels of the outermost map before the last layer at 128 x 128; 64 in the release.
        labels: channels of the map.
        prior: channels of the spatial constraint.
        coding: numbers in the design coding.
        noise: numbers in the noise.
        squeezed: numbers that are made of the design coding.
        refine: three more convolutions at 16 x 16, as in the release's last version.
        deviation: of first weights; see :data:`vtonlib.models.fashion_gan.coding.FIRST_DEVIATION`.

    Raises:
        VtonError: for another size.
    """

    def __init__(
        self,
        size: tuple[int, int] = (128, 128),
        width: int = 64,
        labels: int = LABELS,
        prior: int = MERGED,
        coding: int = DESIGN,
        noise: int = NOISE,
        squeezed: int = SQUEEZED,
        refine: bool = True,
        deviation: float = FIRST_DEVIATION,
    ) -> None:
        super().__init__()
        self.noise, self.coding, self.prior = noise, coding, prior
        outer = doubling(halvings(size, INNER), width, 2)
        self.squeeze = squeeze(coding, squeezed, norm=False)
        self.start = nn.Sequential(sprout(noise + squeezed, 16 * width), grow(16 * width, 8 * width))
        self.constraint = nn.Sequential(keep(prior, width), keep(width, 2 * width))
        self.join = grow(10 * width, 4 * width)
        self.refine = _refinement(width) if refine else nn.Identity()
        self.grow = outwards([4 * width, *outer[::-1]])
        self.paint = nn.ConvTranspose2d(outer[0], labels, kernel_size=4, stride=2, padding=1, bias=False)
        self.apply(normal_weights(deviation))

    def forward(self, noise: Tensor, coding: Tensor, prior: Tensor) -> Tensor:
        """Draw a map.

        Args:
            noise: (B, noise) from N(0, 1).
            coding: (B, coding), the design coding d.
            prior: (B, prior, 8, 8), the spatial constraint, about in [0, 1].

        Returns:
            (B, labels, H, W), logits without bounds; :func:`soft_map` and :func:`hard_map` make maps of them.

        Raises:
            VtonError: if an input has another shape.
        """
        expect("noise", noise, self.noise)
        expect("design coding", coding, self.coding)
        expect("spatial constraint", prior, self.prior, *PRIOR)
        told = torch.cat([noise, self.squeeze(coding)], dim=1)[:, :, None, None]
        x = torch.cat([self.start(told), self.constraint(prior)], dim=1)  # (B, 10 width, 8, 8)
        x = self.refine(self.join(x))  # (B, 4 width, 16, 16)
        logits: Tensor = self.paint(self.grow(x))
        return logits


class ShapeDiscriminator(nn.Module):
    """From a map, design coding and m(S0) to one logit; larger means "a real map, and one that fits".

    13,086,456 parameters with the release's 100 numbers of text, 8,365,304 of them without ``refine``.

    Args:
        size: (height, width) of the map: 32 x 32 doubled once or more often. Below 128 x 128 the outermost layers are
            left out.
        width: channels of the outermost map at 128 x 128; 64 in the release.
        labels: channels of the map.
        prior: channels of the spatial constraint.
        coding: numbers in the design coding.
        squeezed: numbers that are made of the design coding.
        refine: three more convolutions at 16 x 16, as in the release's last version.
        softmax_first: put maps through a softmax, real ones too, as the release's last version does with logits and
            one-hot maps alike. It makes a sure real pixel 0.31 where fakes can be sharper, so sharpness alone tells
            them apart; off, give :func:`soft_map` of the fakes.
        deviation: of first weights; see :data:`vtonlib.models.fashion_gan.coding.FIRST_DEVIATION`.

    Raises:
        VtonError: for another size.
    """

    def __init__(
        self,
        size: tuple[int, int] = (128, 128),
        width: int = 64,
        labels: int = LABELS,
        prior: int = MERGED,
        coding: int = DESIGN,
        squeezed: int = SQUEEZED,
        refine: bool = True,
        softmax_first: bool = False,
        deviation: float = FIRST_DEVIATION,
    ) -> None:
        super().__init__()
        self.shape, self.coding, self.prior = (labels, *size), coding, prior
        self.softmax_first = softmax_first
        self.look = inwards(labels, size, width)
        self.refine = _refinement(width) if refine else nn.Identity()
        self.halve = shrink(4 * width, 8 * width)
        self.constraint = nn.Sequential(keep(prior, width, norm=False), keep(width, 2 * width))
        self.join = shrink(10 * width, 8 * width)
        self.squeeze = squeeze(coding, squeezed, norm=True)
        self.judge = verdict(8 * width, squeezed)
        self.apply(normal_weights(deviation))

    def forward(self, shape: Tensor, coding: Tensor, prior: Tensor) -> Tensor:
        """Judge maps.

        Args:
            shape: (B, labels, H, W), a map in [0, 1], or logits with ``softmax_first``.
            coding: (B, coding), the design coding d.
            prior: (B, prior, 8, 8), the spatial constraint, about in [0, 1].

        Returns:
            Logits (B,).

        Raises:
            VtonError: if an input has another shape.
        """
        expect("map", shape, *self.shape)
        expect("design coding", coding, self.coding)
        expect("spatial constraint", prior, self.prior, *PRIOR)
        x = self.refine(self.look(shape.softmax(1) if self.softmax_first else shape))  # (B, 4 width, 16, 16)
        x = torch.cat([self.halve(x), self.constraint(prior)], dim=1)  # (B, 10 width, 8, 8)
        logits: Tensor = self.judge(spread_over(self.squeeze(coding), self.join(x)))
        return logits


def soft_map(logits: Tensor) -> Tensor:
    """Probabilities of labels, as the paper's generator gives them: (B, L, H, W) in [0, 1], summing to 1 over L."""
    return logits.softmax(dim=1)


def hard_map(maps: Tensor) -> Tensor:
    """The likeliest label of each pixel of logits or probabilities (B, L, H, W): one-hot, and without gradient."""
    return F.one_hot(maps.argmax(1), maps.shape[1]).movedim(-1, 1).to(maps.dtype)


def inwards(channels: int, size: tuple[int, int], width: int) -> nn.Sequential:
    """Strided convolutions from a picture (B, channels, *size) to (B, 4 width, 16, 16); the first is not normalised."""
    widths = doubling(halvings(size, INNER) + 1, width, 4)
    layers = [shrink(before, after) for before, after in pairwise(widths)]
    return nn.Sequential(shrink(channels, widths[0], norm=False), *layers)


def _refinement(width: int) -> nn.Sequential:
    return nn.Sequential(keep(4 * width, 8 * width), keep(8 * width, 8 * width), keep(8 * width, 4 * width))
