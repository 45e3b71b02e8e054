"""The exponential moving average of a network's weights (Karras et al. 2018, arXiv:1710.10196; Yazici et al. 2019)."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import torch
from torch import nn


class Ema:
    """A copy of a network whose weights follow the original slowly.

    The half-life is counted in pictures, so that it means the same at every batch size. Early in training it is cut to
    a twentieth of the pictures seen so far, or the average would long remember the random start.

    Args:
        network: the network to follow.
        half_life: pictures after which a weight's old value counts half.

    Attributes:
        network: the averaged copy, in evaluation mode and without gradients.
        seen: pictures seen so far.
    """

    RAMP = 0.05

    def __init__(self, network: nn.Module, half_life: float) -> None:
        self.source, self.half_life, self.seen = network, half_life, 0
        self.network = deepcopy(network).eval().requires_grad_(False)

    @torch.no_grad()
    def update(self, pictures: int) -> None:
        """Move the average towards the network after a step on that many pictures."""
        self.seen += pictures
        half_life = min(self.half_life, self.seen * self.RAMP)
        decay = 0.5 ** (pictures / half_life)
        for average, weight in zip(self.network.parameters(), self.source.parameters(), strict=True):
            average.lerp_(weight, 1 - decay)
        for held, buffer in zip(self.network.buffers(), self.source.buffers(), strict=True):
            held.copy_(buffer)

    def state_dict(self) -> dict[str, Any]:
        """Weights of the average and the count of pictures."""
        return {"network": self.network.state_dict(), "seen": self.seen}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what :meth:`state_dict` gave."""
        self.network.load_state_dict(state["network"])
        self.seen = state["seen"]
