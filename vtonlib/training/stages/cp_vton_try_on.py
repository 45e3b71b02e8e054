"""CP-VTON's try-on module, which chapter 08 trains beside VITON's refinement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from vtonlib.data.representations.cp_vton import CHANNELS, person_representation
from vtonlib.data.representations.surroundings import surroundings
from vtonlib.data.views import Views
from vtonlib.losses.composition import MaskTarget, mask_miss
from vtonlib.models.cp_vton import Rendering, TryOnModule
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.registry import register
from vtonlib.training.try_on import See
from vtonlib.training.try_on_module import TryOnModuleConfig, TryOnModuleStage, pace


@dataclass(frozen=True)
class CpVtonTryOnConfig(TryOnModuleConfig):
    """Settings of CP-VTON's try-on module.

    Attributes:
        mask_target: what the composition mask is held against, see :func:`vtonlib.losses.composition.mask_miss`.
        surroundings: keep what the garment does not replace as the head is kept, see
            :func:`vtonlib.data.representations.surroundings.surroundings`; CP-VTON+ keeps legs and trousers.
    """

    mask_target: MaskTarget = "warped_mask"
    surroundings: bool = False


@register("cp_vton_try_on")
class CpVtonTryOnStage(TryOnModuleStage):
    """One U-Net renders the person and says where the warped garment is better."""

    Config = CpVtonTryOnConfig
    config: CpVtonTryOnConfig
    paper: ClassVar[str] = "CP-VTON (Wang et al. 2018, arXiv:1807.07688), section 3.2 and equation 6"
    deviation: ClassVar[str] = (
        "logits are not normalised; tops, bottoms and dresses; other clothes and the background are kept like the "
        "head; garments are warped while it trains and not stored as JPEG; below 256 x 192 fewer levels; in "
        "short runs slim width, larger, fewer steps, and the features of our own parser for VGG19's"
    )

    @staticmethod
    def build(config: TryOnModuleConfig) -> TryOnModule:
        """TOM."""
        return TryOnModule(config.size, config.width)

    @staticmethod
    def told(config: TryOnModuleConfig) -> See:
        """See :func:`see`."""
        assert isinstance(config, CpVtonTryOnConfig)
        return see(config)

    @classmethod
    def configure(cls, budget: Budget) -> CpVtonTryOnConfig:
        """Take the budget's width and height, and keep the surroundings."""
        return CpVtonTryOnConfig(budget.width, budget.height, *pace(budget), surroundings=True)

    def answer(self, person: Tensor, warped: Tensor, warped_mask: Tensor) -> Rendering:
        """From the representation and the warped garment; the mask is not seen."""
        rendering: Rendering = self.module(person, warped)
        return rendering

    def mask_miss(self, mask: Tensor, warped_mask: Tensor, worn_mask: Tensor) -> Tensor:
        """Equation 6's term, or its code's."""
        return mask_miss(mask, warped_mask, self.config.mask_target)


def see(config: CpVtonTryOnConfig) -> See:
    """CP-VTON's 22 channels: ``matched`` for the matcher, which was trained with them, and ``person`` for the module.

    Where ``config`` wishes so, the latter hold the surroundings beside the head.
    """

    def represent(person: Views, category: Tensor) -> Batch:
        matched = person_representation(person)
        channels = matched.clone()
        if config.surroundings:  # black is -1, so what is added stands on it
            channels[:, CHANNELS["head"]] += (person.pictures() + 1) * surroundings(person, category)
        return {"person": channels, "matched": matched}

    return represent
