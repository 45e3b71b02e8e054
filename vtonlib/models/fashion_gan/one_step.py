"""What FashionGAN is compared with: one GAN straight to the picture, no map of labels in between.

Zhu et al. 2017 (arXiv:1710.07346), section 4: "One-Step-8-7" is told S0 shrunk to 8 x 8 with all its seven labels,
"One-Step-8-4" the first stage's own constraint, 8 x 8 with four. No layers are known here: these are the first stage's,
painting three channels and not seven. The third baseline, two stages without compositional mapping, is
:class:`vtonlib.models.fashion_gan.image.ImageGenerator`.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from vtonlib.models.fashion_gan.coding import DESIGN, FIRST_DEVIATION, NOISE, SQUEEZED
from vtonlib.models.fashion_gan.shape import MERGED, PRIOR, ShapeDiscriminator, ShapeGenerator


class OneStepGenerator(nn.Module):
    """From noise, design coding and a coarse prior to a picture.

    Args:
        prior: channels of the prior: 7 for One-Step-8-7, 4 for One-Step-8-4.
        size, width, coding, noise, squeezed, refine, deviation: see
            :class:`vtonlib.models.fashion_gan.shape.ShapeGenerator`.

    Raises:
        VtonError: for another size.
    """

    def __init__(
        self,
        prior: int = MERGED,
        size: tuple[int, int] = (128, 128),
        width: int = 64,
        coding: int = DESIGN,
        noise: int = NOISE,
        squeezed: int = SQUEEZED,
        refine: bool = True,
        deviation: float = FIRST_DEVIATION,
    ) -> None:
        super().__init__()
        self.layers = ShapeGenerator(size, width, 3, prior, coding, noise, squeezed, refine, deviation)

    def forward(self, noise: Tensor, coding: Tensor, prior: Tensor) -> Tensor:
        """Paint pictures.

        Args:
            noise: (B, noise) from N(0, 1).
            coding: (B, coding), the design coding d.
            prior: (B, prior, 8, 8), about in [0, 1].

        Returns:
            (B, 3, H, W) in [-1, 1].

        Raises:
            VtonError: if an input has another shape.
        """
        picture: Tensor = self.layers(noise, coding, prior).tanh()
        return picture


class OneStepDiscriminator(ShapeDiscriminator):
    """From a picture (B, 3, H, W) in [-1, 1], design coding and a coarse prior to logits (B,).

    Args:
        prior: channels of the prior: 7 for One-Step-8-7, 4 for One-Step-8-4.
        size, width, coding, squeezed, refine, deviation: see
            :class:`vtonlib.models.fashion_gan.shape.ShapeDiscriminator`.

    Raises:
        VtonError: for another size.
    """

    def __init__(
        self,
        prior: int = MERGED,
        size: tuple[int, int] = (128, 128),
        width: int = 64,
        coding: int = DESIGN,
        squeezed: int = SQUEEZED,
        refine: bool = True,
        deviation: float = FIRST_DEVIATION,
    ) -> None:
        super().__init__(size, width, 3, prior, coding, squeezed, refine, deviation=deviation)


def prior_of_7(segmentation: Tensor, cells: tuple[int, int] = PRIOR) -> Tensor:
    """The prior of One-Step-8-7: S0 shrunk as m(S0) is, but not merged.

    :func:`vtonlib.data.representations.fashiongan.merge` makes that of One-Step-8-4.

    Args:
        segmentation: S0, (B, 7, H, W).
        cells: rows and columns of the result.

    Returns:
        (B, 7, *cells), about in [0, 1], summing to 1 over the labels.
    """
    return F.interpolate(segmentation, cells, mode="bicubic", align_corners=False, antialias=True)
