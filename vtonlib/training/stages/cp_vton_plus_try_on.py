"""CP-VTON+'s try-on module: legs are kept, the warped mask is seen, and the mask is held against the worn clothes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn.functional import l1_loss
from torch.optim import Adam

from vtonlib.data.feed import Feed
from vtonlib.data.representations.cp_vton_plus import CHANNELS, matching_representation, try_on_representation
from vtonlib.data.representations.surroundings import surroundings
from vtonlib.data.sample import CATEGORIES
from vtonlib.data.views import Views
from vtonlib.data.warp_task import WarpTask
from vtonlib.data.worn import worn_garments
from vtonlib.geometry.sampling import warp
from vtonlib.models.cp_vton import Rendering
from vtonlib.models.cp_vton_plus import TryOnModulePlus
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.registry import register
from vtonlib.training.schedule import hold_then_decay
from vtonlib.training.seeding import seeded
from vtonlib.training.stage import Losses, Phase
from vtonlib.training.stages.cp_vton_plus_matcher import CpVtonPlusMatcherStage
from vtonlib.training.try_on import TryOnStage, feed, perceptual_loss

HEAD = ("hat", "hair", "sunglasses", "face")
LEGS = ("left_leg", "right_leg")

SHORT = 20_000
"""Runs of fewer steps take a larger step size than the paper's."""


@dataclass(frozen=True)
class CpVtonPlusTryOnConfig:
    """Settings of the try-on module.

    Attributes:
        width: channels at half resolution.
        height: rows of the pictures; columns are three quarters of them.
        learning_rate: Adam's step size; it is held for half of the run and then falls to nothing.
        steps: of the whole run.
        perceptual: backbone of the perceptual loss, one of :data:`vtonlib.nn.backbones.NAMES`.
        perceptual_weight: how much its layers together count, in mean absolute differences of pixels.
        mask_weight: of the composition mask's distance from the worn clothes.
        matcher: name in the zoo of the matcher that warps the garments.
    """

    width: int = 64
    height: int = 256
    learning_rate: float = 1e-4
    steps: int = 200_000
    perceptual: str = "vgg19"
    perceptual_weight: float = 1.0
    mask_weight: float = 1.0
    matcher: str = "cp_vton_plus_matcher.cpu"

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the pictures."""
        return self.height, self.height * 3 // 4


@register("cp_vton_plus_try_on")
class CpVtonPlusTryOnStage(TryOnStage):
    """One U-Net renders the person and says where the warped garment is better; it knows where that garment ends."""

    Config = CpVtonPlusTryOnConfig
    config: CpVtonPlusTryOnConfig
    paper: ClassVar[str] = "CP-VTON+ (Minar et al. 2020, CVPR workshops)"
    deviation: ClassVar[str] = (
        "logits are not normalised; tops, bottoms and dresses, whose pixels are the renderer's and not a parser's; "
        "legs are kept only where the garment leaves them alone; the background is kept; garments are warped while it "
        "trains; below 256 x 192 fewer levels; in short runs slim width, larger, fewer steps, and the features of our "
        "own parser for VGG19's"
    )

    def __init__(self, config: CpVtonPlusTryOnConfig, seed: int = 0) -> None:
        from vtonlib.zoo.store import load  # the zoo imports the stages

        self.config = config
        with seeded(seed):
            self.module = TryOnModulePlus(config.size, config.width)
        matcher = load(config.matcher)
        assert isinstance(matcher, CpVtonPlusMatcherStage)
        self.matcher = matcher
        self.networks = {"module": self.module}
        self.perceptual = perceptual_loss(config.perceptual, config.perceptual_weight)
        self.fixed = {"matcher": matcher.matcher} | ({"perceptual": self.perceptual} if self.perceptual else {})
        self.optimisers = {"module": Adam(self.module.parameters(), config.learning_rate, betas=(0.5, 0.999))}
        self.averages = {}
        self.schedules = {"module": hold_then_decay(config.steps)}
        self.phases = (Phase("module", "module", self.loss),)

    @classmethod
    def configure(cls, budget: Budget) -> CpVtonPlusTryOnConfig:
        """Take the budget's width and height; short runs take ten times the paper's step size."""
        short = budget.steps < SHORT
        rate = CpVtonPlusTryOnConfig.learning_rate * (10 if short else 1)
        backbone = "human_parser" if short else "vgg19"
        return CpVtonPlusTryOnConfig(budget.width, budget.height, rate, budget.steps, backbone)

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Feed:
        """Training people in their garments, all four views of each: see :func:`vtonlib.training.try_on.feed`."""
        return feed(worn_garments("train", budget.height), see, budget, seed)

    def loss(self, batch: Batch, rng: torch.Generator) -> Losses:
        """The result by its pixels and by what a backbone sees, and the mask by where the garment is worn."""
        warped, warped_mask = self.warped(batch)
        rendering = self.render(batch["person"], warped, warped_mask)
        result = rendering.wearing(warped)
        losses = {
            "pixels": l1_loss(result, batch["image"]),
            "mask": self.config.mask_weight * l1_loss(rendering.mask, batch["worn_mask"]),
        }
        if self.perceptual:
            losses["perceptual"] = self.perceptual(result, batch["image"])
        return losses

    def warped(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """The garments and their masks as the matcher warps them."""
        told = {"person": batch["matched"], "cloth": batch["cloth"], "cloth_mask": batch["cloth_mask"]}
        grid = self.matcher.predict(told, torch.Generator())
        return warp(batch["cloth"], grid, "border"), warp(batch["cloth_mask"], grid)

    def render(self, person: Tensor, warped: Tensor, warped_mask: Tensor) -> Rendering:
        """What the module makes of a person representation, a warped garment and its mask."""
        rendering = self.module(person, warped, warped_mask)
        return Rendering(rendering.picture.float(), rendering.mask.float())

    @torch.no_grad()
    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """The result and, as a fourth channel, the composition mask: (B, 4, H, W)."""
        self.module.eval()
        warped, warped_mask = self.warped(batch)
        rendering = self.render(batch["person"], warped, warped_mask)
        return torch.cat([rendering.wearing(warped), rendering.mask], dim=1)

    def try_on(self, task: WarpTask) -> Tensor:
        """The results of a list, on the CPU."""
        return self.in_parts(task, see, lambda batch: self.predict(batch, torch.Generator()))[:, :3]


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
