"""Affine maps of the plane in [-1, 1] coordinates, and the simplest warp of all: one box onto another.

``theta`` (B, 2, 3) holds the rows (a11, a12, t_x) and (a21, a22, t_y), as in Jaderberg et al. 2015 (arXiv:1506.02025,
equation 1) and in CNNGeometric (Rocco et al. 2017, arXiv:1703.05593). As a warp it takes output points to input points.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from vtonlib.errors import VtonError
from vtonlib.geometry.sampling import to_normalised

FLATTEST = 1e-6
"""Least ratio of the two stretches of a map that can be undone; below it the inverse is rounding noise."""


def affine_grid(theta: Tensor, size: tuple[int, int]) -> Tensor:
    """The sampling grid (B, H, W, 2) of affine maps (B, 2, 3) for pictures of that (height, width).

    Raises:
        VtonError: if theta has another shape.
    """
    _check(theta)
    grid: Tensor = F.affine_grid(theta, [len(theta), 1, *size], align_corners=True)
    return grid


def apply_affine(theta: Tensor, points: Tensor) -> Tensor:
    """Where points (B, ..., 2) go under the maps (B, 2, 3), or under one map (1, 2, 3) for all.

    Raises:
        VtonError: if the shapes do not fit.
    """
    _check(theta)
    if points.dim() < 2 or points.shape[-1] != 2 or len(theta) not in (1, len(points)):
        raise VtonError(f"theta is {tuple(theta.shape)}, points {tuple(points.shape)}; give (B, 2, 3) and (B, ..., 2)")
    moved = points.flatten(1, -2) @ theta[:, :, :2].mT if points.dim() > 2 else points[:, None] @ theta[:, :, :2].mT
    return (moved + theta[:, None, :, 2]).view(points.shape)


def invert_affine(theta: Tensor) -> Tensor:
    """The maps (B, 2, 3) that undo these (B, 2, 3).

    Raises:
        VtonError: if theta has another shape, or a map flattens the plane.
    """
    _check(theta)
    linear, shift = theta[:, :, :2], theta[:, :, 2:]
    stretch = torch.linalg.svdvals(linear.detach())  # the larger one first
    if not bool((stretch[:, 1] > FLATTEST * stretch[:, 0]).all()):
        raise VtonError("theta: flattens the plane onto a line, which nothing undoes; look at what gave it")
    back = torch.linalg.inv(linear)
    return torch.cat([back, -back @ shift], 2)


def box_affine(from_box: Tensor, to_box: Tensor) -> Tensor:
    """The maps (B, 2, 3) that scale and shift one box onto another, without a turn.

    The baseline of every learned warp: with the garment's box on the person as ``from_box`` and its box in the shop's
    picture as ``to_box``, ``warp(garment, affine_grid(theta, size))`` pastes the garment where it belongs.

    Args:
        from_box: (B, 4) x_min, y_min, x_max, y_max in the output, as :func:`mask_box` gives them.
        to_box: (B, 4) in the input.

    Raises:
        VtonError: if the shapes differ, or a box in the output has no width or height.
    """
    if from_box.shape != to_box.shape or from_box.dim() != 2 or from_box.shape[1] != 4:
        raise VtonError(f"from_box is {tuple(from_box.shape)}, to_box {tuple(to_box.shape)}; give two equal (B, 4)")
    extent = from_box[:, 2:] - from_box[:, :2]
    if not bool((extent > 0).all()):
        raise VtonError("from_box: has no width or no height; give x_min, y_min, x_max, y_max of two pixels or more")
    scale = (to_box[:, 2:] - to_box[:, :2]) / extent
    shift = to_box[:, :2] - scale * from_box[:, :2]
    return torch.cat([torch.diag_embed(scale), shift[:, :, None]], 2)


def mask_box(mask: Tensor) -> Tensor:
    """The smallest boxes (B, 4) round masks: x_min, y_min, x_max, y_max of pixels' centres, in [-1, 1].

    Args:
        mask: (B, 1, H, W); above 0.5 is inside.

    Raises:
        VtonError: if a mask is empty or has another shape.
    """
    if mask.dim() != 4 or mask.shape[1] != 1:
        raise VtonError(f"mask: is {tuple(mask.shape)}; give (B, 1, H, W)")
    inside = mask[:, 0] > 0.5
    if not bool(inside.flatten(1).any(1).all()):
        raise VtonError("mask: is empty, so it has no box; leave such samples out")
    height, width = inside.shape[1:]
    sides = []
    for occupied in (inside.any(1).byte(), inside.any(2).byte()):  # columns, then rows
        first = occupied.argmax(1)
        last = occupied.shape[1] - 1 - occupied.flip(1).argmax(1)
        sides.append((first, last))
    (left, right), (top, bottom) = sides
    corners = torch.stack([left, top, right, bottom], 1).view(-1, 2, 2).float()
    return to_normalised(corners, (height, width)).flatten(1)


def _check(theta: Tensor) -> None:
    if theta.dim() != 3 or theta.shape[1:] != (2, 3):
        raise VtonError(f"theta: is {tuple(theta.shape)}; give (B, 2, 3)")
