"""FashionGAN's second stage: a picture whose regions are painted one by one and put together by the map."""

from __future__ import annotations

from typing import ClassVar

from torch import Tensor, nn

from vtonlib.models.fashion_gan.image import CompositionalImageGenerator, ImageDiscriminator
from vtonlib.training.fashion_gan import FashionGanConfig
from vtonlib.training.painting import PaintingStage
from vtonlib.training.registry import register


@register("fashion_gan_image")
class FashionGanImageStage(PaintingStage):
    """From noise, design coding and the map S0 to a picture, through compositional mapping."""

    deviation: ClassVar[str] = (
        "the release's layers with the paper's design coding and the map itself as condition; the step sizes rise "
        "and fall; in the smoke and cpu profiles slim width, larger first weights and steps, those that read the "
        "coding larger still, a Huber loss in which chroma counts twice and rare labels more in the place of L1, a "
        "round of the game in every eighth step, and a moving average of the generator"
    )

    @staticmethod
    def build_generator(config: FashionGanConfig) -> nn.Module:
        """G_image."""
        return CompositionalImageGenerator(size=config.size, width=config.width, deviation=config.deviation)

    @staticmethod
    def build_discriminator(config: FashionGanConfig) -> nn.Module:
        """D_image."""
        return ImageDiscriminator(size=config.size, width=config.width, deviation=config.deviation)

    def condition(self, segmentation: Tensor) -> Tensor:
        """The map itself, (B, 7, S, S)."""
        return segmentation
