"""Sheer cloth in a try-on: one mask between cloth and paint, and three layers with skin below the cloth.

A composition mask has two layers, the warped garment and the painted person. Here the garment itself is made of two:
the cloth's own colour, without the white before which a shop shows it, and the skin of the person below.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from vtonlib.data.collar_task import CollarTask, collar_task
from vtonlib.data.representations.skin import skin_colour
from vtonlib.data.shop_garments import over_skin, unmixed
from vtonlib.training.stages.garment_parser import GarmentParserStage, share_through
from vtonlib.training.try_on_module import TryOnModuleStage

LISTS = ("unpaired", "paired")


@dataclass(frozen=True, eq=False)
class Layers:
    """What a composed picture is made of, for N people.

    Attributes:
        result: (N, 3, H, W) in [-1, 1], mask * warped + (1 - mask) * painting.
        mask: (N, 1, H, W) in [0, 1], the composition mask.
        warped: (N, 3, H, W) in [-1, 1], the shop's picture, warped.
        inside: (N, 1, H, W) in {0, 1}, where the warped garment is.
        skin: (N, 3, 1, 1) in [-1, 1], the colour of each person's skin.
    """

    result: Tensor
    mask: Tensor
    warped: Tensor
    inside: Tensor
    skin: Tensor

    def two_layers(self, share: Tensor) -> Tensor:
        """One mask for everything: a share of the garment gives way to skin, and its white stays.

        Args:
            share: (N,) in [0, 1].

        Returns:
            (N, 3, H, W) in [-1, 1].
        """
        through = share.view(-1, 1, 1, 1) * self.inside
        return (self.result + self.mask * through * (self.skin - self.warped)).clamp(-1, 1)

    def three_layers(self, sheer: Tensor) -> Tensor:
        """Painting, skin, and over it the cloth in its own colour.

        Args:
            sheer: (N,) in [0, 1], the share of skin that shows through.

        Returns:
            (N, 3, H, W) in [-1, 1].
        """
        through = sheer.view(-1, 1, 1, 1) * self.inside
        cloth = over_skin(unmixed(self.warped, through), through, self.skin)
        return (self.result + self.mask * (cloth - self.warped)).clamp(-1, 1)


def sheer_people(height: int) -> list[CollarTask]:
    """Those of :data:`LISTS` who put on a sheer garment, list after list; each sheer test garment is there once."""
    tasks = (collar_task(name, height) for name in LISTS)
    return [task.only(torch.nonzero(task.sheer > 0).flatten().tolist()) for task in tasks]


def layers_of(stage: TryOnModuleStage, task: CollarTask) -> Layers:
    """Dress people with a try-on module, and keep what the results are made of."""
    result, mask = stage.compose_all(task)
    warped, warped_mask = stage.warp_all(task)
    return Layers(result, mask, warped, (warped_mask > 0.5).float(), skin_colour(task.person))


def read_sheer(parser: GarmentParserStage, task: CollarTask) -> Tensor:
    """What the parser says shines through each garment: (N,) in [0, 1]."""
    return share_through(parser.read(task.cloth), task.cloth_mask)


def nearest(candidates: list[Tensor], truth: Tensor, mask: Tensor) -> Tensor:
    """For each person the candidate with the smallest L1 in the mask, an oracle's choice: (N, 3, H, W).

    Args:
        candidates: pictures (N, 3, H, W) each.
        truth: of the same shape.
        mask: (N, 1, H, W) in {0, 1}.
    """
    stacked = torch.stack(candidates)
    errors = ((stacked - truth).abs() * mask).flatten(2).sum(2)
    return stacked[errors.argmin(0), torch.arange(len(truth))]
