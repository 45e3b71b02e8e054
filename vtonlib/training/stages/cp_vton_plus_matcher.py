"""CP-VTON+'s geometric matching module, which compares a body with a garment's mask instead of its colours."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from torch import Tensor

from vtonlib.data.representations.cp_vton_plus import matching_representation
from vtonlib.data.views import Views
from vtonlib.models.cp_vton_plus import GeometricMatcherPlus
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.matching import LatticeStage, MatcherConfig, l1_of_cloth
from vtonlib.training.registry import register


@register("cp_vton_plus_matcher")
class CpVtonPlusMatcherStage(LatticeStage):
    """It sees masks, is judged by colours as in its public code, and keeps the grid's intervals alike."""

    paper: ClassVar[str] = "CP-VTON+ (Minar et al. 2020, CVPR workshops)"
    deviation: ClassVar[str] = (
        "the loss of its public code, colours, where the paper says masks; tops, bottoms and dresses; a start close to "
        "the identity; at sizes below 256 x 192 fewer strided convolutions; slim width, larger and fewer "
        "steps in short runs"
    )

    @classmethod
    def configure(cls, budget: Budget) -> MatcherConfig:
        """As every matcher, with the weight 40 of the public code, which is meant at 256 rows.

        Second differences of a grid shrink with the square of the pixels, so the weight grows with it at other sizes.
        """
        return replace(super().configure(budget), grid_interval=40.0 * (budget.height / 256) ** 2)

    @classmethod
    def build(cls, config: MatcherConfig) -> GeometricMatcherPlus:
        """GMM with a mask on the garment's side."""
        return GeometricMatcherPlus(config.size, config.width)

    @staticmethod
    def see(person: Views) -> Tensor:
        """The 22 channels with a neck and without hair."""
        return matching_representation(person)

    def theta(self, batch: Batch) -> Tensor:
        """From the representation and the garment's mask."""
        answer: Tensor = self.matcher(batch["person"], batch["cloth_mask"])
        return answer

    def miss(self, batch: Batch, grid: Tensor) -> Tensor:
        """The difference of colours."""
        return l1_of_cloth(batch, grid)
