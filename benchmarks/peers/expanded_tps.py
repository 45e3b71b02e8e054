"""The thin-plate spline in the expanded form of CP-VTON's public code, which took it from CNNGeometric.

The same function as :class:`vtonlib.geometry.thin_plate.LatticeTps`, computed another way, restated here from its
description: at every call the kernels of the whole grid are computed anew, and each sample's weights are repeated for
every pixel, multiplied with the kernels and summed. At 256 x 192 and 25 nodes that is 9.8 MB of weights for each sample
before the products. The inverse of the system is single precision, as there.
"""

from __future__ import annotations

import torch
from torch import Tensor


class ExpandedTps:
    """A 5 x 5 lattice over [-1, 1]^2, x slow and y fast.

    Args:
        size: (height, width) of the grid.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        axis = torch.linspace(-1, 1, 5)
        node_x, node_y = (values.flatten() for values in torch.meshgrid(axis, axis, indexing="ij"))
        self.nodes = torch.stack([node_x, node_y], 1)
        plane = torch.cat([torch.ones(25, 1), self.nodes], 1)
        kernels = self._kernel((self.nodes[:, None] - self.nodes).square().sum(-1))
        top, bottom = torch.cat([kernels, plane], 1), torch.cat([plane.T, torch.zeros(3, 3)], 1)
        self.inverse = torch.linalg.inv(torch.cat([top, bottom]))
        y, x = torch.meshgrid(torch.linspace(-1, 1, size[0]), torch.linspace(-1, 1, size[1]), indexing="ij")
        self.x, self.y = x[None, :, :, None, None], y[None, :, :, None, None]

    def __call__(self, offsets: Tensor) -> Tensor:
        """The grid (B, H, W, 2) for displacements (B, 25, 2) of the nodes."""
        targets = self.nodes + offsets
        weights, affine = self.inverse[:25, :25] @ targets, self.inverse[25:, :25] @ targets
        height, width = self.x.shape[1:3]
        kernels = self._kernel((self.x - self.nodes[:, 0]).square() + (self.y - self.nodes[:, 1]).square())
        coordinates = []
        for axis in range(2):
            repeated = weights[:, None, None, None, :, axis].repeat(1, height, width, 1, 1)
            a = affine[:, None, None, None, :, axis].repeat(1, height, width, 1, 1)
            flat = a[..., 0] + a[..., 1] * self.x[..., 0] + a[..., 2] * self.y[..., 0]
            coordinates.append(flat + (repeated * kernels).sum(4))
        return torch.cat(coordinates, 3)

    @staticmethod
    def _kernel(squared: Tensor) -> Tensor:
        """r^2 log r^2, with 1 in place of 0."""
        squared = squared.where(squared != 0, 1)
        return squared * squared.log()
