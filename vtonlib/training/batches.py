"""Minibatches from tensors in memory, in a seeded order that a checkpoint can take up again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

import torch
from torch import Tensor

from vtonlib.errors import VtonError

Batch = dict[str, Tensor]
"""Named tensors whose first axis is the sample."""


class Batches(Iterator[Batch]):
    """An endless stream of shuffled minibatches.

    Every epoch has its own order, drawn from (seed, epoch) alone, so the position is two numbers. The last samples of
    an epoch that do not fill a batch are left out of that epoch.

    Args:
        tensors: named tensors with equal first axes.
        batch_size: samples per step over all processes.
        seed: order of the samples.
        rank: number of this process; each takes its own part of every batch.
        world_size: how many processes there are.

    Raises:
        VtonError: if the tensors differ in length or the batch cannot be filled or divided.
    """

    def __init__(
        self, tensors: Mapping[str, Tensor], batch_size: int, seed: int, rank: int = 0, world_size: int = 1
    ) -> None:
        lengths = {name: len(tensor) for name, tensor in tensors.items()}
        if len(set(lengths.values())) != 1:
            raise VtonError(f"tensors of a data set must have equal lengths, got {lengths}")
        self.tensors = dict(tensors)
        self.length = next(iter(lengths.values()))
        if not 1 <= batch_size <= self.length:
            raise VtonError(f"batch_size is {batch_size}; choose 1 to {self.length}, the number of samples")
        if batch_size % world_size:
            raise VtonError(f"batch_size is {batch_size}; choose a multiple of the {world_size} processes")
        self.batch_size, self.seed, self.rank, self.world_size = batch_size, seed, rank, world_size
        self.epoch, self.position = 0, 0
        self._order = self._draw_order()

    def _draw_order(self) -> Tensor:
        # Two seeds in one 64-bit number: epochs of one seed never repeat the first epoch of the next.
        generator = torch.Generator().manual_seed(self.seed * 1_000_003 + self.epoch)
        return torch.randperm(self.length, generator=generator)

    def __next__(self) -> Batch:
        """The next batch: tensors of ``batch_size / world_size`` samples."""
        if self.position + self.batch_size > self.length:
            self.epoch, self.position = self.epoch + 1, 0
            self._order = self._draw_order()
        chosen = self._order[self.position : self.position + self.batch_size][self.rank :: self.world_size]
        self.position += self.batch_size
        return {name: tensor[chosen] for name, tensor in self.tensors.items()}

    def fingerprint(self) -> str:
        """SHA-256 of the names and values of all samples, in their stored order."""
        digest = hashlib.sha256()
        for name in sorted(self.tensors):
            digest.update(name.encode())
            digest.update(self.tensors[name].contiguous().numpy().tobytes())
        return digest.hexdigest()

    def state_dict(self) -> dict[str, int]:
        """Where the stream stands."""
        return {"seed": self.seed, "epoch": self.epoch, "position": self.position}

    def load_state_dict(self, state: Mapping[str, int]) -> None:
        """Go on from a position that :meth:`state_dict` gave."""
        self.seed, self.epoch, self.position = state["seed"], state["epoch"], state["position"]
        self._order = self._draw_order()
