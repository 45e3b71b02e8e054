"""The files of the zoo: ``STAGE.PROFILE.safetensors`` in half precision, and ``STAGE.PROFILE.json`` beside it."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load as parse
from safetensors.torch import save as serialise
from torch import Tensor

from vtonlib.errors import VtonError
from vtonlib.profiles import budget
from vtonlib.provenance import commit, hardware, versions
from vtonlib.training.device import make_fabric
from vtonlib.training.registry import build_stage
from vtonlib.training.run import TrainedStage
from vtonlib.training.stage import Stage
from vtonlib.zoo.card import Card

FOLDER = Path(__file__).parent / "weights"


def names(folder: Path = FOLDER) -> list[str]:
    """What the zoo holds, as ``stage.profile``."""
    return sorted(path.stem for path in folder.glob("*.json"))


def card(name: str, folder: Path = FOLDER) -> Card:
    """The card of shipped weights.

    Raises:
        VtonError: if the zoo has no such weights or the card is damaged.
    """
    path = folder / f"{name}.json"
    if not path.exists():
        raise VtonError(f"zoo: no weights named {name!r}; choose one of {', '.join(names(folder))}")
    return Card.from_json(path.read_text(), str(path))


def load(name: str, folder: Path = FOLDER) -> Stage:
    """A stage with shipped weights, in evaluation mode, in float32 on the CPU.

    Raises:
        VtonError: if there is no such file, its hash is not the card's, or its tensors do not fit the stage.
    """
    about = card(name, folder)
    path = folder / f"{name}.safetensors"
    data = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(data).hexdigest() != about.weights_sha256:
        raise VtonError(
            f"{path}: is missing or damaged (its SHA-256 is not the card's); restore it from the repository"
        )
    try:
        tensors = parse(data)
        stage = build_stage(about.stage, **about.config)
        for network, module in stage.shipped().items():
            prefix = f"{network}/"
            own = {key.removeprefix(prefix): t for key, t in tensors.items() if key.startswith(prefix)}
            module.load_state_dict(own)
            stage.networks[network].load_state_dict(own)  # an average is shipped: its network starts from it
        stage.train(False)
    except (SafetensorError, RuntimeError) as error:
        raise VtonError(
            f"{path}: does not fit stage {about.stage!r} ({error}); restore it from the repository"
        ) from error
    return stage


def save(trained: TrainedStage, profile: str, seed: int, folder: Path = FOLDER) -> Card:
    """Put a trained stage into the zoo: weights in half precision, and a card measured on those halved weights.

    Args:
        trained: what :func:`vtonlib.training.run.train_stage` gave.
        profile: the profile it was trained under.
        seed: the seed it was trained with.
        folder: the zoo.
    """
    stage, plan = trained.stage, budget(trained.stage.name, profile)
    data = serialise(_halved(stage))
    fabric = make_fabric()
    name = f"{stage.name}.{profile}"
    about = Card(
        stage=stage.name,
        profile=profile,
        config=asdict(stage.config),
        paper=stage.paper,
        deviation=stage.deviation,
        command=f"vtonlib train {stage.name} --profile {profile} --seed {seed}",
        commit=commit(),
        data_sha256=stage.batches(plan, seed).fingerprint(),
        steps=plan.steps,
        seconds=round(trained.seconds, 1),
        hardware=hardware(fabric.device, str(fabric._precision.precision)),
        seed=seed,
        versions=versions(),
        parameters=count_parameters(stage),
        metrics={},
        weights_sha256=hashlib.sha256(data).hexdigest(),
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.safetensors").write_bytes(data)
    (folder / f"{name}.json").write_text(about.to_json())
    # The figures are those of the file, not of the network before it was halved.
    about.metrics.update(load(name, folder).evaluate())
    (folder / f"{name}.json").write_text(about.to_json())
    return about


def count_parameters(stage: Stage) -> dict[str, int]:
    """Trained numbers of each network of a stage."""
    return {name: sum(p.numel() for p in network.parameters()) for name, network in stage.networks.items()}


def _halved(stage: Stage) -> dict[str, Tensor]:
    return {
        f"{network}/{key}": (tensor.half() if tensor.is_floating_point() else tensor).contiguous().cpu()
        for network, module in stage.shipped().items()
        for key, tensor in module.state_dict().items()
        if isinstance(tensor, torch.Tensor)
    }
