"""A silhouette that has forgotten its edges, so that it tells the build of a body and not the cut of its clothes."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

CELLS = (16, 12)
"""Rows and columns of the small picture, whatever the size of the large one."""


def coarse_by_area(mask: Tensor) -> Tensor:
    """Average each of 16 x 12 cells, then enlarge bilinearly, as VITON's code does.

    Args:
        mask: (N, 1, H, W) in {0, 1}.

    Returns:
        The same shape, in [0, 1].
    """
    return _enlarge(F.interpolate(mask, CELLS, mode="area"), mask)


def coarse_by_triangle(mask: Tensor) -> Tensor:
    """Shrink to 16 x 12 with Pillow's bilinear filter, which reaches one cell further, then enlarge, as in CP-VTON.

    Args:
        mask: (N, 1, H, W) in {0, 1}.

    Returns:
        The same shape, in [0, 1].
    """
    small = F.interpolate(mask, CELLS, mode="bilinear", align_corners=False, antialias=True)
    return _enlarge(small, mask)


def _enlarge(small: Tensor, like: Tensor) -> Tensor:
    return F.interpolate(small, like.shape[2:], mode="bilinear", align_corners=False).clamp(0, 1)
