"""How an optimiser's step size changes with the step, as functions of the step alone: going on needs no memory."""

from __future__ import annotations

import math
from collections.abc import Callable

from torch.optim import Optimizer

from vtonlib.errors import VtonError

Schedule = Callable[[int], float]
"""Step, counted from 0 -> factor of the optimiser's own step size."""


def one_cycle(steps: int, warm_up: float = 0.1) -> Schedule:
    """Rise on a line from a tenth, then fall along half a cosine to nothing (Smith and Topin 2018, arXiv:1708.07120).

    Args:
        steps: of the whole run.
        warm_up: share of them on which the size rises.

    Raises:
        VtonError: if ``steps`` is not positive or ``warm_up`` is not below 1.
    """
    if steps < 1 or not 0 <= warm_up < 1:
        raise VtonError(f"schedule is steps={steps}, warm_up={warm_up}; give at least 1 step and a share below 1")
    top = warm_up * steps

    def factor(step: int) -> float:
        if step < top:
            return 0.1 + 0.9 * step / top
        return 0.5 * (1 + math.cos(math.pi * min((step - top) / (steps - top), 1.0)))

    return factor


def hold_then_decay(steps: int, hold: float = 0.5) -> Schedule:
    """Keep the size, then let it fall on a line to nothing: pix2pix, and CP-VTON's paper (its code never steps it).

    Args:
        steps: of the whole run.
        hold: share of them on which the size stays.

    Raises:
        VtonError: if ``steps`` is not positive or ``hold`` is not below 1.
    """
    if steps < 1 or not 0 <= hold < 1:
        raise VtonError(f"schedule is steps={steps}, hold={hold}; give at least 1 step and a share below 1")
    held = hold * steps
    return lambda step: 1.0 if step < held else max(0.0, 1 - (step - held) / (steps - held))


def set_rate(optimiser: Optimizer, factor: float) -> None:
    """Give every group of an optimiser its own first step size times a factor."""
    for group in optimiser.param_groups:
        # The name under which torch's schedulers keep it; it travels with the optimiser's state.
        group["lr"] = group.setdefault("initial_lr", group["lr"]) * factor
