"""Sampling grids and what they do to a picture.

Jaderberg et al. 2015, "Spatial transformer networks" (arXiv:1506.02025). ``align_corners=True``
is written out at every call, here and in the rest of the package: CP-VTON's splines live on ``linspace(-1, 1)``, whose
ends are the centres of the outermost pixels, while the default of PyTorch since 1.3 puts them on the outer edges.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional as F

from vtonlib.errors import VtonError

Padding = Literal["zeros", "border"]
Mode = Literal["bilinear", "nearest"]


def identity_grid(
    size: tuple[int, int], device: torch.device | str | None = None, dtype: torch.dtype = torch.float32
) -> Tensor:
    """The grid that changes nothing: (H, W, 2), x and y in [-1, 1].

    Args:
        size: (height, width), each at least 2.
        device: of the result.
        dtype: of the result; a floating type.

    Raises:
        VtonError: if a side has fewer than two pixels, whose centres -1 and 1 are.
    """
    _check_size(size)
    rows, columns = (torch.linspace(-1, 1, side, device=device, dtype=dtype) for side in size)
    y, x = torch.meshgrid(rows, columns, indexing="ij")
    return torch.stack([x, y], -1)


def warp(picture: Tensor, grid: Tensor, padding: Padding = "zeros", mode: Mode = "bilinear") -> Tensor:
    """Look up each output pixel at its place in the input.

    Zeros are grey in a picture of [-1, 1] and outside in a mask; ``border`` repeats the outermost pixels. CP-VTON
    (Wang et al. 2018, arXiv:1807.07688) samples garments with ``border`` and masks with ``zeros``.

    Args:
        picture: (B, C, H, W), of a floating type.
        grid: (B, h, w, 2), or (1, h, w, 2) for one warp of all pictures. The places are computed in its type.
        padding: what lies outside the input.
        mode: ``bilinear``, or ``nearest`` for label maps.

    Returns:
        (B, C, h, w) in the picture's type.

    Raises:
        VtonError: if the shapes do not fit or the picture holds whole numbers.
    """
    if picture.dim() != 4 or grid.dim() != 4 or grid.shape[-1] != 2 or grid.shape[0] not in (1, picture.shape[0]):
        raise VtonError(
            f"picture is {tuple(picture.shape)}, grid {tuple(grid.shape)}; give (B, C, H, W) and (B, h, w, 2)"
        )
    if not picture.is_floating_point():
        raise VtonError(f"picture: holds {picture.dtype}; call .float() first, and mode='nearest' for labels")
    places = grid.expand(picture.shape[0], -1, -1, -1)
    # Half precision places a pixel only to within a quarter: the picture follows the grid's type, not the other way.
    sampled = F.grid_sample(picture.to(grid.dtype), places, mode, padding, align_corners=True)
    return sampled.to(picture.dtype)


def to_pixels(points: Tensor, size: tuple[int, int]) -> Tensor:
    """Places in [-1, 1] as pixels of a picture, the centre of the first being (0, 0).

    Args:
        points: (..., 2), x and y.
        size: (height, width) of the picture that the points lie in.

    Raises:
        VtonError: if the points are whole numbers.
    """
    return (points + 1) * _half_spans(points, size)


def to_normalised(points: Tensor, size: tuple[int, int]) -> Tensor:
    """The inverse of :func:`to_pixels`: pixels (..., 2) of a picture as places in [-1, 1]."""
    return points / _half_spans(points, size) - 1


def _half_spans(points: Tensor, size: tuple[int, int]) -> Tensor:
    _check_size(size)
    if not points.is_floating_point():
        raise VtonError(f"points: hold {points.dtype}; call .float() first, or halves are cut off")
    return torch.tensor([(size[1] - 1) / 2, (size[0] - 1) / 2], dtype=points.dtype, device=points.device)


def _check_size(size: tuple[int, int]) -> None:
    if min(size) < 2:
        raise VtonError(f"size: is {tuple(size)}; each side needs two pixels or more, whose centres are -1 and 1")
