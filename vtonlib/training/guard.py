"""Stop a run that has gone wrong, and say where."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from vtonlib.errors import VtonError
from vtonlib.training.stage import Losses, Phase, Stage

DIVERGED = 1e4
"""A loss of this size has diverged: the book's losses stay below a hundred."""


class TrainingStopped(VtonError):
    """A loss or a weight is not finite, or a loss has diverged."""


def check_losses(losses: Losses, phase: Phase, step: int) -> None:
    """Check the losses of one phase before they reach the weights.

    Raises:
        TrainingStopped: naming the step and the loss.
    """
    for name, loss in losses.items():
        value = float(loss.detach())
        if not math.isfinite(value) or abs(value) > DIVERGED:
            what = "diverged" if math.isfinite(value) else "is not finite"
            raise TrainingStopped(
                f"step {step}: loss {phase.name}/{name} = {value:g} {what}; "
                "the last good checkpoint is kept; try a smaller learning rate"
            )


def check_weights(stage: Stage, step: int) -> None:
    """Check every weight before a checkpoint overwrites a good one.

    Raises:
        TrainingStopped: naming the step and the network.
    """
    for name, network in stage.networks.items():
        tensors: list[Tensor] = [*network.parameters(), *network.buffers()]
        if not all(bool(torch.isfinite(tensor).all()) for tensor in tensors):
            raise TrainingStopped(
                f"step {step}: a weight of network {name!r} is not finite; the last good checkpoint is kept; "
                "try a smaller learning rate"
            )
