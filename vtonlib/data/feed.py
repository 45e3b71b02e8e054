"""Feeds a stage from memory: whole batches are turned into a network's inputs at once, without worker processes.

On two cores workers would take time from training. A batch is indexed out of tensors of bytes, and what is large (maps
of joints, colours as float32) is made of it when it is needed, so nothing large is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from torch import Tensor

from vtonlib.training.batches import Batch, Batches


class Feed(Batches):
    """Shuffled batches of a data set in memory, as a stage wants them.

    Order, resume, division among processes and :meth:`fingerprint` are those of
    :class:`~vtonlib.training.batches.Batches`.

    Args:
        tensors: named tensors with equal first axes, such as :func:`vtonlib.data.memory.load_fields` gives.
        make: takes a batch of them and gives the stage's: for example
            ``lambda batch: {"person": viton.person_representation(Views.inside(batch, "person"))}``.
        batch_size: samples per step over all processes.
        seed: order of the samples.
        rank: number of this process.
        world_size: how many processes there are.

    Raises:
        VtonError: if the tensors differ in length or the batch cannot be filled or divided.
    """

    def __init__(
        self,
        tensors: Mapping[str, Tensor],
        make: Callable[[Batch], Batch],
        batch_size: int,
        seed: int,
        rank: int = 0,
        world_size: int = 1,
    ) -> None:
        super().__init__(tensors, batch_size, seed, rank, world_size)
        self.make = make

    def __next__(self) -> Batch:
        """The next batch, made."""
        return self.make(super().__next__())

    def in_order(self, batch_size: int) -> Iterator[Batch]:
        """Every sample once in its stored order, made, in batches of a size or the rest: for scores.

        The stream of training batches stays where it is.
        """
        for start in range(0, self.length, batch_size):
            yield self.make({name: tensor[start : start + batch_size] for name, tensor in self.tensors.items()})
