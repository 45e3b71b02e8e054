"""From one figure for each picture to one for the set."""

from __future__ import annotations

import torch
from torch import Tensor

from vtonlib.errors import VtonError
from vtonlib.metrics.score import Score


def average(values: Tensor, settings: str, resamples: int = 1000, seed: int = 0) -> Score:
    """The mean over pictures, with a 95 % bootstrap interval over the pictures where there are two or more.

    Args:
        values: (N,) one figure for each picture; NaN where a picture has none, and such a picture is left out.
        settings: what was computed; the number of pictures is added.
        resamples: bootstrap draws.
        seed: of those draws.

    Raises:
        VtonError: if no picture has a figure.
    """
    known = values.double()[~values.isnan()]
    count = len(known)
    if not count:
        raise VtonError(f"{settings}: no picture has a value; choose pictures in which there is something to compare")
    settings = f"{settings}, mean of {count} pictures"
    if count == 1:
        return Score(float(known), settings)
    chosen = torch.randint(count, (resamples, count), generator=torch.Generator().manual_seed(seed))
    low, high = torch.quantile(known[chosen].mean(1), torch.tensor([0.025, 0.975]).double())
    return Score(float(known.mean()), settings, (float(low), float(high)))
