"""Joints as pictures: one map (H, W) for each joint, in the three ways that papers draw them.

Lengths are those of the papers' 256 rows and scale with the height, so that a mark covers the same part of a body. A
joint that is not visible has a map of zeros; one outside the picture shows what of its mark reaches inside.

All three take joints (..., J, 3), x and y in pixels and whether visible, and give (..., J, H, W) float32 in [0, 1].
"""

from __future__ import annotations

import torch
from torch import Tensor

PAPERS_ROWS = 256
"""Height of the pictures in VITON, CP-VTON and MG-VTON."""

SQUARE_HALF = 5
DISC_RADIUS = 4
GAUSSIAN_SIGMA = 6.0


def squares(keypoints: Tensor, size: tuple[int, int]) -> Tensor:
    """Squares of ones round the pixel nearest to each joint: 11 x 11 at 256 rows, 5 x 5 at 128, 3 x 3 at 64.

    VITON (Han et al. 2018, arXiv:1711.08447, section 3.1) and CP-VTON, which shifts them to [-1, 1].
    """
    dx, dy = _offsets(keypoints, size, nearest=True)
    half = SQUARE_HALF * size[0] / PAPERS_ROWS
    across, down = (dx.abs() <= half).float(), (dy.abs() <= half).float()
    return _outer(across, down, keypoints)


def discs(keypoints: Tensor, size: tuple[int, int]) -> Tensor:
    """Discs of ones round the pixel nearest to each joint: radius 4 at 256 rows (49 pixels), 2 at 128, 1 at 64.

    MG-VTON (Dong et al. 2019, arXiv:1902.11026, section 3).
    """
    dx, dy = _offsets(keypoints, size, nearest=True)
    radius = DISC_RADIUS * size[0] / PAPERS_ROWS
    inside = dx.square()[..., None, :] + dy.square()[..., :, None] <= radius**2
    return inside.float() * _seen(keypoints)[..., None, None]


def gaussians(keypoints: Tensor, size: tuple[int, int], sigma: float = GAUSSIAN_SIGMA) -> Tensor:
    """Gaussians with 1 at the joint itself, between pixels or not: differentiable in the joint's place.

    A Gaussian of the plane is the product of one along x and one along y, so that H + W exponentials are enough.
    Deformable GANs (Siarohin et al. 2018, arXiv:1801.00055) use a standard deviation of 6 at 256 rows.

    Args:
        keypoints: (..., J, 3) x, y, visible.
        size: (height, width) of the maps.
        sigma: standard deviation in pixels at 256 rows.
    """
    dx, dy = _offsets(keypoints, size, nearest=False)
    scale = -0.5 / (sigma * size[0] / PAPERS_ROWS) ** 2
    return _outer((dx.square() * scale).exp(), (dy.square() * scale).exp(), keypoints)


def _offsets(keypoints: Tensor, size: tuple[int, int], nearest: bool) -> tuple[Tensor, Tensor]:
    """Signed distances in pixels of each column (..., J, W) and each row (..., J, H) from each joint."""
    places = keypoints[..., :2].float()
    if nearest:
        places = (places + 0.5).floor()
    columns, rows = (torch.arange(side, dtype=torch.float32, device=keypoints.device) for side in (size[1], size[0]))
    return columns - places[..., :1], rows - places[..., 1:2]


def _seen(keypoints: Tensor) -> Tensor:
    return (keypoints[..., 2] > 0).float()


def _outer(across: Tensor, down: Tensor, keypoints: Tensor) -> Tensor:
    """Maps (..., J, H, W) that are a product of a profile along x (..., J, W) and one along y (..., J, H)."""
    return (down * _seen(keypoints)[..., None])[..., :, None] * across[..., None, :]
