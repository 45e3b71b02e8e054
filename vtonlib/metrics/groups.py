"""Whether a system is as good for some people as for others: a figure by group, and the gap between two groups."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from vtonlib.errors import VtonError
from vtonlib.metrics.average import average
from vtonlib.metrics.score import Score


def by_group(values: Tensor, groups: Sequence[str], settings: str) -> dict[str, Score]:
    """The mean of each group, with a 95 % interval over its people.

    Args:
        values: (N,) one figure for each person; NaN where a picture has none.
        groups: N names.
        settings: what was computed.

    Returns:
        by name, in the order in which the names come first.

    Raises:
        VtonError: if there is not one name for each value, or a group has no value.
    """
    return {name: average(part, f"{name}: {settings}") for name, part in _parts(values, groups).items()}


def gap(
    values: Tensor, groups: Sequence[str], one: str, other: str, settings: str, resamples: int = 1000, seed: int = 0
) -> Score:
    """How much larger a figure is for one group than for another, with a 95 % interval.

    People are drawn anew within each group. An interval that holds zero says that these people do not show a
    difference, not that there is none: a small group has a wide one.

    Args:
        values: (N,) one figure for each person; NaN where a picture has none.
        groups: N names.
        one: a group.
        other: the group that its mean is compared with.
        settings: what was computed.
        resamples: bootstrap draws.
        seed: of those draws.

    Raises:
        VtonError: if there is not one name for each value, or one of the two groups has fewer than two values.
    """
    parts = _parts(values, groups)
    generator = torch.Generator().manual_seed(seed)
    means, draws = [], []
    for name in (one, other):
        known = parts.get(name, values[:0])
        known = known[~known.isnan()].double()
        if len(known) < 2:
            raise VtonError(f"group {name!r}: has {len(known)} values; a gap needs two or more of each group")
        means.append(float(known.mean()))
        draws.append(known[torch.randint(len(known), (resamples, len(known)), generator=generator)].mean(1))
    low, high = torch.quantile(draws[0] - draws[1], torch.tensor([0.025, 0.975]).double())
    about = f"{one} less {other}: {settings}, {resamples} resamples"
    return Score(means[0] - means[1], about, (float(low), float(high)))


def _parts(values: Tensor, groups: Sequence[str]) -> dict[str, Tensor]:
    if len(groups) != len(values):
        raise VtonError(f"{len(groups)} names of groups for {len(values)} values; give one for each")
    return {name: values[torch.tensor([group == name for group in groups])] for name in dict.fromkeys(groups)}
