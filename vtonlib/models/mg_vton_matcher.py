"""MG-VTON's geometric matcher (Dong et al. 2019, arXiv:1902.11026, section 3.4): a garment's mask fitted to a body's.

It sees no colours: the mask of the garment and the body shape from the synthesised parsing, so it can be trained on any
garment with any person, and is free inside the mask. The paper names "feature extracting", "feature matching" and
"transformation-parameter estimating layers" and no sizes. We fill them with CP-VTON's, its baseline.

Departures: the layers, the 5 x 5 nodes and the bound by tanh are CP-VTON's, as said. With ``target_mask`` the person's
side also shows where the clothes should go, since a body shape of 16 x 12 cells is coarse; the paper does not do that.
"""

from __future__ import annotations

from vtonlib.models.cp_vton import GeometricMatcher


class MaskMatcher(GeometricMatcher):
    """The displacements of a spline's nodes, from two masks.

    ``forward(body, mask)`` takes (B, 1, H, W) in [0, 1] each, the body (B, 2, H, W) with ``target_mask``, and gives
    what :class:`vtonlib.models.cp_vton.GeometricMatcher` gives. 19,034,098 parameters by default.

    Args:
        size: (height, width) of the pictures: 16 x 12 doubled once or more often.
        width: channels of each tower's first convolution, CP-VTON's by default.
        lattice: (rows, columns) of the spline's nodes.
        target_mask: the body has a second channel, the clothes of the synthesised parsing.

    Raises:
        VtonError: for another size.
    """

    def __init__(
        self,
        size: tuple[int, int] = (256, 192),
        width: int = 64,
        lattice: tuple[int, int] = (5, 5),
        target_mask: bool = False,
    ) -> None:
        super().__init__(size, width, person_channels=1 + target_mask, cloth_channels=1, lattice=lattice)
