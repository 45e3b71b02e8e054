"""The same checks for every stage of the registry."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import pytest
import torch
from torch import Tensor

from vtonlib import zoo
from vtonlib.metrics.score import Score
from vtonlib.training.checkpoint import load_checkpoint
from vtonlib.training.loop import fit, train_step
from vtonlib.training.registry import stage_names
from vtonlib.training.run import TrainedStage
from vtonlib.training.stage import Stage

from .tiny import CASES, IDS, TABLE, differences, tiny_batches, tiny_stage, training_data

every_stage = pytest.mark.parametrize(("name", "variant"), CASES, ids=IDS)


def predict(stage: Stage, seed: int = 0) -> Tensor:
    return stage.predict(next(tiny_batches(stage.name)), torch.Generator().manual_seed(seed))


def weights(stage: Stage) -> dict[str, dict[str, Tensor]]:
    """A copy of everything that the networks and averages hold."""
    networks = {key: network.state_dict() for key, network in stage.networks.items()}
    networks |= {f"{key} (average)": ema.network.state_dict() for key, ema in stage.averages.items()}
    return {key: {k: tensor.clone() for k, tensor in state.items()} for key, state in networks.items()}


def step_of_one_phase(stage: Stage, phase, fabric, seed: int = 0) -> dict[str, float]:
    """One training step on one fixed batch with fixed noise, by this phase alone."""
    stage.phases = (phase,)
    batch = next(tiny_batches(stage.name))
    return train_step(stage, batch, 0, torch.Generator().manual_seed(seed), fabric)


def test_every_stage_has_a_row_in_the_table():
    assert set(TABLE) == set(stage_names()), "tests/training/tiny.py: TABLE has one row for each stage"


@every_stage
def test_predictions_have_their_shape_and_are_finite(name, variant):
    output = predict(tiny_stage(name, variant))
    assert output.shape == (8, *TABLE[name].output_shape)
    assert output.dtype == torch.float32
    assert not output.requires_grad
    assert torch.isfinite(output).all()


@every_stage
def test_the_configuration_survives_json(name, variant):
    stage = tiny_stage(name, variant)
    assert type(stage.config)(**json.loads(json.dumps(asdict(stage.config)))) == stage.config


@every_stage
def test_the_seed_alone_draws_the_first_weights(name, variant):
    before = torch.get_rng_state()
    first, second, other = (tiny_stage(name, variant, seed) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    assert differences(weights(first), weights(second)) == []
    assert differences(weights(first), weights(other)) != []


@every_stage
def test_every_network_has_phases_and_an_optimiser_with_all_its_parameters(name, variant):
    stage = tiny_stage(name, variant)
    assert {phase.network for phase in stage.phases} == set(stage.networks)
    assert len({phase.name for phase in stage.phases}) == len(stage.phases)
    for phase in stage.phases:
        optimiser = stage.optimisers[phase.optimiser or phase.network]
        held = [p for group in optimiser.param_groups for p in group["params"]]
        assert {id(p) for p in held} == {id(p) for p in stage.networks[phase.network].parameters()}


@every_stage
def test_every_parameter_receives_a_gradient(name, variant, fabric):
    stage = tiny_stage(name, variant)
    reached: set[str] = set()
    for phase in stage.phases:
        step_of_one_phase(stage, phase, fabric)
        gradients = {k: p.grad for k, p in stage.networks[phase.network].named_parameters()}
        reached |= {
            f"{phase.network}/{k}" for k, gradient in gradients.items() if gradient is not None and gradient.any()
        }
    everything = {f"{key}/{k}" for key, network in stage.networks.items() for k, _ in network.named_parameters()}
    assert everything - reached == set()


@every_stage
def test_a_phase_leaves_gradients_in_its_own_network_only(name, variant, fabric):
    for index in range(len(tiny_stage(name, variant).phases)):
        stage = tiny_stage(name, variant)
        phase = stage.phases[index]
        step_of_one_phase(stage, phase, fabric)
        touched = {key for key, net in stage.networks.items() if any(p.grad is not None for p in net.parameters())}
        assert touched == {phase.network}
        assert all(p.requires_grad for network in stage.networks.values() for p in network.parameters())


@every_stage
def test_a_phase_changes_parameters_of_its_own_network_only(name, variant, fabric):
    for index in range(len(tiny_stage(name, variant).phases)):
        stage = tiny_stage(name, variant)
        phase, before = stage.phases[index], weights(stage)
        step_of_one_phase(stage, phase, fabric)
        for key, network in stage.networks.items():
            changed = {k for k, p in network.named_parameters() if not torch.equal(p, before[key][k])}
            assert bool(changed) == (key == phase.network)


@every_stage
def test_the_loss_of_every_phase_falls_on_one_batch(name, variant, fabric):
    for index in range(len(tiny_stage(name, variant).phases)):
        stage = tiny_stage(name, variant)
        phase = stage.phases[index]
        totals = [sum(step_of_one_phase(stage, phase, fabric).values()) for _ in range(20)]
        # With learning rate zero it falls by less than a thousandth (spectral normalisation settles).
        assert totals[0] - totals[-1] > 0.01 * abs(totals[0]), (phase.name, totals[0], totals[-1])


@every_stage
def test_averages_follow_their_network(name, variant, fabric):
    stage = tiny_stage(name, variant)
    before = weights(stage)
    if stage.averages:
        fit(stage, tiny_batches(name), 4, fabric=fabric, progress_lines=0)
    for key, ema in stage.averages.items():
        for k, average in ema.network.named_parameters():
            assert not torch.equal(average, before[f"{key} (average)"][k]), "the average stands still"
            assert not torch.equal(average, stage.networks[key].get_parameter(k)), "the average is no average"


@every_stage
def test_watching_a_run_does_not_change_it(name, variant, fabric):
    """Taking samples switches networks to evaluation mode; the run must not go on in it."""
    watched, unwatched = tiny_stage(name, variant), tiny_stage(name, variant)
    fit(unwatched, tiny_batches(name), 4, fabric=fabric, progress_lines=0)
    fit(
        watched, tiny_batches(name), 4, fabric=fabric, progress_lines=0,
        watch=lambda step, stage: predict(stage), watch_every=1,
    )  # fmt: skip
    assert differences(weights(watched), weights(unwatched)) == []


@every_stage
def test_a_loaded_checkpoint_predicts_the_same(name, variant, fabric, tmp_path: Path):
    stage, loaded = tiny_stage(name, variant), tiny_stage(name, variant, seed=9)
    fit(stage, tiny_batches(name), 3, fabric=fabric, checkpoint=tmp_path / "c.vton", progress_lines=0)
    assert not torch.equal(predict(loaded), predict(stage))
    loaded.load_trained(load_checkpoint(tmp_path / "c.vton"))
    assert torch.equal(predict(loaded), predict(stage))


@every_stage
def test_resuming_equals_never_having_stopped(name, variant, fabric, tmp_path: Path):
    whole, parts = tmp_path / "whole.vton", tmp_path / "parts.vton"
    torch.manual_seed(0)
    fit(tiny_stage(name, variant), tiny_batches(name), 6, fabric=fabric, checkpoint=whole, progress_lines=0)
    torch.manual_seed(0)
    fit(tiny_stage(name, variant), tiny_batches(name), 3, fabric=fabric, checkpoint=parts, progress_lines=0)
    # Nothing of this session may matter: other first weights, other order, other noise.
    torch.manual_seed(1)
    stage, batches = tiny_stage(name, variant, seed=9), tiny_batches(name, seed=9)
    history = fit(stage, batches, 6, seed=9, fabric=fabric, checkpoint=parts, progress_lines=0)
    a, b = load_checkpoint(whole), load_checkpoint(parts)
    assert a.pop("seconds") > 0 < b.pop("seconds")
    assert a["step"] == 6
    assert a["batches"]["epoch"] == 2, "the run must cross epochs"
    assert all(state["state"] for state in a["optimisers"].values())
    assert differences(a, b) == []
    assert history == a["history"]


@every_stage
def test_the_zoo_gives_back_nearly_the_same_stage(name, variant, fabric, tmp_path: Path, monkeypatch):
    stage = tiny_stage(name, variant)
    fit(stage, tiny_batches(name), 3, fabric=fabric, progress_lines=0)
    # The stages' own figures are recomputed in tests/zoo from what is shipped.
    monkeypatch.setattr(type(stage), "evaluate", lambda self: {"mean": Score(predict(self).mean().item(), "a test")})
    card = zoo.save(TrainedStage(stage, {}, 1.0, tmp_path), "smoke", seed=0, folder=tmp_path)
    assert zoo.names(tmp_path) == [f"{name}.smoke"]
    assert zoo.card(f"{name}.smoke", tmp_path) == card
    loaded = zoo.load(f"{name}.smoke", tmp_path)
    assert loaded.config == stage.config
    torch.testing.assert_close(predict(loaded), predict(stage), rtol=0, atol=5e-3)
    assert card.metrics["mean"].value == predict(loaded).mean().item()
    assert (tmp_path / f"{name}.smoke.safetensors").stat().st_size < 3 * sum(card.parameters.values()) + 20_000


@pytest.mark.parametrize("name", [n for n in stage_names() if n not in TABLE or TABLE[n].held_out])
def test_no_held_out_picture_is_trained_on(name):
    def hashes(pictures: Tensor) -> set[str]:
        return {hashlib.sha256(picture.contiguous().numpy().tobytes()).hexdigest() for picture in pictures}

    held_out = TABLE[name].held_out()
    pictures = [t for t in training_data(name).values() if t.shape[1:] == held_out.shape[1:]]
    assert pictures, "the training data hold no pictures of that size"
    for tensor in pictures:
        assert len(tensor) >= TABLE[name].least
        assert hashes(tensor) & hashes(held_out) == set()
