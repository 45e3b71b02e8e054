"""The convolutions that GANs since DCGAN are stacked from: each with batch normalisation and an activation.

Radford et al. 2016 (arXiv:1511.06434, section 3); GAN-CLS (Reed et al. 2016, arXiv:1605.05396) and the released code of
FashionGAN (Zhu et al. 2017, arXiv:1710.07346) use these kernels and strides. There are no biases: both codes set those
to zero before every step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

SLOPE = 0.2
"""Of LeakyReLU below zero."""


def sprout(before: int, after: int, active: bool = True) -> nn.Sequential:
    """From a vector to 4 x 4 cells: (B, before, 1, 1) to (B, after, 4, 4), normalised, and ReLU if ``active``."""
    return _up(nn.ConvTranspose2d(before, after, kernel_size=4, bias=False), after, active)


def grow(before: int, after: int, active: bool = True) -> nn.Sequential:
    """Twice as large: (B, before, H, W) to (B, after, 2 H, 2 W), normalised, and ReLU if ``active``."""
    return _up(nn.ConvTranspose2d(before, after, kernel_size=4, stride=2, padding=1, bias=False), after, active)


def shrink(before: int, after: int, norm: bool = True) -> nn.Sequential:
    """Half as large: (B, before, H, W) to (B, after, H / 2, W / 2), normalised if ``norm``, and LeakyReLU."""
    return _leaky(nn.Conv2d(before, after, kernel_size=4, stride=2, padding=1, bias=False), after, norm)


def keep(before: int, after: int, norm: bool = True, kernel: int = 3) -> nn.Sequential:
    """As large as it was: (B, before, H, W) to (B, after, H, W), normalised if ``norm``, and LeakyReLU."""
    return _leaky(nn.Conv2d(before, after, kernel_size=kernel, padding=kernel // 2, bias=False), after, norm)


def outwards(channels: Sequence[int]) -> nn.Sequential:
    """A chain of :func:`grow`, from the first number of channels to the last."""
    return nn.Sequential(*(grow(before, after) for before, after in pairwise(channels)))


def verdict(channels: int, told: int) -> nn.Sequential:
    """The end of a discriminator that was told something: (B, channels + told, 4, 4) to logits (B,)."""
    judge = nn.Conv2d(channels, 1, kernel_size=4, bias=False)
    return nn.Sequential(keep(channels + told, channels, kernel=1), judge, nn.Flatten(0))


def _up(convolution: nn.Module, channels: int, active: bool) -> nn.Sequential:
    layers = [convolution, nn.BatchNorm2d(channels)]
    return nn.Sequential(*layers, nn.ReLU(inplace=True)) if active else nn.Sequential(*layers)


def _leaky(convolution: nn.Module, channels: int, norm: bool) -> nn.Sequential:
    layers = [convolution, nn.BatchNorm2d(channels)] if norm else [convolution]
    return nn.Sequential(*layers, nn.LeakyReLU(SLOPE, inplace=True))


def doubling(levels: int, width: int, factor: int) -> list[int]:
    """Channels of maps that are halved again and again, from the outside in: the last has ``factor`` times ``width``.

    Each has half the channels of the next, but none less than ``width``. Fewer levels leave out the outermost:
    ``doubling(3, 64, 4)`` is [64, 128, 256], ``doubling(2, 64, 4)`` is [128, 256].
    """
    return [max(width, factor * width >> level) for level in reversed(range(levels))]


def spread_over(vector: Tensor, cells: Tensor) -> Tensor:
    """Append a vector to the channels of every cell: (B, T) and (B, C, H, W) to (B, C + T, H, W)."""
    everywhere = vector[:, :, None, None].expand(-1, -1, *cells.shape[2:])
    return torch.cat([cells, everywhere], dim=1)


def normal_weights(deviation: float) -> Callable[[nn.Module], None]:
    """First weights for ``network.apply``: N(0, deviation^2); scales of normalisation N(1, 0.02^2); biases zero."""

    def draw(module: nn.Module) -> None:
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
            nn.init.normal_(module.weight, std=deviation)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            nn.init.normal_(module.weight, mean=1.0, std=0.02)
            nn.init.zeros_(module.bias)

    return draw
