"""A detector of garment attributes: from a picture of a person to what kind of garment is worn, its colour and sleeve.

A network of our own, which stands in for the detector of FashionGAN's attribute matching (Zhu et al. 2017,
arXiv:1710.07346). It is convolutional with residual blocks (He et al. 2016, arXiv:1512.03385, figure 2), and
reads its features where it believes the described garment and the bare arms to be, so that trousers do not count.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vtonlib.errors import VtonError

SIDE = 64
"""Pictures are shrunk to squares of this side before they are judged."""
MARGIN = SIDE // 8
"""Columns on either side that are cut off: there a square only repeats its portrait's outermost columns."""
REGIONS = ("garment", "arms")
"""What the network finds in order to look there."""
CELL = 4
"""Rows and columns of pixels that share a cell of the regions."""


class AttributeDetector(nn.Module):
    """From RGB to logits of attributes, and to the places that they were read from.

    Args:
        values: number of values of each attribute, by name.
        width: channels of the first convolution; they double twice.
    """

    def __init__(self, values: Mapping[str, int], width: int = 24) -> None:
        super().__init__()
        self.fine = nn.Sequential(
            _block(3, width, stride=2), _block(width, 2 * width, stride=2), _Residual(2 * width)
        )  # (B, 2 width, 16, 12)
        self.middle = nn.Sequential(_block(2 * width, 4 * width, stride=2), _Residual(4 * width))  # 8 x 6
        self.coarse = nn.Sequential(_block(4 * width, 4 * width, stride=2), _Residual(4 * width))  # 4 x 3
        self.regions = nn.Conv2d(2 * width, len(REGIONS), kernel_size=1)
        features = 4 * width + len(REGIONS) * (2 + 4) * width
        self.heads = nn.ModuleDict({name: nn.Linear(features, count) for name, count in values.items()})

    def forward(self, picture: Tensor) -> tuple[dict[str, Tensor], Tensor]:
        """Judge pictures (B, 3, S, S) in [-1, 1]; S is 64 or more.

        Returns:
            Logits (B, values) of each attribute by name, and logits (B, 2, 16, 12) of :data:`REGIONS` in cells of
            4 x 4 pixels of the shrunk picture without its margins.

        Raises:
            VtonError: if the pictures are no squares or too small.
        """
        if picture.shape[2] != picture.shape[3] or picture.shape[2] < SIDE:
            raise VtonError(f"picture is {tuple(picture.shape[2:])}; give squares of {SIDE} pixels or more")
        if picture.shape[2] != SIDE:
            picture = F.interpolate(picture, size=(SIDE, SIDE), mode="bilinear", antialias=True, align_corners=False)
        fine = self.fine(picture[..., MARGIN:-MARGIN])
        middle = self.middle(fine)
        coarse = self.coarse(middle)
        regions: Tensor = self.regions(fine)
        where = regions.sigmoid()
        features = [coarse.mean((2, 3)), _gather(fine, where), _gather(middle, F.avg_pool2d(where, 2))]
        gathered = torch.cat(features, dim=1)
        return {name: head(gathered) for name, head in self.heads.items()}, regions


class _Residual(nn.Module):
    """Two convolutions whose result is added to their input."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.change = nn.Sequential(
            _block(channels, channels),
            nn.Conv2d(channels, channels, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
        )

    def forward(self, x: Tensor) -> Tensor:
        changed: Tensor = self.change(x)
        return F.relu(x + changed)


def _block(before: int, after: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, kernel_size=3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(inplace=True),
    )


def _gather(features: Tensor, where: Tensor) -> Tensor:
    """Means (B, K C) of features (B, C, H, W) over regions (B, K, H, W) in [0, 1]; of a region that is not seen, 0."""
    share = where / (where.sum((2, 3), keepdim=True) + 0.01)
    return torch.einsum("bkhw,bchw->bkc", share, features).flatten(1)
