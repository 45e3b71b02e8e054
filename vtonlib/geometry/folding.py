"""Where a warp turns the cloth over: the sign of its Jacobian determinant.

A garment may stretch, but where the determinant is negative the picture is mirrored and shown more than once. Bounding
the nodes' displacements with tanh, as CP-VTON does, does not prevent it.
"""

from __future__ import annotations

import torch
from torch import Tensor

from vtonlib.errors import VtonError


def jacobian_determinant(grid: Tensor) -> Tensor:
    """How much input area each output pixel covers, with a sign: (B, H, W), 1 for the identity at any size.

    By central differences, one-sided at the edges. Above 1 the picture is shown smaller, between 0 and 1 larger, below
    0 mirrored.

    Args:
        grid: (B, H, W, 2) in [-1, 1].

    Raises:
        VtonError: if the grid has another shape.
    """
    _check(grid)
    height, width = grid.shape[1:3]
    down, across = torch.gradient(grid, dim=(1, 2))
    return _cross(across, down) * ((height - 1) * (width - 1) / 4)


def folded_pixels(grid: Tensor) -> Tensor:
    """The output pixels (B, 1, H, W) bool at which a warp folds.

    Central differences skip the pixel itself and miss folds one pixel wide (Liu et al. 2022, arXiv:2212.06060), so each
    pixel is tested with the four triangles that it forms with a horizontal and a vertical neighbour; it is folded if
    one of them is flipped or flattened. A grid that was clamped to [-1, 1] is flat, and thus folded, where it was.

    Args:
        grid: (B, H, W, 2).

    Raises:
        VtonError: if the grid has another shape.
    """
    _check(grid)
    across, down = grid.diff(dim=2), grid.diff(dim=1)
    sideways = (torch.cat([across, across[:, :, -1:]], 2), torch.cat([across[:, :, :1], across], 2))
    upright = (torch.cat([down, down[:, -1:]], 1), torch.cat([down[:, :1], down], 1))
    triangles = torch.stack([_cross(x, y) for x in sideways for y in upright])
    return (~(triangles > 0)).any(0)[:, None]  # a grid that is not a number folds everywhere


def folded_share(grid: Tensor, mask: Tensor | None = None) -> Tensor:
    """The share (B,) of :func:`folded_pixels`, in [0, 1].

    Args:
        grid: (B, H, W, 2).
        mask: (B, 1, H, W), above 0.5 where pixels count; None counts all.

    Returns:
        (B,), NaN where a mask is empty.

    Raises:
        VtonError: if the shapes do not fit.
    """
    folded = folded_pixels(grid).float()
    if mask is None:
        return folded.mean((1, 2, 3))
    if mask.shape != folded.shape:
        raise VtonError(f"mask is {tuple(mask.shape)}, grid {tuple(grid.shape)}; give (B, 1, H, W) and (B, H, W, 2)")
    counted = (mask > 0.5).float()
    return (folded * counted).sum((1, 2, 3)) / counted.sum((1, 2, 3))


def _cross(first: Tensor, second: Tensor) -> Tensor:
    return first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0]


def _check(grid: Tensor) -> None:
    if grid.dim() != 4 or grid.shape[-1] != 2 or min(grid.shape[1:3]) < 2:
        raise VtonError(f"grid: is {tuple(grid.shape)}; give (B, H, W, 2) with two pixels or more on each side")
