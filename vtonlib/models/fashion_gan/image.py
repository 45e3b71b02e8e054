"""FashionGAN's second stage: a picture that fills a map of labels, as the design coding says.

Zhu et al. 2017 (arXiv:1710.07346), section 3.3; the layers are those of the network that the released code calls the
originally submitted one, which paints the whole picture at once: the paper's "non-compositional" baseline. The paper's
own generator has the same trunk here and a head that paints each region by itself. Departures are named in
:mod:`vtonlib.models.fashion_gan`.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from vtonlib.models.fashion_gan.coding import DESIGN, FIRST_DEVIATION, NOISE, SQUEEZED, squeeze
from vtonlib.models.fashion_gan.compositional import CompositionalMapping
from vtonlib.models.fashion_gan.shape import INNER, LABELS, inwards
from vtonlib.nn.expect import expect
from vtonlib.nn.halvings import halvings
from vtonlib.nn.strided import doubling, grow, keep, normal_weights, outwards, shrink, spread_over, sprout, verdict


class ImageTrunk(nn.Module):
    """What both generators share: from noise, design coding and a condition to channels in [-1, 1].

    Args:
        outputs: channels that are painted.
        condition: channels of the condition, 3 for a colour code (:mod:`.colour_code`) or 7 for the map itself.
        size: (height, width) of the picture: 32 x 32 doubled once or more often. Below 128 x 128 the outermost layers
            are left out.
        width: channels of the outermost map before the last layer at 128 x 128; 64 in the release.
        coding: numbers in the design coding.
        noise: numbers in the noise.
        squeezed: numbers that are made of the design coding.
        deviation: of first weights; see :data:`vtonlib.models.fashion_gan.coding.FIRST_DEVIATION`.

    Raises:
        VtonError: for another size.
    """

    def __init__(
        self,
        outputs: int,
        condition: int,
        size: tuple[int, int] = (128, 128),
        width: int = 64,
        coding: int = DESIGN,
        noise: int = NOISE,
        squeezed: int = SQUEEZED,
        deviation: float = FIRST_DEVIATION,
    ) -> None:
        super().__init__()
        self.noise, self.coding, self.condition = noise, coding, (condition, *size)
        outer = doubling(halvings(size, INNER), width, 2)
        seen = [condition, *doubling(len(outer) + 1, width, 4)]
        wide = 8 * width
        self.squeeze = squeeze(coding, squeezed, norm=False)
        self.start = nn.Sequential(sprout(noise + squeezed, 2 * wide), grow(2 * wide, wide), grow(wide, wide))
        self.look = nn.Sequential(*(shrink(before, after) for before, after in pairwise(seen)))
        self.join = grow(12 * width, wide)
        self.middle = nn.Sequential(
            *(keep(wide, wide) for _ in range(3)), keep(wide, 4 * width), keep(4 * width, outer[-1])
        )
        self.grow = outwards(outer[::-1])
        self.paint = nn.ConvTranspose2d(outer[0], outputs, kernel_size=4, stride=2, padding=1, bias=False)
        self.apply(normal_weights(deviation))

    def forward(self, noise: Tensor, coding: Tensor, condition: Tensor) -> Tensor:
        """Paint.

        Args:
            noise: (B, noise) from N(0, 1).
            coding: (B, coding), the design coding d.
            condition: (B, condition, H, W).

        Returns:
            (B, outputs, H, W) in [-1, 1].

        Raises:
            VtonError: if an input has another shape.
        """
        expect("noise", noise, self.noise)
        expect("design coding", coding, self.coding)
        expect("condition", condition, *self.condition)
        told = torch.cat([noise, self.squeeze(coding)], dim=1)[:, :, None, None]
        x = torch.cat([self.start(told), self.look(condition)], dim=1)  # (B, 12 width, 16, 16)
        x = self.middle(self.join(x))  # (B, 2 width, 32, 32)
        painted: Tensor = self.paint(self.grow(x)).tanh()
        return painted


class ImageGenerator(nn.Module):
    """The whole picture at once: the release's network, and the paper's non-compositional baseline.

    29,869,776 parameters with the release's 100 numbers of text and a colour code.

    Args:
        condition: channels of the condition, 3 for a colour code or 7 for the map itself.
        size, width, coding, noise, squeezed, deviation: see :class:`ImageTrunk`.

    Raises:
        VtonError: for another size.
    """

    def __init__(
        self,
        condition: int = LABELS,
        size: tuple[int, int] = (128, 128),
        width: int = 64,
        coding: int = DESIGN,
        noise: int = NOISE,
        squeezed: int = SQUEEZED,
        deviation: float = FIRST_DEVIATION,
    ) -> None:
        super().__init__()
        self.trunk = ImageTrunk(3, condition, size, width, coding, noise, squeezed, deviation)

    def forward(self, noise: Tensor, coding: Tensor, condition: Tensor) -> Tensor:
        """Paint pictures (B, 3, H, W) in [-1, 1]; inputs and errors are those of :class:`ImageTrunk`."""
        picture: Tensor = self.trunk(noise, coding, condition)
        return picture


class CompositionalImageGenerator(nn.Module):
    """The paper's generator: one rendering for each label of the map, put together by the map itself.

    Args:
        labels: of the map, background included: it is painted, too.
        hard: see :class:`vtonlib.models.fashion_gan.compositional.CompositionalMapping`.
        size, width, coding, noise, squeezed, deviation: see :class:`ImageTrunk`.

    Raises:
        VtonError: for another size.
    """

    def __init__(
        self,
        labels: int = LABELS,
        hard: bool = False,
        size: tuple[int, int] = (128, 128),
        width: int = 64,
        coding: int = DESIGN,
        noise: int = NOISE,
        squeezed: int = SQUEEZED,
        deviation: float = FIRST_DEVIATION,
    ) -> None:
        super().__init__()
        self.trunk = ImageTrunk(3 * labels, labels, size, width, coding, noise, squeezed, deviation)
        self.mapping = CompositionalMapping(labels, hard)

    def forward(self, noise: Tensor, coding: Tensor, shape: Tensor) -> Tensor:
        """Paint pictures.

        Args:
            noise: (B, noise) from N(0, 1).
            coding: (B, coding), the design coding d.
            shape: (B, labels, H, W), a map in [0, 1] that sums to 1 at each pixel.

        Returns:
            (B, 3, H, W) in [-1, 1].

        Raises:
            VtonError: if an input has another shape.
        """
        picture: Tensor = self.mapping(self.trunk(noise, coding, shape), shape)
        return picture

    def renderings(self, noise: Tensor, coding: Tensor, shape: Tensor) -> Tensor:
        """What is painted for each label before it is cut out: (B, labels, 3, H, W) in [-1, 1]."""
        channels: Tensor = self.trunk(noise, coding, shape)
        split: Tensor = channels.unflatten(1, (self.mapping.regions, 3))
        return split


class ImageDiscriminator(nn.Module):
    """From a picture, design coding and a condition to one logit; larger means "a real picture, and one that fits".

    26,795,512 parameters with the release's 100 numbers of text and a colour code.

    Args:
        condition: channels of the condition, 3 for a colour code or 7 for the map itself.
        size: (height, width) of the picture: 32 x 32 doubled once or more often. Below 128 x 128 the outermost layers
            are left out.
        width: channels of the outermost maps at 128 x 128; 64 in the release.
        coding: numbers in the design coding.
        squeezed: numbers that are made of the design coding.
        deviation: of first weights; see :data:`vtonlib.models.fashion_gan.coding.FIRST_DEVIATION`.

    Raises:
        VtonError: for another size.
    """

    def __init__(
        self,
        condition: int = LABELS,
        size: tuple[int, int] = (128, 128),
        width: int = 64,
        coding: int = DESIGN,
        squeezed: int = SQUEEZED,
        deviation: float = FIRST_DEVIATION,
    ) -> None:
        super().__init__()
        self.size, self.coding, self.condition = size, coding, condition
        wide = 8 * width
        self.look = inwards(3, size, width)
        self.look_at_condition = inwards(condition, size, width)
        self.join = nn.Sequential(*(keep(wide, wide) for _ in range(5)), shrink(wide, wide), shrink(wide, 2 * wide))
        self.squeeze = squeeze(coding, squeezed, norm=True)
        self.judge = verdict(2 * wide, squeezed)
        self.apply(normal_weights(deviation))

    def forward(self, picture: Tensor, coding: Tensor, condition: Tensor) -> Tensor:
        """Judge pictures.

        Args:
            picture: (B, 3, H, W) in [-1, 1].
            coding: (B, coding), the design coding d.
            condition: (B, condition, H, W).

        Returns:
            Logits (B,).

        Raises:
            VtonError: if an input has another shape.
        """
        expect("picture", picture, 3, *self.size)
        expect("design coding", coding, self.coding)
        expect("condition", condition, self.condition, *self.size)
        x = torch.cat([self.look(picture), self.look_at_condition(condition)], dim=1)  # (B, 8 width, 16, 16)
        logits: Tensor = self.judge(spread_over(self.squeeze(coding), self.join(x)))
        return logits
