"""One-Step-8-7, a baseline of FashionGAN: one GAN from the sentence straight to the picture, no map in between."""

from __future__ import annotations

from typing import ClassVar

from torch import Tensor, nn

from vtonlib.models.fashion_gan.one_step import OneStepDiscriminator, OneStepGenerator, prior_of_7
from vtonlib.training.fashion_gan import FashionGanConfig
from vtonlib.training.painting import PaintingStage
from vtonlib.training.registry import register

PRIOR = 7
"""Channels of the prior."""


@register("one_step_8_7")
class OneStep87Stage(PaintingStage):
    """From noise, design coding and S0, shrunk to 8 x 8 but with all its labels: it still shows the old outfit."""

    paper: ClassVar[str] = "Zhu et al. 2017, arXiv:1710.07346, section 4: a baseline whose layers are not published"
    deviation: ClassVar[str] = (
        "layers of the released first stage, with three channels at the end; as wide as makes it have about as many "
        "parameters as both stages of FashionGAN; in the smoke and cpu profiles trained as fashion_gan_image is there"
    )

    @staticmethod
    def build_generator(config: FashionGanConfig) -> nn.Module:
        """The first stage's layers, painting."""
        return OneStepGenerator(PRIOR, config.size, config.width, deviation=config.deviation)

    @staticmethod
    def build_discriminator(config: FashionGanConfig) -> nn.Module:
        """The first stage's discriminator, shown pictures."""
        return OneStepDiscriminator(PRIOR, config.size, config.width, deviation=config.deviation)

    def condition(self, segmentation: Tensor) -> Tensor:
        """The coarse prior, (B, 7, 8, 8)."""
        return prior_of_7(segmentation)
