"""A figure that cannot be separated from its settings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Score:
    """One measured figure.

    Attributes:
        value: the figure.
        settings: everything that another person needs in order to compute the same figure.
        interval: a 95 % interval, where one was computed.
    """

    value: float
    settings: str
    interval: tuple[float, float] | None = None

    def __str__(self) -> str:
        span = f" [{self.interval[0]:.4g}, {self.interval[1]:.4g}]" if self.interval else ""
        return f"{self.value:.4g}{span} ({self.settings})"
