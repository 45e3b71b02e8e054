"""CP-VTON+'s try-on module: legs are kept, the warped mask is seen, and the mask is held against the worn clothes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn.functional import l1_loss

from vtonlib.data.representations.cp_vton import HEAD
from vtonlib.data.representations.cp_vton_plus import CHANNELS, matching_representation, try_on_representation
from vtonlib.data.representations.surroundings import surroundings
from vtonlib.data.sample import CATEGORIES
from vtonlib.data.views import Views
from vtonlib.models.cp_vton import Rendering
from vtonlib.models.cp_vton_plus import TryOnModulePlus
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.registry import register
from vtonlib.training.try_on import See
from vtonlib.training.try_on_module import TryOnModuleConfig, TryOnModuleStage, pace

LEGS = ("left_leg", "right_leg")


@dataclass(frozen=True)
class CpVtonPlusTryOnConfig(TryOnModuleConfig):
    """Settings of CP-VTON+'s try-on module; its garments are warped by its own matcher."""

    matcher: str = "cp_vton_plus_matcher.cpu"


@register("cp_vton_plus_try_on")
class CpVtonPlusTryOnStage(TryOnModuleStage):
    """One U-Net renders the person and says where the warped garment is better; it knows where that garment ends."""

    Config = CpVtonPlusTryOnConfig
    paper: ClassVar[str] = "CP-VTON+ (Minar et al. 2020, CVPR workshops)"
    deviation: ClassVar[str] = (
        "logits are not normalised; tops, bottoms and dresses, whose pixels are the renderer's and not a parser's; "
        "legs are kept only where the garment leaves them alone; the background is kept; garments are warped while it "
        "trains; below 256 x 192 fewer levels; in short runs slim width, larger, fewer steps, and the features of our "
        "own parser for VGG19's"
    )

    @staticmethod
    def build(config: TryOnModuleConfig) -> TryOnModulePlus:
        """TOM with a 26th channel."""
        return TryOnModulePlus(config.size, config.width)

    @staticmethod
    def told(config: TryOnModuleConfig) -> See:
        """See :func:`see`."""
        return see

    @classmethod
    def configure(cls, budget: Budget) -> CpVtonPlusTryOnConfig:
        """Take the budget's width and height."""
        return CpVtonPlusTryOnConfig(budget.width, budget.height, *pace(budget))

    def answer(self, person: Tensor, warped: Tensor, warped_mask: Tensor) -> Rendering:
        """From the representation, the warped garment and its mask."""
        rendering: Rendering = self.module(person, warped, warped_mask)
        return rendering

    def mask_miss(self, mask: Tensor, warped_mask: Tensor, worn_mask: Tensor) -> Tensor:
        """The distance from where the garment is worn."""
        return l1_loss(mask, worn_mask)


def see(person: Views, category: Tensor) -> Batch:
    """CP-VTON+'s 22 channels: ``matched`` for the matcher, and ``person`` for the module.

    The paper's module keeps trousers, skirts and legs, since its garments are tops. Here what is kept goes by the
    garment's category: head, other clothes and background always, legs for a top.
    """
    channels = try_on_representation(person)
    legs = person.region(LEGS) * (category == CATEGORIES.index("top")).view(-1, 1, 1, 1).float()
    kept = torch.maximum(torch.maximum(person.region(HEAD), legs), surroundings(person, category))
    channels[:, CHANNELS["kept"]] = (person.pictures() + 1) * kept - 1  # black is -1
    return {"person": channels, "matched": matching_representation(person)}
