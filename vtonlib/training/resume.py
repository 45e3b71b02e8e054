"""Train a stage that is no profile's own, such as an ablation, without losing what an earlier run has done."""

from __future__ import annotations

from pathlib import Path

from vtonlib.training.batches import Batches
from vtonlib.training.checkpoint import load_checkpoint
from vtonlib.training.loop import fit
from vtonlib.training.stage import Stage


def fit_or_load(stage: Stage, batches: Batches, steps: int, seed: int, folder: Path) -> None:
    """Train a stage; a run that was cut off goes on, and one that is done is loaded."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "checkpoint.vton"
    if path.exists() and (content := load_checkpoint(path))["step"] >= steps:
        stage.load_trained(content)
    else:
        fit(stage, batches, steps, seed=seed, checkpoint=path, progress_lines=4)
