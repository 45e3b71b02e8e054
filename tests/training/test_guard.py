"""A run that has gone wrong stops, says where, and leaves its last good checkpoint."""

import math
from pathlib import Path

import pytest
import torch
from torch import Tensor

from vtonlib.training.checkpoint import load_checkpoint
from vtonlib.training.guard import DIVERGED, TrainingStopped, check_losses, check_weights
from vtonlib.training.loop import fit
from vtonlib.training.stage import Phase

from .tiny import differences, tiny_batches, tiny_stage

PHASE = Phase("D", "discriminator", lambda batch, rng: {})
MEND = "; the last good checkpoint is kept; try a smaller learning rate"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (math.nan, "step 7: loss D/adversarial = nan is not finite"),
        (math.inf, "step 7: loss D/adversarial = inf is not finite"),
        (-math.inf, "step 7: loss D/adversarial = -inf is not finite"),
        (1.01 * DIVERGED, "step 7: loss D/adversarial = 10100 diverged"),
        (-1.01 * DIVERGED, "step 7: loss D/adversarial = -10100 diverged"),
    ],
)
def test_a_bad_loss_names_step_phase_loss_and_mend(value, message):
    with pytest.raises(TrainingStopped) as caught:
        check_losses({"good": torch.tensor(1.0), "adversarial": torch.tensor(value)}, PHASE, 7)
    assert str(caught.value) == message + MEND


def test_large_but_healthy_losses_pass():
    check_losses({"adversarial": torch.tensor(0.99 * DIVERGED), "r1": torch.tensor(-0.99 * DIVERGED)}, PHASE, 7)


@pytest.mark.parametrize("part", ["weight", "running_var"])
def test_a_bad_weight_or_statistic_names_its_network(part):
    stage = tiny_stage("dcgan")
    check_weights(stage, 7)
    with torch.no_grad():
        getattr(stage.networks["discriminator"].layers[3], part)[2] = math.nan
    with pytest.raises(TrainingStopped) as caught:
        check_weights(stage, 7)
    assert str(caught.value) == "step 7: a weight of network 'discriminator' is not finite" + MEND


def spoil(value: float, at_call: int):
    """A loss that is replaced by a value from some call on."""
    calls = 0
    stage = tiny_stage("clothes_classifier")
    phase = stage.phases[0]

    def loss(batch: dict[str, Tensor], rng: torch.Generator) -> dict[str, Tensor]:
        nonlocal calls
        calls += 1
        losses = phase.loss(batch, rng)
        return losses if calls < at_call else {name: loss * 0 + value for name, loss in losses.items()}

    stage.phases = (Phase(phase.name, phase.network, loss),)
    return stage


@pytest.mark.parametrize(("value", "what"), [(math.nan, "is not finite"), (1e6, "diverged")])
def test_a_run_stops_before_its_weights_are_spoilt(value, what, fabric, tmp_path: Path):
    path, stage = tmp_path / "c.vton", spoil(value, at_call=4)
    kept = []
    with pytest.raises(TrainingStopped, match=rf"^step 3: loss classifier/cross_entropy = \S+ {what}"):
        fit(
            stage, tiny_batches(stage.name), 9, fabric=fabric, checkpoint=path, save_every=3, progress_lines=0,
            watch=lambda step, stage: kept.append(path.exists()), watch_every=4,
        )  # fmt: skip
    assert kept == [], "no step is counted after the bad one"
    state = load_checkpoint(path)
    assert state["step"] == 3
    assert differences(state["networks"]["classifier"], stage.networks["classifier"].state_dict()) == []


def test_spoilt_weights_never_overwrite_a_good_checkpoint(fabric, tmp_path: Path):
    path, stage = tmp_path / "c.vton", tiny_stage("clothes_classifier")

    def spoil_weights(step, stage):
        if step == 4:
            with torch.no_grad():
                stage.classifier.head.weight[0, 0] = math.inf

    with pytest.raises(TrainingStopped, match=r"^step 4: a weight of network 'classifier' is not finite"):
        fit(
            stage, tiny_batches(stage.name), 8, fabric=fabric, checkpoint=path, save_every=2, progress_lines=0,
            watch=spoil_weights, watch_every=2,
        )  # fmt: skip
    assert load_checkpoint(path)["step"] == 2
