"""What every comparison of results with their truth asks of its input."""

from __future__ import annotations

from torch import Tensor

from vtonlib.errors import VtonError

TOLERANCE = 1e-3
"""By how much a value may leave [-1, 1], for arithmetic in half precision."""


def check_pictures(result: Tensor, truth: Tensor, mask: Tensor | None = None) -> None:
    """Refuse pictures that do not belong together or are not in [-1, 1].

    Args:
        result: (N, C, H, W).
        truth: of the same shape.
        mask: (N, 1, H, W) or None.

    Raises:
        VtonError: with the name of what is wrong.
    """
    if result.dim() != 4 or result.shape != truth.shape:
        raise VtonError(f"result is {tuple(result.shape)}, truth {tuple(truth.shape)}; give two equal (N, C, H, W)")
    for name, pictures in (("result", result), ("truth", truth)):
        largest = float(pictures.abs().max())
        if not largest <= 1 + TOLERANCE:  # not a number fails too
            raise VtonError(f"{name}: holds {largest:.4g}; give finite pictures in [-1, 1]")
    expected = (len(result), 1, *result.shape[2:])
    if mask is not None and mask.shape != expected:
        raise VtonError(f"mask is {tuple(mask.shape)}; give {expected}")


def size_of(pictures: Tensor) -> str:
    """``HxW`` of pictures (N, C, H, W), for settings."""
    return f"{pictures.shape[2]}x{pictures.shape[3]}"
