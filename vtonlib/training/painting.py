"""What the stages that paint pictures for FashionGAN and its baselines have in common."""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import l1_loss

from vtonlib.data.design import design_coding
from vtonlib.data.outfits import outfits
from vtonlib.data.views import to_pictures
from vtonlib.metrics.score import Score
from vtonlib.training.batches import Batch
from vtonlib.training.fashion_gan import FashionGanStage


class PaintingStage(FashionGanStage):
    """Pictures (B, 3, S, S) in [-1, 1]."""

    @staticmethod
    def truth(batch: Batch) -> Tensor:
        """The photo."""
        return batch["image"]

    def shown(self, drawn: Tensor) -> Tensor:
        """The picture as it is."""
        return drawn

    def miss(self, drawn: Tensor, batch: Batch) -> Tensor:
        """Mean absolute difference, in [0, 2]."""
        return l1_loss(drawn, batch["image"])

    def evaluate(self) -> dict[str, Score]:
        """L1 to the photos of held-out people, from their own map and their own sentence."""
        people = outfits("test", self.config.side, ("person",))
        painted = self.draw(people.tensors["labels"], design_coding(people))
        difference = l1_loss(painted, to_pictures(people.tensors["image"])).item() / 2
        side = self.config.side
        return {"l1_own_text": Score(difference, f"of values in [0, 1], {len(people)} held-out people, {side}x{side}")}
