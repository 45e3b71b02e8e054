"""Compositional mapping: each region of a picture is rendered by itself, and a map of labels puts them together.

Zhu et al. 2017 (arXiv:1710.07346), section 3.3: the picture is sum_l mask_l * x_l, where x_l is a rendering of the
whole frame for label l. The authors' released code has no such layer; this is our reading of the paper.
"""

from __future__ import annotations

from torch import Tensor, nn

from vtonlib.errors import VtonError
from vtonlib.models.fashion_gan.shape import hard_map


def compose(renderings: Tensor, masks: Tensor) -> Tensor:
    """Put renderings of regions together.

    With masks that are non-negative and sum to 1 at each pixel, the picture stays in the renderings' range. With
    one-hot masks each pixel is that of one rendering, and a rendering gets no gradient outside its region.

    Args:
        renderings: (B, L, C, H, W).
        masks: (B, L, H, W), the share of each region in each pixel.

    Returns:
        (B, C, H, W).

    Raises:
        VtonError: if the masks do not fit the renderings.
    """
    if renderings.dim() != 5 or masks.shape != (*renderings.shape[:2], *renderings.shape[3:]):
        raise VtonError(
            f"renderings are {tuple(renderings.shape)} and masks {tuple(masks.shape)}; give (B, L, C, H, W) and "
            "(B, L, H, W)"
        )
    return (renderings * masks[:, :, None]).sum(dim=1)


class CompositionalMapping(nn.Module):
    """The layer: from channels of all regions and a map to a picture.

    Args:
        regions: labels of the map.
        hard: take the likeliest label of each pixel, so that nothing of the loss reaches the map; else mix by
            probability, through which both stages can be trained together.
    """

    def __init__(self, regions: int, hard: bool = False) -> None:
        super().__init__()
        self.regions, self.hard = regions, hard

    def forward(self, channels: Tensor, probabilities: Tensor) -> Tensor:
        """Compose a picture.

        Args:
            channels: (B, regions * 3, H, W) in [-1, 1]: red, green, blue of the first region, then of the second, ...
            probabilities: (B, regions, H, W) in [0, 1], summing to 1 over the regions.

        Returns:
            (B, 3, H, W) in [-1, 1].

        Raises:
            VtonError: if the channels or the map do not fit.
        """
        if channels.shape[1] != 3 * self.regions:
            raise VtonError(f"channels are {tuple(channels.shape)}; give (B, {3 * self.regions}, H, W)")
        masks = hard_map(probabilities) if self.hard else probabilities
        return compose(channels.unflatten(1, (self.regions, 3)), masks)
