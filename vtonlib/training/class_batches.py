"""Minibatches in which every sample is of another class, as the structured joint embedding wants them."""

from __future__ import annotations

import torch
from torch import Tensor

from vtonlib.errors import VtonError
from vtonlib.training.batches import Batches


class ClassBatches(Batches):
    """Shuffled batches of samples of different classes.

    The data hold a tensor ``class`` (N,) of integers. An epoch takes one sample of each class in any order, then
    another of each that has two or more, and so on; what does not fill a batch at the end of such a round is left out
    of the epoch, so that common classes come less often than they are.

    Raises:
        VtonError: if there are fewer classes than samples in a batch.
    """

    def _draw_order(self) -> Tensor:
        classes = self.tensors["class"]
        shuffle = torch.Generator().manual_seed(self.seed * 1_000_003 + self.epoch)
        order = torch.randperm(len(classes), generator=shuffle)
        met: dict[int, int] = {}
        rounds: list[list[int]] = []
        for sample, number in zip(order.tolist(), classes[order].tolist(), strict=True):
            turn = met.get(number, 0)
            met[number] = turn + 1
            if turn == len(rounds):
                rounds.append([])
            rounds[turn].append(sample)
        kept = []
        for samples in rounds:
            mixed = torch.tensor(samples)[torch.randperm(len(samples), generator=shuffle)]
            kept.append(mixed[: len(samples) // self.batch_size * self.batch_size])
        if not len(kept[0]):
            raise VtonError(f"batch_size is {self.batch_size}; choose at most {len(rounds[0])}, the number of classes")
        return torch.cat(kept)

    def __next__(self) -> dict[str, Tensor]:
        """The next batch: tensors of ``batch_size / world_size`` samples, no two of one class."""
        self.length = len(self._order)  # of an epoch
        return super().__next__()
