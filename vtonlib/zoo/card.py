"""The card of shipped weights: data, not prose, so that a test can recompute what it says."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from vtonlib.errors import VtonError
from vtonlib.metrics.score import Score


@dataclass(frozen=True)
class Card:
    """Where weights come from and what they do.

    Attributes:
        stage: key in the registry.
        profile: the budget that they were trained with.
        config: the stage's configuration.
        paper: the source of the stage.
        deviation: what differs from the paper.
        command: trains them again.
        commit: of the library that trained them.
        data_sha256: of the training data as the stage saw it.
        steps: training steps.
        seconds: training time.
        hardware: where.
        seed: of the run.
        versions: of torch and others.
        parameters: network -> number of trained numbers.
        metrics: figures on held-out data, each with its settings, computed from the weights in this file.
        weights_sha256: of the file of weights.
    """

    stage: str
    profile: str
    config: dict[str, Any]
    paper: str
    deviation: str
    command: str
    commit: str
    data_sha256: str
    steps: int
    seconds: float
    hardware: str
    seed: int
    versions: dict[str, str]
    parameters: dict[str, int]
    metrics: dict[str, Score]
    weights_sha256: str

    def to_json(self) -> str:
        """The card as the text of its file."""
        return json.dumps(asdict(self), indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str, source: str) -> Card:
        """Read a card.

        Args:
            text: content of the file.
            source: its name, for messages.

        Raises:
            VtonError: if a field is missing, unknown or the text is not JSON.
        """
        try:
            fields = json.loads(text)
            fields["metrics"] = {
                name: Score(score["value"], score["settings"], tuple(score["interval"]) if score["interval"] else None)
                for name, score in fields["metrics"].items()
            }
            return cls(**fields)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise VtonError(f"{source}: is not a card ({error}); restore the file from the repository") from error
