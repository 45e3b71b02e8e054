"""Draw first weights from a seed without touching anyone else's random numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Inside, torch's global generator starts from ``seed``; afterwards it stands where it stood before.

    PyTorch's layers draw their weights from the global generator and take no other, hence this detour.
    """
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        yield
