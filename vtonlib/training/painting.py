"""What the stages that paint pictures for FashionGAN and its baselines have in common."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import cast

from torch import Tensor, nn
from torch.nn.functional import l1_loss

from vtonlib.data.design import design_coding
from vtonlib.data.outfits import outfits
from vtonlib.data.views import to_pictures
from vtonlib.losses.chroma import colour_loss, rarity
from vtonlib.metrics.score import Score
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.fashion_gan import RELEASE_WIDTH, FashionGanConfig, FashionGanStage
from vtonlib.training.seeding import seeded

LOUD = 1.0
"""Deviation of the first weights that read the design coding in slim networks, which hear it after few steps then."""

VIVID = 2.0
"""How many times a difference in chroma counts for slim networks."""


@dataclass(frozen=True)
class PaintingConfig(FashionGanConfig):
    """Settings of a stage that paints.

    Attributes:
        loudness: deviation of the generator's first weights that read the design coding; 0 takes that of all others, as
            the release does, where eighty numbers of noise drown it for a long time.
        chroma: how many times a difference in chroma counts, see :func:`vtonlib.losses.chroma.colour_loss`; then rare
            labels count more, too, by ``rare``. 0 takes the release's L1.
    """

    loudness: float = 0.0
    chroma: float = 0.0


class PaintingStage(FashionGanStage):
    """Pictures (B, 3, S, S) in [-1, 1]."""

    Config = PaintingConfig
    config: PaintingConfig

    def __init__(self, config: PaintingConfig, seed: int = 0) -> None:
        super().__init__(config, seed)
        if config.loudness:
            with seeded(seed):
                for name, module in self.generator.named_modules():
                    if name.endswith("squeeze"):
                        nn.init.normal_(cast(nn.Linear, cast(nn.Sequential, module)[0]).weight, std=config.loudness)
            for average in self.averages.values():
                average.network.load_state_dict(self.generator.state_dict())

    @classmethod
    def configure(cls, budget: Budget) -> PaintingConfig:
        """As all stages of FashionGAN, and slim networks hear the design coding from the first step."""
        slim = budget.width < RELEASE_WIDTH
        settings = asdict(super().configure(budget))
        if slim:
            settings |= {"learning_rate": 3e-3, "game_interval": 8, "loudness": LOUD, "chroma": VIVID}
        return PaintingConfig(**settings)

    @staticmethod
    def truth(batch: Batch) -> Tensor:
        """The photo."""
        return batch["image"]

    def shown(self, drawn: Tensor) -> Tensor:
        """The picture as it is."""
        return drawn

    def miss(self, drawn: Tensor, batch: Batch) -> Tensor:
        """Mean absolute difference, in [0, 2], or :func:`vtonlib.losses.chroma.colour_loss`."""
        if not self.config.chroma:
            return l1_loss(drawn, batch["image"])
        return colour_loss(drawn, batch["image"], self.config.chroma, rarity(batch["labels"], self.config.rare))

    def evaluate(self) -> dict[str, Score]:
        """L1 to the photos of held-out people, from their own map and their own sentence."""
        people = outfits("test", self.config.side, ("person",))
        painted = self.draw(people.tensors["labels"], design_coding(people))
        difference = l1_loss(painted, to_pictures(people.tensors["image"])).item() / 2
        side = self.config.side
        return {"l1_own_text": Score(difference, f"of values in [0, 1], {len(people)} held-out people, {side}x{side}")}
