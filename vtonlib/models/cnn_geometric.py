"""CNNGeometric (Rocco et al. 2017, "Convolutional neural network architecture for geometric matching", 1703.05593).

An affine map first, then a thin-plate spline with 3 x 3 nodes for what is left (section 3.4). MG-VTON (Dong et al.
2019, arXiv:1902.11026, section 3.2) takes these two, trained by others, to move features from the reference's parsing
to the synthesised one. Both are trained without labels, on :mod:`vtonlib.data.synthetic_warps`.

Departures: features come from a small tower of our own, trained along, at 16 x 12 cells; :func:`vgg16_to_pool4` is the
paper's extractor, fixed there, at 15 x 15 cells of 240 x 240. The spline's numbers are displacements of the nodes where
the code gives their places, which differ by a constant. Training starts close to the map that changes nothing.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn

from vtonlib.errors import VtonError
from vtonlib.geometry.affine import affine_grid
from vtonlib.geometry.sampling import Padding, warp
from vtonlib.nn.correlation import competing, correlate, unit_length
from vtonlib.nn.features import CELLS, FeatureTower
from vtonlib.nn.regression import start_near

LATTICE = (3, 3)
"""Rows and columns of the spline's nodes."""

STARTS = {"affine": torch.tensor([1.0, 0, 0, 0, 1, 0]), "tps": torch.zeros(2 * LATTICE[0] * LATTICE[1])}
"""For each kind of transformation the numbers that change nothing."""


class CnnGeometric(nn.Module):
    """One matcher: the affine map or the spline that takes a source picture to a target picture.

    Args:
        kind: ``affine``, six numbers, or ``tps``, eighteen.
        size: (height, width) of the pictures, for the default features: 16 x 12 doubled once or more often.
        channels: of the pictures, for the default features.
        width: channels of the default features' first convolution.
        features: another extractor, from (B, channels, H, W) to (B, F, rows, columns).
        cells: its (rows, columns), each at least 11.

    Raises:
        VtonError: for another kind or size, or too few cells.
    """

    def __init__(
        self,
        kind: Literal["affine", "tps"],
        size: tuple[int, int] = (256, 192),
        channels: int = 3,
        width: int = 16,
        features: nn.Module | None = None,
        cells: tuple[int, int] = CELLS,
    ) -> None:
        super().__init__()
        if kind not in STARTS:
            raise VtonError(f"kind is {kind!r}; choose one of {', '.join(STARTS)}")
        if min(cells) < 11:
            raise VtonError(f"cells is {cells}; give 11 or more on each side, which the two convolutions take away")
        self.kind, self.cells = kind, cells
        self.features = features or FeatureTower(channels, size, width)
        rows, columns = cells
        self.layers = nn.Sequential(
            nn.Conv2d(rows * columns, 128, kernel_size=7),
            nn.BatchNorm2d(128),
            nn.ReLU(),
            nn.Conv2d(128, 64, kernel_size=5),
            nn.BatchNorm2d(64),
            nn.ReLU(),
        )
        self.linear = nn.Linear(64 * (rows - 10) * (columns - 10), len(STARTS[kind]))
        start_near(self.linear, STARTS[kind])

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """Tell where in the source each point of the target lies.

        Args:
            source: (B, channels, H, W), the picture to be warped.
            target: (B, channels, H, W), what it should look like.

        Returns:
            (B, 6), the rows of the matrix [a11 a12 tx a21 a22 ty] in units of [-1, 1]; or (B, 18), displacements of
            the nodes, all x, then all y, in CP-VTON's numbering. Without bounds.

        Raises:
            VtonError: if the features have other cells than were announced.
        """
        found, wanted = (unit_length(self.features(picture)) for picture in (source, target))
        if found.shape[2:] != self.cells or wanted.shape[2:] != self.cells:
            raise VtonError(
                f"features of {tuple(source.shape)} and {tuple(target.shape)} have {tuple(found.shape[2:])} and "
                f"{tuple(wanted.shape[2:])} cells; this matcher takes {self.cells}"
            )
        scores = competing(correlate(found, wanted))
        theta: Tensor = self.linear(self.layers(scores).flatten(1))
        return theta


class TwoSteps(NamedTuple):
    """What the matcher in two steps gives.

    Attributes:
        affine: (B, 2, 3), from the target to where the affine map looks it up in the source.
        tps: (B, 18), displacements of the nodes of the spline from the target to the source **after** the affine map.
    """

    affine: Tensor
    tps: Tensor


class TwoStepMatcher(nn.Module):
    """Both matchers in turn (section 3.4): the second sees the source as the first has moved it.

    The whole map looks a point of the target up in the spline first and in the affine map then:
    :func:`vtonlib.geometry.compose.compose_affine` with ``crop=True``. The two are trained apart, each on warps of its
    own kind.

    Args:
        affine: a matcher of that kind.
        tps: a matcher of that kind.
        padding: what the source shows outside its border; ``zeros`` in the paper's code.

    Raises:
        VtonError: if a matcher is of the other kind.
    """

    def __init__(self, affine: CnnGeometric, tps: CnnGeometric, padding: Padding = "zeros") -> None:
        super().__init__()
        if (affine.kind, tps.kind) != ("affine", "tps"):
            raise VtonError(f"matchers are of kinds {affine.kind!r}, {tps.kind!r}; give 'affine', then 'tps'")
        self.affine, self.tps, self.padding = affine, tps, padding

    def forward(self, source: Tensor, target: Tensor) -> TwoSteps:
        """Match a source (B, channels, H, W) with a target (B, channels, H, W)."""
        matrix = self.affine(source, target).view(-1, 2, 3)
        moved = warp(source, affine_grid(matrix, (source.shape[2], source.shape[3])), self.padding)
        return TwoSteps(matrix, self.tps(moved, target))


def vgg16_to_pool4() -> nn.Sequential:
    """The paper's features: VGG16 (Simonyan and Zisserman 2015, arXiv:1409.1556) up to the fourth pooling.

    From RGB (B, 3, H, W), normalised with ImageNet's mean and deviation, to (B, 512, H / 16, W / 16). The weights are
    random, and fixed, as in the paper; load the first ten convolutions of torchvision's ``vgg16().features``, whose
    names are the same.
    """
    layers: list[nn.Module] = []
    before = 3
    for convolutions, after in ((2, 64), (2, 128), (3, 256), (3, 512)):
        for _ in range(convolutions):
            layers += [nn.Conv2d(before, after, kernel_size=3, padding=1), nn.ReLU()]
            before = after
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers).eval().requires_grad_(False)
