"""Everything of a run that a checkpoint holds, so that going on equals never having stopped."""

from __future__ import annotations

import platform
from dataclasses import asdict
from typing import Any

import torch

import vtonlib
from vtonlib.errors import VtonError
from vtonlib.training.batches import Batches
from vtonlib.training.stage import Stage


class RunState:
    """The moving parts of one training run.

    Args:
        stage: networks, optimisers and averages.
        batches: the data's order and position.
        seed: seeds the noise that the losses draw.
        rank: number of this process, which draws its own noise.

    Attributes:
        step: steps done.
        seconds: time spent on them, over all sessions.
        rng: the source of the losses' random numbers, on the CPU so that every device draws the same.
        history: loss name -> [steps at which it was measured, values].
    """

    def __init__(self, stage: Stage, batches: Batches, seed: int, rank: int = 0) -> None:
        self.stage, self.batches, self.step, self.seconds = stage, batches, 0, 0.0
        self.rank, self.rng = rank, torch.Generator().manual_seed(seed * 1_000_003 + rank)
        self.history: dict[str, tuple[list[int], list[float]]] = {}

    def record(self, losses: dict[str, float]) -> None:
        """Add the losses of the step that has just been done."""
        for name, value in losses.items():
            steps, values = self.history.setdefault(name, ([], []))
            steps.append(self.step)
            values.append(value)

    def state_dict(self) -> dict[str, Any]:
        """Everything, as tensors and plain values."""
        return {
            "stage": self.stage.name,
            "config": asdict(self.stage.config),
            "versions": {
                "vtonlib": vtonlib.__version__,
                "torch": str(torch.__version__),
                "python": platform.python_version(),
            },
            "step": self.step,
            "seconds": self.seconds,
            "networks": {name: network.state_dict() for name, network in self.stage.networks.items()},
            "optimisers": {name: optimiser.state_dict() for name, optimiser in self.stage.optimisers.items()},
            "averages": {name: ema.state_dict() for name, ema in self.stage.averages.items()},
            "batches": self.batches.state_dict(),
            "rng": {
                "losses": self.rng.get_state(),
                "torch": torch.get_rng_state(),
                "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
            },
            "history": self.history,
        }

    def load_state_dict(self, state: dict[str, Any], source: str) -> None:
        """Go on from a checkpoint.

        Args:
            state: what :meth:`state_dict` gave.
            source: name of the file, for messages.

        Raises:
            VtonError: if the checkpoint is another stage's or was made with another configuration.
        """
        _must_agree(source, "stage", state["stage"], self.stage.name)
        config = asdict(self.stage.config)
        for field in sorted(config.keys() | state["config"].keys()):
            _must_agree(source, f"config.{field}", state["config"].get(field), config.get(field))
        self.step, self.seconds = state["step"], state["seconds"]
        self.stage.load_trained(state)
        for name, optimiser in self.stage.optimisers.items():
            optimiser.load_state_dict(state["optimisers"][name])
        self.batches.load_state_dict(state["batches"])
        self.rng.set_state(state["rng"]["losses"])
        if self.rank:
            # The checkpoint is process 0's; the others must not draw the same noise as it does.
            self.rng.manual_seed(int(torch.randint(2**62, (1,), generator=self.rng)) + self.rank)
        torch.set_rng_state(state["rng"]["torch"])
        # A checkpoint may come from a machine with other devices; their streams then start anew.
        if torch.cuda.is_available() and len(state["rng"]["cuda"]) == torch.cuda.device_count():
            torch.cuda.set_rng_state_all(state["rng"]["cuda"])
        self.history = {name: (list(steps), list(values)) for name, (steps, values) in state["history"].items()}


def _must_agree(source: str, field: str, theirs: object, ours: object) -> None:
    if theirs != ours:
        raise VtonError(
            f"{source}: field {field!r} is {theirs!r}, but this run has {ours!r}; "
            "choose another folder or delete the file to start again"
        )
