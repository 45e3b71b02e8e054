"""Refuse a tensor that does not fit, before it fails deep inside a network."""

from __future__ import annotations

from torch import Tensor

from vtonlib.errors import VtonError


def expect(name: str, given: Tensor, *wanted: int) -> None:
    """Check that a batch has the shape (B, *wanted).

    Args:
        name: what the reader knows the tensor as.
        given: any tensor.
        wanted: sizes of all dimensions after the batch's.

    Raises:
        VtonError: if it has another shape.
    """
    if given.dim() == 0 or tuple(given.shape[1:]) != wanted:
        raise VtonError(f"{name} is {tuple(given.shape)}; give (B, {', '.join(map(str, wanted))})")
