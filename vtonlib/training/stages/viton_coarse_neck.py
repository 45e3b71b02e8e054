"""VITON's coarse generator with a neck in the body shape, which chapter 10 compares with the one of chapter 06."""

from __future__ import annotations

from typing import ClassVar

import torch

from vtonlib.data.feed import Feed
from vtonlib.data.representations.coarse_shape import coarse_by_area
from vtonlib.data.representations.viton import BODY, CHANNELS
from vtonlib.data.views import Views
from vtonlib.data.warp_task import WarpTask
from vtonlib.data.worn import worn_garments
from vtonlib.models.viton import Coarse
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.registry import register
from vtonlib.training.stages import viton_coarse
from vtonlib.training.stages.viton_coarse import VitonCoarseConfig, VitonCoarseStage
from vtonlib.training.try_on import See, feed


@register("viton_coarse_neck")
class VitonCoarseNeckStage(VitonCoarseStage):
    """The same networks and losses; bare neck counts as body, so that its edge no longer tells the old collar."""

    deviation: ClassVar[str] = VitonCoarseStage.deviation + "; the neck is part of the body shape, as in CP-VTON+"

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Feed:
        """Training people in their garments, all four views of each: see :func:`vtonlib.training.try_on.feed`."""
        return feed(worn_garments("train", budget.height), see(cls.configure(budget)), budget, seed)

    def imagine_all(self, task: WarpTask) -> Coarse:
        """The coarse pictures and masks of a list, on the CPU."""
        both = self.in_parts(task, see(self.config), lambda batch: torch.cat(self.imagine(batch), dim=1))
        return Coarse(both[:, :3], both[:, 3:])


def see(config: VitonCoarseConfig) -> See:
    """What chapter 06 tells, with the neck in the body shape."""
    told = viton_coarse.see(config)

    def represent(person: Views, category: torch.Tensor) -> Batch:
        channels = told(person, category)["person"]
        neck = person.require("neck").float().unsqueeze(1)
        channels[:, CHANNELS["body_shape"]] = coarse_by_area(torch.maximum(person.region(BODY), neck))
        return {"person": channels}

    return represent
