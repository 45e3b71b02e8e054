"""Strong augmentation of pictures of people with their labels, for networks that must read other people's pictures.

Everything happens to whole batches of tensors, and every choice comes from a generator of random numbers.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F


def mirror(picture: Tensor, labels: Tensor, mirrored: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """Flip every second picture, on average; left and right labels change places.

    Args:
        picture: (B, 3, H, W).
        labels: (B, H, W) int64.
        mirrored: (L,) int64, the number that each label has after a flip.
        rng: chooses the pictures.
    """
    flipped = _uniform(picture, (len(picture),), rng) < 0.5
    picture, labels = picture.clone(), labels.clone()
    picture[flipped] = picture[flipped].flip(3)
    labels[flipped] = mirrored.to(labels.device)[labels[flipped].flip(2)]
    return picture, labels


def move(
    picture: Tensor,
    labels: Tensor,
    rng: torch.Generator,
    turn: float = 12.0,
    scale: tuple[float, float] = (0.75, 1.35),
    shift: float = 0.2,
) -> tuple[Tensor, Tensor]:
    """Turn, scale and shift each picture by its own random amounts.

    The picture is resampled bilinearly and goes on with its border outside; labels take the nearest one, background
    outside.

    Args:
        picture: (B, 3, H, W).
        labels: (B, H, W) int64.
        rng: chooses the movements.
        turn: greatest angle, in degrees.
        scale: smallest and greatest magnification.
        shift: greatest shift, in halves of the picture.
    """
    count, _, height, width = picture.shape
    angle = _uniform(picture, (count,), rng, -math.radians(turn), math.radians(turn))
    small, large = scale
    step = torch.exp(_uniform(picture, (count,), rng, math.log(1 / large), math.log(1 / small)))
    aspect = height / width
    cos, sin = step * angle.cos(), step * angle.sin()
    across, down = (_uniform(picture, (count,), rng, -shift, shift) for _ in range(2))
    matrices = torch.stack([cos, -sin * aspect, across, sin / aspect, cos, down], dim=1).view(count, 2, 3)
    grid = F.affine_grid(matrices, [count, 3, height, width], align_corners=True).to(picture.dtype)
    moved = F.grid_sample(picture, grid, mode="bilinear", padding_mode="border", align_corners=True)
    named = F.grid_sample(labels[:, None].to(picture.dtype), grid, mode="nearest", align_corners=True)
    return moved, named[:, 0].round().long()


def recolour(picture: Tensor, rng: torch.Generator) -> Tensor:
    """Change exposure, contrast, saturation and the colour of the light; add noise and, sometimes, blur.

    Args:
        picture: (B, 3, H, W) in [-1, 1].
        rng: chooses the changes.

    Returns:
        (B, 3, H, W) in [-1, 1].
    """
    count = len(picture)
    each = (count, 1, 1, 1)
    x = 0.5 * picture + 0.5
    x = x.clamp_min(1e-4) ** torch.exp(_uniform(x, each, rng, -0.45, 0.45))
    grey = x.mean(1, keepdim=True)
    x = grey + (x - grey) * _uniform(x, each, rng, 0.5, 1.5)
    middle = x.mean((1, 2, 3), keepdim=True)
    x = middle + (x - middle) * _uniform(x, each, rng, 0.7, 1.3)
    x = x * _uniform(x, (count, 3, 1, 1), rng, 0.85, 1.15) + _uniform(x, each, rng, -0.1, 0.1)
    blurred = F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), 3, stride=1)
    x = torch.where(_uniform(x, each, rng) < 0.25, blurred, x)
    noise = torch.randn(x.shape, generator=rng).to(x.device) * _uniform(x, each, rng, 0, 0.04)
    return (2 * (x + noise) - 1).clamp(-1, 1)


def recolour_gently(picture: Tensor, rng: torch.Generator) -> Tensor:
    """Change exposure and light so little that colours keep their names; blur half of the pictures, add noise to all.

    Blur and noise are what generated pictures have and rendered ones lack.

    Args:
        picture: (B, 3, H, W) in [-1, 1].
        rng: chooses the changes.

    Returns:
        (B, 3, H, W) in [-1, 1].
    """
    count = len(picture)
    each = (count, 1, 1, 1)
    x = picture * _uniform(picture, (count, 3, 1, 1), rng, 0.95, 1.05) * _uniform(picture, each, rng, 0.9, 1.1)
    x = x + _uniform(picture, each, rng, -0.05, 0.05)
    blurred = F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), 3, stride=1)
    x = torch.lerp(x, blurred, _uniform(x, each, rng, -1, 1).clamp_min(0))
    noise = torch.randn(x.shape, generator=rng).to(x.device) * _uniform(x, each, rng, 0, 0.06)
    return (x + noise).clamp(-1, 1)


def other_background(picture: Tensor, labels: Tensor, rng: torch.Generator, share: float = 0.6) -> Tensor:
    """Put people before backgrounds that no studio has: soft patches of two random colours.

    Args:
        picture: (B, 3, H, W) in [-1, 1].
        labels: (B, H, W) int64; 0 is the background.
        rng: chooses pictures and backgrounds.
        share: of the pictures that get another background.
    """
    count, _, height, width = picture.shape
    cells = _uniform(picture, (count, 1, 6, 5), rng)
    patches = F.interpolate(cells, size=(height, width), mode="bicubic", align_corners=True).clamp(0, 1)
    first, second = (_uniform(picture, (count, 3, 1, 1), rng, -1, 1) for _ in range(2))
    chosen = _uniform(picture, (count, 1, 1), rng) < share
    return torch.where(((labels == 0) & chosen)[:, None], first + patches * (second - first), picture)


def _uniform(like: Tensor, shape: tuple[int, ...], rng: torch.Generator, low: float = 0.0, high: float = 1.0) -> Tensor:
    """Numbers of a shape between two bounds, where ``like`` is; drawn on the generator's own device."""
    return low + (high - low) * torch.rand(shape, generator=rng).to(like.device)
