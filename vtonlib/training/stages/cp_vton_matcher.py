"""CP-VTON's geometric matching module, which chapter 07 trains."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from torch import Tensor

from vtonlib.data.representations.cp_vton import person_representation
from vtonlib.data.views import Views
from vtonlib.models.cp_vton import GeometricMatcher
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.matching import LatticeStage, MatcherConfig, l1_of_cloth
from vtonlib.training.registry import register


@register("cp_vton_matcher")
class CpVtonMatcherStage(LatticeStage):
    """The module learns from colours alone: the warped garment must look like the worn one."""

    paper: ClassVar[str] = "CP-VTON (Wang et al. 2018, arXiv:1807.07688), section 3.1 and equation 3"
    deviation: ClassVar[str] = (
        "a smoothness of the nodes that its README recommends and its code lacks; tops, bottoms and dresses; a start "
        "close to the identity; at sizes below 256 x 192 fewer strided convolutions; slim width and larger, fewer "
        "steps in short runs"
    )

    @classmethod
    def configure(cls, budget: Budget) -> MatcherConfig:
        """As every matcher, with smoothness."""
        return replace(super().configure(budget), smoothness=SMOOTHNESS)

    @classmethod
    def build(cls, config: MatcherConfig) -> GeometricMatcher:
        """GMM with colours on both sides."""
        return GeometricMatcher(config.size, config.width)

    @staticmethod
    def see(person: Views) -> Tensor:
        """The 22 channels."""
        return person_representation(person)

    def theta(self, batch: Batch) -> Tensor:
        """From the representation and the garment's picture."""
        answer: Tensor = self.matcher(batch["person"], batch["cloth"])
        return answer

    def miss(self, batch: Batch, grid: Tensor) -> Tensor:
        """Equation 3."""
        return l1_of_cloth(batch, grid)


SMOOTHNESS = 0.1
"""Chosen on training people: the least at which fewer than 1 % of the worn pixels fold."""
