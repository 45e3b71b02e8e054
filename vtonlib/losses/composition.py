"""What keeps a composition mask from pasting everything or nothing, and from being ragged.

VITON (Han et al. 2018, arXiv:1711.08447, equation 5) rewards the use of the warped garment and punishes edges; CP-VTON
(Wang et al. 2018, arXiv:1807.07688, equation 6) asks for the garment everywhere in its paper, and where the warped
garment's mask lies in its code.
"""

from __future__ import annotations

from typing import Literal

from torch import Tensor

from vtonlib.errors import VtonError

MaskTarget = Literal["everywhere", "warped_mask"]


def total_variation(alpha: Tensor) -> Tensor:
    """How much a mask changes from pixel to pixel, |grad alpha| in VITON's equation 5: a scalar in [0, 2].

    The sum of the absolute differences of neighbours, down and across, over the number of pixels. VITON's code does not
    divide, so its weight of 5e-6 is one of 0.246 here: 5e-6 times the 256 x 192 pixels of a picture.

    Args:
        alpha: (B, 1, H, W) in [0, 1].
    """
    down = (alpha[:, :, 1:] - alpha[:, :, :-1]).abs().sum()
    across = (alpha[..., 1:] - alpha[..., :-1]).abs().sum()
    return (down + across) / alpha.numel()


def mask_miss(mask: Tensor, warped_mask: Tensor, target: MaskTarget) -> Tensor:
    """How far a composition mask is from what CP-VTON asks of it: a scalar in [0, 1].

    Args:
        mask: (B, 1, H, W) in [0, 1], where the warped garment is taken.
        warped_mask: (B, 1, H, W) in [0, 1], where the warped garment is.
        target: ``everywhere`` as in the paper, |1 - M|; or ``warped_mask`` as in the code, |M - warped mask|, which
            does not ask for the garment's white surroundings.

    Raises:
        VtonError: for another target.
    """
    if target == "everywhere":
        return (1 - mask).abs().mean()
    if target == "warped_mask":
        return (mask - warped_mask).abs().mean()
    raise VtonError(f"mask target is {target!r}; choose everywhere or warped_mask")
