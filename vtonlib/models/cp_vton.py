"""CP-VTON (Wang et al. 2018, "Toward characteristic-preserving image-based virtual try-on network", arXiv:1807.07688).

Written from the paper and from facts about its code, whose public weights fit at the default width and size
(:mod:`vtonlib.convert.cp_vton`). Departures: sizes below 256 x 192 leave layers out (:mod:`vtonlib.nn.features`,
:class:`TryOnModule`), and the try-on module's output is not normalised unless asked for (:mod:`vtonlib.nn.unet`).
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from vtonlib.errors import VtonError
from vtonlib.nn.correlation import correlate, unit_length
from vtonlib.nn.features import FeatureTower
from vtonlib.nn.halvings import halvings
from vtonlib.nn.regression import StridedRegressor
from vtonlib.nn.unet import UNet

PERSON_CHANNELS = 22
"""Of :func:`vtonlib.data.representations.cp_vton.person_representation`: body shape 1, head 3, pose 18."""

INNERMOST = (4, 3)
"""Rows and columns of the U-Net's innermost map, whatever the size of the picture."""


class GeometricMatcher(nn.Module):
    """GMM, section 3.1: how a garment's nodes must move for it to fit a person.

    Two towers, their correlation without ReLU and normalisation, a regressor. 19,057,650 parameters by default.

    Args:
        size: (height, width) of the pictures: 16 x 12 doubled once or more often.
        width: channels of each tower's first convolution, 64 in the paper.
        person_channels: of the person representation.
        cloth_channels: of the garment's picture.
        lattice: (rows, columns) of the spline's nodes, 5 x 5 in the paper.

    Raises:
        VtonError: for another size.
    """

    def __init__(
        self,
        size: tuple[int, int] = (256, 192),
        width: int = 64,
        person_channels: int = PERSON_CHANNELS,
        cloth_channels: int = 3,
        lattice: tuple[int, int] = (5, 5),
    ) -> None:
        super().__init__()
        self.size, self.lattice = size, lattice
        self.channels = (person_channels, cloth_channels)
        self.person = FeatureTower(person_channels, size, width)
        self.cloth = FeatureTower(cloth_channels, size, width)
        self.regressor = StridedRegressor(2 * lattice[0] * lattice[1], width)

    def forward(self, person: Tensor, cloth: Tensor) -> Tensor:
        """Tell the displacements of the spline's nodes.

        Args:
            person: (B, person_channels, H, W) in [-1, 1].
            cloth: (B, cloth_channels, H, W) in [-1, 1].

        Returns:
            theta (B, 2 N) in [-1, 1], half of the picture's side at most: all x, then all y, of the N nodes, which are
            numbered down the columns. :meth:`vtonlib.geometry.thin_plate.LatticeTps.offsets_from_theta` reads it.

        Raises:
            VtonError: if an input has another shape.
        """
        for name, given, channels in zip(("person", "cloth"), (person, cloth), self.channels, strict=True):
            wanted = (channels, *self.size)
            if given.shape[1:] != wanted:
                raise VtonError(f"{name} is {tuple(given.shape)}; this matcher takes (B, {str(wanted)[1:]}")
        scores = correlate(unit_length(self.person(person)), unit_length(self.cloth(cloth)))  # (B, 192, 16, 12)
        theta: Tensor = self.regressor(scores).tanh()
        return theta


class Rendering(NamedTuple):
    """What a try-on module gives.

    Attributes:
        picture: (B, 3, H, W) in [-1, 1], the rendered person.
        mask: (B, 1, H, W) in [0, 1], where the warped garment is to be taken instead.
    """

    picture: Tensor
    mask: Tensor

    @classmethod
    def of(cls, logits: Tensor) -> Rendering:
        """Read a network's output (B, 4, H, W): three channels of the picture, one of the mask."""
        return cls(logits[:, :3].tanh(), logits[:, 3:].sigmoid())

    def wearing(self, warped: Tensor) -> Tensor:
        """The try-on result of section 3.2, mask * warped + (1 - mask) * picture: (B, 3, H, W) in [-1, 1].

        Args:
            warped: (B, 3, H, W) in [-1, 1], the warped garment.
        """
        return self.mask * warped + (1 - self.mask) * self.picture


class TryOnModule(nn.Module):
    """TOM, section 3.2: a rendered person and a mask that says where the warped garment is better.

    21,349,252 parameters by default.

    Args:
        size: (height, width) of the pictures: 4 x 3 doubled twice or more often. The U-Net has one level for each
            doubling, 6 in the paper; below 256 x 192 it is that much shallower.
        width: channels at half resolution, 64 in the paper.
        last_norm: normalise the logits as the paper's code does; its public weights need that.

    Raises:
        VtonError: for another size.
    """

    def __init__(self, size: tuple[int, int] = (256, 192), width: int = 64, last_norm: bool = False) -> None:
        super().__init__()
        self.unet = UNet(PERSON_CHANNELS + 3, 4, halvings(size, INNERMOST), width, last_norm)

    def forward(self, person: Tensor, warped: Tensor) -> Rendering:
        """Render a person in a garment.

        Args:
            person: (B, 22, H, W) in [-1, 1].
            warped: (B, 3, H, W) in [-1, 1], the warped garment, white outside.

        Raises:
            VtonError: if channels are missing, or a side is no multiple of 2^levels.
        """
        return Rendering.of(self.unet(torch.cat([person, warped], dim=1)))
