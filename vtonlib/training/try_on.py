"""What the stages that render people in garments have in common: examples, frozen earlier stages, and their figures."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vtonlib.data.feed import Feed
from vtonlib.data.sample import CATEGORIES
from vtonlib.data.views import Views, to_pictures
from vtonlib.data.warp_task import WarpTask, warp_task
from vtonlib.data.worn import Worn
from vtonlib.losses.perceptual import PerceptualLoss
from vtonlib.losses.perceptual_balance import balance
from vtonlib.metrics.score import Score
from vtonlib.metrics.try_on import judge_try_on
from vtonlib.nn.backbones import backbone
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.stage import Stage

AT_ONCE = 25
"""People who are dressed together."""

See = Callable[[Views, Tensor], Batch]
"""Takes N people and the categories (N,) of the garments that they put on, and gives what networks are told of them, by
name; ``person`` is among it."""


class TryOnStage(Stage):
    """A stage that gives pictures of people in garments.

    Attributes:
        fixed: networks of earlier stages that it calls and does not teach; they are not in its checkpoints.
    """

    fixed: dict[str, nn.Module]

    @abstractmethod
    def try_on(self, task: WarpTask) -> Tensor:
        """Dress all people of a list, from what is known of them in their old garments.

        Returns:
            (N, 3, H, W) in [-1, 1] on the CPU, at the size of the list.
        """

    def evaluate(self) -> dict[str, Score]:
        """SSIM and L1 on the list ``unpaired``, held against the true swap."""
        task = warp_task("unpaired", self.config.height)
        return judge_try_on(self.try_on(task), task)

    def to(self, device: torch.device, channels_last: bool = False) -> None:
        """As every stage, with the networks of earlier stages."""
        super().to(device, channels_last)
        for network in self.fixed.values():
            network.to(device)

    @property
    def device(self) -> torch.device:
        """Where the networks are."""
        return next(next(iter(self.networks.values())).parameters()).device

    def in_parts(self, task: WarpTask, see: See, give: Callable[[Batch], Tensor]) -> Tensor:
        """Dress people some at a time.

        Args:
            task: the list.
            see: says what is known of them.
            give: takes that, ``cloth`` and ``cloth_mask``, and gives (B, C, H, W).

        Returns:
            (N, C, H, W) float32 on the CPU.
        """
        results = []
        for rows in torch.arange(len(task.cloth)).split(AT_ONCE):
            part = task.only(rows.tolist())
            batch = see(part.person, categories(part)) | {"cloth": part.cloth, "cloth_mask": part.cloth_mask}
            with torch.no_grad():
                results.append(give({name: tensor.to(self.device) for name, tensor in batch.items()}).float().cpu())
        return torch.cat(results)


def perceptual_loss(backbone_name: str, weight: float, coarsest: int = 0) -> PerceptualLoss | None:
    """The perceptual loss of a stage, with balanced layers; None where ``weight`` is 0.

    Args:
        backbone_name: one of :data:`vtonlib.nn.backbones.NAMES`.
        weight: how much all layers together count, in mean absolute differences of pixels.
        coarsest: only so many of the last layers count; 0 takes all.

    Raises:
        VtonError: if the backbone's weights are not there.
    """
    if not weight:
        return None
    network = backbone(backbone_name)
    weights = balance(network)
    left_out = len(weights) - coarsest if coarsest else 0
    scale = weight / (len(weights) - left_out)
    return PerceptualLoss(network, [0.0 if i < left_out else scale * w for i, w in enumerate(weights)])


def categories(task: WarpTask) -> Tensor:
    """The categories of a list's garments as numbers: (N,) int64."""
    return torch.tensor([CATEGORIES.index(name) for name in task.categories])


def feed(worn: Worn, see: See, budget: Budget, seed: int) -> Feed:
    """Batches of people in their own garments.

    Beside what ``see`` says of them: ``image`` (B, 3, H, W), their picture; ``cloth`` (B, 3, H, W) and ``cloth_mask``
    (B, 1, H, W), the garment in the shop; ``worn_mask`` (B, 1, H, W), where it is seen on the person. Further examples,
    such as warped garments, pass as they are.
    """
    known = {name for name in worn.examples if name.startswith("person.")} | {"worn", "garment"}

    def make(batch: Batch) -> Batch:
        person, garment = Views.inside(batch, "person"), batch["garment"]
        return see(person, worn.garments["category"][garment]) | {
            "image": person.pictures(),
            "cloth": to_pictures(worn.garments["image"][garment]),
            "cloth_mask": worn.garments["mask"][garment][:, None].float(),
            "worn_mask": batch["worn"][:, None].float(),
            **{name: tensor for name, tensor in batch.items() if name not in known},
        }

    return Feed(worn.examples, make, budget.batch_size, seed)


def resized(pictures: Tensor, size: tuple[int, int]) -> Tensor:
    """Pictures (B, C, h, w) at another size, without ringing or steps; as they are if they have it."""
    if pictures.shape[2:] == size:
        return pictures
    return F.interpolate(pictures, size, mode="bilinear", align_corners=False, antialias=True)
