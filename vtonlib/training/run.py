"""Train a stage by name under a profile: what the command line, the zoo and the benchmarks call."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from vtonlib.errors import VtonError
from vtonlib.profiles import budget
from vtonlib.provenance import runs_folder
from vtonlib.training.checkpoint import load_checkpoint, sweep
from vtonlib.training.device import make_fabric
from vtonlib.training.loop import History, fit
from vtonlib.training.registry import stage_class
from vtonlib.training.stage import Stage


@dataclass(frozen=True)
class TrainedStage:
    """A stage after its run.

    Attributes:
        stage: in evaluation mode.
        history: losses of the whole run.
        seconds: time that training took, over all sessions.
        path: the checkpoint.
    """

    stage: Stage
    history: History
    seconds: float
    path: Path


def checkpoint_path(name: str, profile: str, seed: int, runs: Path | None = None) -> Path:
    """Where the run of a stage keeps its checkpoint."""
    return (runs or runs_folder()) / name / profile / f"seed{seed}" / "checkpoint.vton"


def train_stage(
    name: str,
    profile: str,
    seed: int = 0,
    runs: Path | None = None,
    fresh: bool = False,
    progress_lines: int = 6,
) -> TrainedStage:
    """Train a stage with its budget, or go on where an earlier run was cut off.

    Args:
        name: key in the registry.
        profile: key in :data:`vtonlib.profiles.PROFILES`.
        seed: of the first weights, the order of the data and the noise.
        runs: folder for checkpoints and logs; None takes :func:`vtonlib.provenance.runs_folder`.
        fresh: start anew even if a checkpoint is there.
        progress_lines: see :func:`vtonlib.training.loop.fit`.

    Raises:
        VtonError: for an unknown stage or profile, or if another process trains into the same folder.
    """
    cls, plan = stage_class(name), budget(name, profile)
    path = checkpoint_path(name, profile, seed, runs)
    path.parent.mkdir(parents=True, exist_ok=True)
    fabric = make_fabric()
    stage = cls(cls.configure(plan), seed)
    lock = FileLock(path.parent / "lock", timeout=0)
    try:
        with lock:
            sweep(path)
            if fresh:
                path.unlink(missing_ok=True)
            history = fit(
                stage,
                cls.batches(plan, seed),
                plan.steps,
                seed=seed,
                fabric=fabric,
                checkpoint=path,
                log_folder=path.parent / "logs",
                progress_lines=progress_lines,
            )
    except Timeout:
        raise VtonError(
            f"{path.parent}: another process trains into this folder; wait for it, or choose another seed"
        ) from None
    return TrainedStage(stage, history, load_checkpoint(path)["seconds"], path)
