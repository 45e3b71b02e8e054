"""The one training loop of the book. It reads a stage's table of phases and knows nothing of what they mean."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import torch
from lightning_fabric import Fabric
from torch import nn

from vtonlib.errors import VtonError
from vtonlib.training.batches import Batch, Batches
from vtonlib.training.checkpoint import load_checkpoint, save_checkpoint
from vtonlib.training.device import average_gradients, is_bf16, make_fabric
from vtonlib.training.guard import check_losses, check_weights
from vtonlib.training.logs import FileLogs, Progress
from vtonlib.training.schedule import set_rate
from vtonlib.training.stage import Stage
from vtonlib.training.state import RunState

History = dict[str, tuple[list[int], list[float]]]
"""Loss name -> (steps, values)."""


def train_step(stage: Stage, batch: Batch, step: int, rng: torch.Generator, fabric: Fabric) -> dict[str, float]:
    """Run every phase that is due at a step, and give the losses by "phase/name"."""
    seen: dict[str, float] = {}
    for name, schedule in stage.schedules.items():
        set_rate(stage.optimisers[name], schedule(step))
    for phase in stage.phases:
        if step % phase.interval:
            continue
        network = stage.networks[phase.network]
        optimiser = stage.optimisers[phase.optimiser or phase.network]
        with only_learning(network, stage):
            with fabric.autocast():
                losses = phase.loss(batch, rng)
            check_losses(losses, phase, step)
            optimiser.zero_grad(set_to_none=True)
            fabric.backward(torch.stack(list(losses.values())).sum())
            average_gradients(network, fabric)
            optimiser.step()
        seen |= {f"{phase.name}/{name}": float(loss.detach()) for name, loss in losses.items()}
    for average in stage.averages.values():
        average.update(len(next(iter(batch.values()))) * fabric.world_size)
    return seen


@contextmanager
def only_learning(network: nn.Module, stage: Stage) -> Iterator[None]:
    """Freeze every network but one: what a phase calls without teaching it gets no gradient and costs none."""
    for other in stage.networks.values():
        other.requires_grad_(other is network)
    try:
        yield
    finally:
        for other in stage.networks.values():
            other.requires_grad_(True)


def fit(
    stage: Stage,
    batches: Batches,
    steps: int,
    *,
    seed: int = 0,
    seconds: float | None = None,
    fabric: Fabric | None = None,
    checkpoint: Path | None = None,
    save_every: int = 500,
    log_folder: Path | None = None,
    progress_lines: int = 6,
    watch: Callable[[int, Stage], None] | None = None,
    watch_every: int = 100,
) -> History:
    """Train a stage.

    Args:
        stage: what to train; it is changed in place.
        batches: the training data.
        steps: the step at which the run is done, counted from its very first start.
        seed: seeds the noise that the losses draw.
        seconds: stop earlier when this time is used up; a checkpoint is written then too.
        fabric: device and precision; None chooses by itself.
        checkpoint: file to go on from if it is there, and to write.
        save_every: steps between two checkpoints.
        log_folder: where CSV and TensorBoard logs go.
        progress_lines: lines that a whole run prints outside a terminal; 0 is silent.
        watch: called with (step, stage) every ``watch_every`` steps, to take samples on the way.
        watch_every: steps between two calls of ``watch``.

    Returns:
        The losses of the whole run.

    Raises:
        VtonError: for an impossible budget or a foreign or damaged checkpoint.
        TrainingStopped: if a loss or a weight is not finite or a loss diverges; the last checkpoint stays.
    """
    if steps < 1 or (seconds is not None and seconds <= 0):
        raise VtonError(f"budget is steps={steps}, seconds={seconds}; both must be positive")
    fabric = fabric or make_fabric()
    stage.to(fabric.device, channels_last=is_bf16(fabric))
    state = RunState(stage, batches, seed, fabric.global_rank)
    if checkpoint is not None and checkpoint.exists():
        state.load_state_dict(load_checkpoint(checkpoint), source=str(checkpoint))
    stage.train()
    started, seconds_before = time.perf_counter(), state.seconds
    # Closing writes what the logs still hold, also when a loss stops the run.
    with (
        closing(Progress(stage.name, state.step, steps, progress_lines)) as progress,
        closing(FileLogs(log_folder)) as logs,
    ):
        while state.step < steps:
            batch = {name: tensor.to(fabric.device) for name, tensor in next(batches).items()}
            losses = train_step(stage, batch, state.step, state.rng, fabric)
            state.step += 1
            state.record(losses)
            progress.update(state.step, losses)
            logs.write(state.step, losses)
            elapsed = time.perf_counter() - started
            state.seconds = seconds_before + elapsed
            last = state.step == steps or (seconds is not None and elapsed >= seconds)
            if watch is not None and (last or state.step % watch_every == 0):
                watch(state.step, stage)
                stage.train()  # taking samples switches to evaluation mode
            if checkpoint is not None and fabric.is_global_zero and (last or state.step % save_every == 0):
                check_weights(stage, state.step)
                save_checkpoint(checkpoint, state.state_dict())
            if last:
                break
    stage.train(False)
    return state.history
