"""CP-VTON's try-on module on garments without inner collars, which chapter 10 compares with that of chapter 08."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from torch import Tensor

from vtonlib.data.feed import Feed
from vtonlib.data.views import to_pictures
from vtonlib.data.warp_task import WarpTask
from vtonlib.data.worn import worn_garments
from vtonlib.profiles import Budget
from vtonlib.training.registry import register
from vtonlib.training.stages.cp_vton_try_on import CpVtonTryOnStage, see
from vtonlib.training.stages.garment_parser import GarmentParserStage
from vtonlib.training.try_on import feed

PARSER = "garment_parser.cpu"
"""Name in the zoo of the network that finds inner collars."""


@register("cp_vton_try_on_clean")
class CpVtonTryOnCleanStage(CpVtonTryOnStage):
    """The same network and losses; inner collars are found and removed before garments are warped.

    They are removed in training, too: a module that has only seen whole garments takes the hole for white cloth.
    """

    deviation: ClassVar[str] = CpVtonTryOnStage.deviation + "; inner collars are found by a parser and removed"

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Feed:
        """Training people in their garments, all four views of each: see :func:`vtonlib.training.try_on.feed`."""
        worn = worn_garments("train", budget.height)
        cloth, mask = finder().clean(to_pictures(worn.garments["image"]), worn.garments["mask"][:, None].float())
        image = cloth.add(1).mul(127.5).round().byte()
        garments = worn.garments | {"image": image, "mask": mask[:, 0] > 0}
        return feed(replace(worn, garments=garments), see(cls.configure(budget)), budget, seed)

    def compose_all(self, task: WarpTask) -> tuple[Tensor, Tensor]:
        """The results (N, 3, H, W) and composition masks (N, 1, H, W) of a list, on the CPU."""
        return super().compose_all(finder().clean_task(task))

    def warp_all(self, task: WarpTask) -> tuple[Tensor, Tensor]:
        """The warped garments (N, 3, H, W) and their masks (N, 1, H, W) of a list, on the CPU."""
        return super().warp_all(finder().clean_task(task))


def finder() -> GarmentParserStage:
    """The zoo's parser, which finds inner collars."""
    from vtonlib.zoo.store import load  # the zoo imports the stages

    parser = load(PARSER)
    assert isinstance(parser, GarmentParserStage)
    return parser
