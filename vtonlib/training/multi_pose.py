"""What the stages that render people in garments **and** other poses have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

import torch
from torch import Tensor, nn

from vtonlib.data.pose_task import PoseTask, pose_task
from vtonlib.metrics.multi_pose import judge_multi_pose
from vtonlib.metrics.score import Score
from vtonlib.training.batches import Batch
from vtonlib.training.stage import Stage

AT_ONCE = 25
"""People who are dressed together."""


class MultiPoseStage(Stage):
    """A stage that gives pictures of people in garments and poses.

    Attributes:
        fixed: networks of earlier stages that it calls and does not teach; they are not in its checkpoints.
    """

    fixed: dict[str, nn.Module]

    @abstractmethod
    def try_on(self, task: PoseTask) -> Tensor:
        """Dress all people of a list and let them take their poses: (N, 3, H, W) in [-1, 1] on the CPU."""

    def evaluate(self) -> dict[str, Score]:
        """The figures of :func:`vtonlib.metrics.multi_pose.judge_multi_pose` on the list ``multi_pose_unpaired``."""
        task = pose_task("multi_pose_unpaired", self.config.height)
        return judge_multi_pose(self.try_on(task), task)

    def to(self, device: torch.device, channels_last: bool = False) -> None:
        """As every stage, with the networks of earlier stages."""
        super().to(device, channels_last)
        for network in self.fixed.values():
            network.to(device)

    @property
    def device(self) -> torch.device:
        """Where the networks are."""
        return next(next(iter(self.networks.values())).parameters()).device

    def in_parts(self, task: PoseTask, see: Callable[[PoseTask], Batch], give: Callable[[Batch], Tensor]) -> Tensor:
        """Dress people some at a time.

        Args:
            task: the list.
            see: says what the stage is told of a part of it.
            give: takes that, and gives (B, C, H, W).

        Returns:
            (N, C, H, W) float32 on the CPU.
        """
        results = []
        for rows in torch.arange(len(task.cloth)).split(AT_ONCE):
            batch = see(task.only(rows.tolist()))
            with torch.no_grad():
                results.append(give({name: tensor.to(self.device) for name, tensor in batch.items()}).float().cpu())
        return torch.cat(results)
