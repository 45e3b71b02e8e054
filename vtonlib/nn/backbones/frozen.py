"""What all backbones have in common: they never learn, and gradients pass through them to the picture."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import ClassVar, Self

from torch import Tensor, nn

from vtonlib.errors import VtonError

STEP = 16
"""Sides of pictures are multiples of it: the deepest of the papers' layers sees a sixteenth of them."""


class Backbone(nn.Module, ABC):
    """A frozen network from pictures to feature maps.

    Args:
        layers: of the network; their parameters need no gradient from then on.

    Attributes:
        name: in the registry.
        names: of the layers, in the order of the feature maps.
    """

    name: ClassVar[str]
    names: ClassVar[tuple[str, ...]]

    def __init__(self, layers: nn.Module) -> None:
        super().__init__()
        self.layers = layers.requires_grad_(False)
        self.train(False)

    def train(self, mode: bool = True) -> Self:
        """Stay in evaluation mode whatever is asked for, since the loss that holds it is put into training mode."""
        return super().train(False)

    def forward(self, picture: Tensor) -> tuple[Tensor, ...]:
        """Map pictures (B, 3, H, W) in [-1, 1] to one feature map for each of the names.

        Raises:
            VtonError: for another shape, or H or W that are no multiples of 16.
        """
        if picture.dim() != 4 or picture.shape[1] != 3 or picture.shape[2] % STEP or picture.shape[3] % STEP:
            raise VtonError(f"picture is {tuple(picture.shape)}; give (B, 3, H, W) with H and W multiples of {STEP}")
        return self.features(self.scaled(picture.float()))

    def scaled(self, picture: Tensor) -> Tensor:
        """Pictures in [-1, 1] on the scale that the network was trained with; the same one unless overridden."""
        return picture

    @abstractmethod
    def features(self, scaled: Tensor) -> tuple[Tensor, ...]:
        """Feature maps of pictures that are scaled already."""


def in_turn(layers: Iterable[nn.Module], x: Tensor) -> tuple[Tensor, ...]:
    """What each of some layers gives when it is fed with what the one before gave."""
    found = []
    for layer in layers:
        x = layer(x)
        found.append(x)
    return tuple(found)
