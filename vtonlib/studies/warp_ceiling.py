"""How well a spline can do that knows the answer: what is missing below it, a network may still learn."""

from __future__ import annotations

import torch
from torch import Tensor

from vtonlib.data.warp_task import WarpTask
from vtonlib.geometry.affine import apply_affine, box_affine, mask_box
from vtonlib.geometry.bending import offset_smoothness
from vtonlib.geometry.sampling import to_normalised, warp
from vtonlib.geometry.thin_plate import LatticeTps

PLACES, OVERLAP = 0.5, 3.0
"""Weights of the distance of places, in [-1, 1] units, and of the share of pixels where the masks differ."""


def best_spline(
    task: WarpTask, lattice: tuple[int, int] = (5, 5), smoothness: float = 0.1, steps: int = 300, rate: float = 0.02
) -> Tensor:
    """Move the nodes of a spline for each person towards the true places and the true mask: an oracle.

    Adam starts from the true box. It weighs places, masks where one can judge them, and smoothness; so the result is no
    bound on any one of them, but a warp that exists and is good at all.

    Args:
        task: the people.
        lattice: (rows, columns) of nodes.
        smoothness: weight of :func:`vtonlib.geometry.bending.offset_smoothness`.
        steps: of Adam.
        rate: its step size.

    Returns:
        Sampling grids (N, H, W, 2).
    """
    spline = LatticeTps(lattice, task.size)
    boxes = box_affine(mask_box(task.worn), mask_box(task.cloth_mask))
    nodes = spline.nodes.expand(len(boxes), -1, -1)
    offsets = (apply_affine(boxes, nodes) - nodes).requires_grad_()
    truth, worn = to_normalised(task.correspondence, task.size).nan_to_num(0), task.worn[:, 0]
    optimiser = torch.optim.Adam([offsets], lr=rate)
    for _ in range(steps):
        grid = spline(offsets)
        places = ((grid - truth).norm(dim=-1) * worn).mean()
        overlap = ((warp(task.cloth_mask, grid, "zeros") - task.worn).abs() * task.judged).mean()
        loss = PLACES * places + OVERLAP * overlap + smoothness * offset_smoothness(offsets, lattice)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    best: Tensor = spline(offsets).detach()
    return best
