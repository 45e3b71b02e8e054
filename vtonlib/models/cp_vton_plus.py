"""CP-VTON+ (Minar et al. 2020, "CP-VTON+: clothing shape and texture preserving image-based virtual try-on", CVPRW).

CP-VTON's networks with other inputs: the matcher sees the garment's mask instead of its colours, which misled it, and
the try-on module also sees the warped mask, without which a white garment has no edge. What else the paper changes is
in the person representation (:mod:`vtonlib.data.representations.cp_vton_plus`) and in the losses. Departures are
those of :mod:`vtonlib.models.cp_vton`.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from vtonlib.models.cp_vton import INNERMOST, PERSON_CHANNELS, GeometricMatcher, Rendering
from vtonlib.nn.halvings import halvings
from vtonlib.nn.unet import UNet


class GeometricMatcherPlus(GeometricMatcher):
    """CP-VTON+'s GMM: :class:`vtonlib.models.cp_vton.GeometricMatcher` with one channel for the garment, its mask.

    ``forward(person, mask)`` takes (B, 22, H, W) in [-1, 1] and (B, 1, H, W) in {0, 1}. 19,055,602 parameters by
    default.

    Args:
        size: (height, width) of the pictures: 16 x 12 doubled once or more often.
        width: channels of each tower's first convolution, 64 in the paper.
        lattice: (rows, columns) of the spline's nodes, 5 x 5 in the paper.

    Raises:
        VtonError: for another size.
    """

    def __init__(self, size: tuple[int, int] = (256, 192), width: int = 64, lattice: tuple[int, int] = (5, 5)) -> None:
        super().__init__(size, width, PERSON_CHANNELS, cloth_channels=1, lattice=lattice)


class TryOnModulePlus(nn.Module):
    """CP-VTON+'s TOM: :class:`vtonlib.models.cp_vton.TryOnModule` with the warped mask as a 26th channel.

    21,350,276 parameters by default.

    Args:
        size: (height, width) of the pictures: 4 x 3 doubled twice or more often.
        width: channels at half resolution, 64 in the paper.
        last_norm: normalise the logits as the paper's code does; its public weights need that.

    Raises:
        VtonError: for another size.
    """

    def __init__(self, size: tuple[int, int] = (256, 192), width: int = 64, last_norm: bool = False) -> None:
        super().__init__()
        self.unet = UNet(PERSON_CHANNELS + 4, 4, halvings(size, INNERMOST), width, last_norm)

    def forward(self, person: Tensor, warped: Tensor, warped_mask: Tensor) -> Rendering:
        """Render a person in a garment.

        Args:
            person: (B, 22, H, W) in [-1, 1].
            warped: (B, 3, H, W) in [-1, 1], the warped garment, white outside.
            warped_mask: (B, 1, H, W) in [0, 1], the garment's mask under the same warp.

        Raises:
            VtonError: if channels are missing, or a side is no multiple of 2^levels.
        """
        return Rendering.of(self.unet(torch.cat([person, warped, warped_mask], dim=1)))
