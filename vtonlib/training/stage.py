"""A stage: the networks, optimisers and losses of one thing that is trained.

A GAN's step is a table of phases. The loop (``loop.py``) reads the table and touches optimisers; the losses that a
phase names touch tensors. The one does not know the other's business.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from vtonlib.metrics.score import Score
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch, Batches
from vtonlib.training.ema import Ema
from vtonlib.training.schedule import Schedule

Losses = dict[str, Tensor]
"""Named scalars; the phase minimises their sum, so each is already weighted."""


@dataclass(frozen=True)
class Phase:
    """One line of the table: which network learns, by which losses, how often.

    Attributes:
        name: shown in logs.
        network: key of the network in :attr:`Stage.networks` that learns; all others are frozen meanwhile.
        loss: (batch, generator of random numbers) -> losses.
        interval: the phase is due every so many steps.
        optimiser: key in :attr:`Stage.optimisers`; None means the network's name.
    """

    name: str
    network: str
    loss: Callable[[Batch, torch.Generator], Losses]
    interval: int = 1
    optimiser: str | None = None


class Stage(ABC):
    """What a subclass fills in, and what the loop, the checkpoints, the zoo and the tests use.

    Attributes:
        name: key in the registry, set by ``@register``.
        Config: frozen dataclass of plain values; it goes into checkpoints and cards.
        paper: where the stage comes from, for the card.
        deviation: what differs from the paper, for the card.
        networks: by name.
        optimisers: by name.
        averages: exponential moving averages, by the name of their network.
        schedules: how step sizes change, by the name of their optimiser; the others stay as they are.
        phases: the table.
    """

    name: ClassVar[str]
    Config: ClassVar[type[Any]]
    paper: ClassVar[str]
    deviation: ClassVar[str]

    config: Any
    networks: dict[str, nn.Module]
    optimisers: dict[str, Optimizer]
    averages: dict[str, Ema]
    schedules: Mapping[str, Schedule] = MappingProxyType({})
    phases: tuple[Phase, ...]

    @abstractmethod
    def __init__(self, config: Any, seed: int = 0) -> None:
        """Build everything from a configuration; ``seed`` draws the first weights."""

    @classmethod
    @abstractmethod
    def configure(cls, budget: Budget) -> Any:
        """The configuration for a budget: its width and batch size, everything else by default."""

    @classmethod
    @abstractmethod
    def batches(cls, budget: Budget, seed: int) -> Batches:
        """The training data of the stage; never a held-out sample."""

    @abstractmethod
    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """What the trained stage gives for a batch, in evaluation mode and without gradients."""

    @abstractmethod
    def evaluate(self) -> dict[str, Score]:
        """The stage's figures on held-out data, each with its settings."""

    def shipped(self) -> dict[str, nn.Module]:
        """The networks that the zoo keeps: the averages where there are any, the networks themselves elsewhere."""
        return {
            name: self.averages[name].network if name in self.averages else network
            for name, network in self.networks.items()
        }

    def train(self, mode: bool = True) -> None:
        """Put all networks into training or evaluation mode; averages stay in evaluation mode."""
        for network in self.networks.values():
            network.train(mode)

    def load_trained(self, checkpoint: dict[str, Any]) -> None:
        """Take the networks and averages out of a checkpoint's content and leave the rest of it alone."""
        for name, network in self.networks.items():
            network.load_state_dict(checkpoint["networks"][name])
            network.eval()
        for name, ema in self.averages.items():
            ema.load_state_dict(checkpoint["averages"][name])

    def to(self, device: torch.device, channels_last: bool = False) -> None:
        """Move all networks and averages to a device, and lay their convolutions out as NHWC if asked to."""
        layout = torch.channels_last if channels_last else torch.contiguous_format
        for network in [*self.networks.values(), *(ema.network for ema in self.averages.values())]:
            network.to(device=device, memory_format=layout)  # type: ignore[call-overload]
