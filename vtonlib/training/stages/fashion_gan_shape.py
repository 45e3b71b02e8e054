"""FashionGAN's first stage: the map of the new outfit, from a sentence and what is left of the old map."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vtonlib.data.design import design_coding
from vtonlib.data.label_sets import FASHIONGAN_7
from vtonlib.data.outfits import outfits
from vtonlib.data.representations.fashiongan import merge, one_hot
from vtonlib.errors import VtonError
from vtonlib.metrics.iou import mean_iou
from vtonlib.metrics.score import Score
from vtonlib.models.fashion_gan.finish import smooth_map
from vtonlib.models.fashion_gan.shape import (
    LABELS,
    MERGED,
    PRIOR,
    ShapeDiscriminator,
    ShapeGenerator,
    hard_map,
    soft_map,
)
from vtonlib.training.batches import Batch
from vtonlib.training.fashion_gan import FashionGanConfig, FashionGanStage
from vtonlib.training.registry import register


@register("fashion_gan_shape")
class FashionGanShapeStage(FashionGanStage):
    """Map S~ of seven labels from noise, design coding and m(S0), 4 x 8 x 8."""

    deviation: ClassVar[str] = (
        "the release's layers with the paper's design coding; the discriminator is shown hard maps on both sides, with "
        "the gradient of the soft ones (straight through), since it would tell sharp from soft; wrong sentences differ "
        "in sleeve or kind; the step sizes rise and fall; slim width, larger first weights and steps, a round of the "
        "game in every fourth step, more weight on rare labels and a moving average of the generator in the smoke and "
        "cpu profiles"
    )
    SAYS: ClassVar[tuple[str, ...]] = ("kind", "sleeve")

    @staticmethod
    def build_generator(config: FashionGanConfig) -> nn.Module:
        """G_shape."""
        return ShapeGenerator(config.size, config.width, prior=channels_of(config.cells), deviation=config.deviation)

    @staticmethod
    def build_discriminator(config: FashionGanConfig) -> nn.Module:
        """D_shape."""
        prior = channels_of(config.cells)
        return ShapeDiscriminator(config.size, config.width, prior=prior, deviation=config.deviation)

    def condition(self, segmentation: Tensor) -> Tensor:
        """The spatial constraint m(S0), (B, 4, 8, 8); see :func:`folded` for other sizes than the paper's."""
        return folded(merge(segmentation, (self.config.cells, self.config.cells)))

    @staticmethod
    def truth(batch: Batch) -> Tensor:
        """S0, (B, 7, S, S), one-hot."""
        return one_hot(batch["labels"])

    def shown(self, drawn: Tensor) -> Tensor:
        """The likeliest labels, with the gradient of their probabilities."""
        soft = soft_map(drawn.float())
        return hard_map(soft) + soft - soft.detach()

    def miss(self, drawn: Tensor, batch: Batch) -> Tensor:
        """Cross-entropy of the logits, averaged over pixels; rare labels such as arms count more if asked to."""
        return F.cross_entropy(drawn, batch["labels"], weight=self.weigh(batch["labels"]))

    def weigh(self, labels: Tensor) -> Tensor | None:
        """Weight (7,) of each label: its share of the batch's pixels to the power of ``-rare``, 1 in the mean."""
        if not self.config.rare:
            return None
        share = torch.bincount(labels.flatten(), minlength=LABELS) / labels.numel()
        weight = share.clamp(min=1e-3).pow(-self.config.rare)
        return weight / (weight * share).sum()

    def finished(self, drawn: Tensor) -> Tensor:
        """Probabilities of labels (B, 7, S, S)."""
        return soft_map(drawn)

    def map_for(self, labels: Tensor, coding: Tensor, seed: int = 0) -> Tensor:
        """Labels of the new map (N, S, S) int64, smoothed as the release does before it takes the likeliest.

        Arguments are those of :meth:`draw`.
        """
        return smooth_map(self.draw(labels, coding, seed)).argmax(1)

    def evaluate(self) -> dict[str, Score]:
        """Mean IoU with the true map, of held-out people in their own outfit and in the one that they change into."""
        worn, other = (outfits("test", self.config.side, (slot,)) for slot in ("person", "swap"))
        labels = worn.tensors["labels"]
        own = self.map_for(labels, design_coding(worn))
        new = self.map_for(labels, design_coding(worn, other.sentences))
        names, without = FASHIONGAN_7.labels, ("background",)
        return {
            "miou_own_text": mean_iou(own, labels.long(), names, without),
            "miou_swapped_text": mean_iou(new, other.tensors["labels"].long(), names, without),
        }


def channels_of(cells: int) -> int:
    """Channels of m(S0) with some rows and columns once it is :func:`folded`."""
    return MERGED * max(1, cells // PRIOR[0]) ** 2


def folded(prior: Tensor) -> Tensor:
    """A prior (B, C, cells, cells) of another size as 8 x 8 cells, which is where the networks take it in.

    A finer one keeps all its numbers: those of the small cells inside each of the 8 x 8 become channels. Those of a
    coarser one are repeated.

    Raises:
        VtonError: if the cells are not 8 halved or doubled some times.
    """
    cells, inner = prior.shape[-1], PRIOR[0]
    if cells >= inner and cells % inner == 0:
        return F.pixel_unshuffle(prior, cells // inner)
    if inner % cells == 0:
        return prior.repeat_interleave(inner // cells, dim=2).repeat_interleave(inner // cells, dim=3)
    raise VtonError(f"spatial constraint has {cells} x {cells} cells; give 4, 8, 16 or 32")
