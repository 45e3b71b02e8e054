"""MG-VTON's geometric matcher, which sees nothing but masks."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from torch import Tensor
from torch.nn import functional as F

from vtonlib.data.representations.mg_vton import body_shape
from vtonlib.data.views import Views
from vtonlib.geometry.sampling import warp
from vtonlib.models.mg_vton_matcher import MaskMatcher
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.matching import LatticeStage, MatcherConfig
from vtonlib.training.registry import register
from vtonlib.training.stages.cp_vton_matcher import SMOOTHNESS


@register("mg_vton_matcher")
class MgVtonMatcherStage(LatticeStage):
    """The warped mask must cover the worn one; where a print lands is left to chance and to smoothness."""

    paper: ClassVar[str] = "MG-VTON (Dong et al. 2019, arXiv:1902.11026), section 3.4"
    deviation: ClassVar[str] = (
        "layers and nodes are CP-VTON's, since the paper gives none; a smoothness of the nodes; body shape and target "
        "are those of the person and not of a synthesised parsing; tops, bottoms and dresses; a start close to the "
        "identity; below 256 x 192 fewer strided convolutions; slim width, larger and fewer steps in short runs"
    )

    @classmethod
    def configure(cls, budget: Budget) -> MatcherConfig:
        """As every matcher, with smoothness, without which masks alone leave the inside of the garment free."""
        return replace(super().configure(budget), smoothness=SMOOTHNESS)

    @classmethod
    def build(cls, config: MatcherConfig) -> MaskMatcher:
        """One channel on either side."""
        return MaskMatcher(config.size, config.width)

    @staticmethod
    def see(person: Views) -> Tensor:
        """The body shape alone."""
        return body_shape(person)

    def theta(self, batch: Batch) -> Tensor:
        """From two masks."""
        answer: Tensor = self.matcher(batch["person"], batch["cloth_mask"])
        return answer

    def miss(self, batch: Batch, grid: Tensor) -> Tensor:
        """L1 of the masks."""
        return F.l1_loss(warp(batch["cloth_mask"], grid, "zeros"), batch["worn_mask"])
