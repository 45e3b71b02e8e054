"""PRGAN as lecture notes on VITON draw it: without face and hair among what it is told."""

from __future__ import annotations

from dataclasses import replace

from vtonlib.profiles import Budget
from vtonlib.training.registry import register
from vtonlib.training.stages.prgan import PrganConfig, PrganStage


@register("prgan_no_head")
class PrganNoHeadStage(PrganStage):
    """The same networks have to guess the head."""

    deviation = PrganStage.deviation + "; face and hair are not told"

    @classmethod
    def configure(cls, budget: Budget) -> PrganConfig:
        """As PRGAN, without the head."""
        return replace(super().configure(budget), head=False)
