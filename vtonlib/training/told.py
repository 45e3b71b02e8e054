"""Stages that draw a whole picture from what VITON's generator is told: the compared approaches CRN and PRGAN."""

from __future__ import annotations

from abc import abstractmethod

import torch
from torch import Tensor

from vtonlib.data.feed import Feed
from vtonlib.data.labels import LIP_20
from vtonlib.data.representations.surroundings import surroundings
from vtonlib.data.representations.viton import CHANNELS, person_representation
from vtonlib.data.views import Views
from vtonlib.data.warp_task import WarpTask
from vtonlib.data.worn import worn_garments
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batch
from vtonlib.training.try_on import See, TryOnStage, feed


class ToldStage(TryOnStage):
    """A stage that draws people in garments from the garment's picture and VITON's 22 channels.

    Other clothes and the background are kept like face and hair, as for VITON itself.
    """

    @abstractmethod
    def draw(self, batch: Batch) -> Tensor:
        """The picture (B, 3, H, W) float32 for ``cloth`` and ``person`` of a batch, meant for [-1, 1]."""

    def see(self) -> See:
        """What the networks are told of people."""
        return told()

    @classmethod
    def batches(cls, budget: Budget, seed: int) -> Feed:
        """Training people in their garments, all four views of each: see :func:`vtonlib.training.try_on.feed`.

        ``face`` (B, 3, H, W) are the channels of face and hair alone, and ``body`` (B, 1, H, W) the person's pixels.
        """
        return feed(worn_garments("train", budget.height), told(), budget, seed)

    @torch.no_grad()
    def predict(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """Pictures (B, 3, H, W) in [-1, 1]."""
        for network in self.networks.values():
            network.eval()
        return self.draw(batch).clamp(-1, 1)

    def try_on(self, task: WarpTask) -> Tensor:
        """The pictures of a list, on the CPU."""
        return self.in_parts(task, self.see(), lambda batch: self.predict(batch, torch.Generator()))


def told() -> See:
    """VITON's 22 channels with the surroundings beside face and hair, those of face and hair alone, and the body."""

    def represent(person: Views, category: Tensor) -> Batch:
        channels = person_representation(person)
        face = channels[:, CHANNELS["face_and_hair"]].clone()
        channels[:, CHANNELS["face_and_hair"]] += person.pictures() * surroundings(person, category)
        return {"person": channels, "face": face, "body": person.region(LIP_20[1:])}

    return represent
