"""The loop: budgets, intervals, watching, devices, and what it leaves behind."""

from pathlib import Path

import pytest
import torch

from vtonlib.errors import VtonError
from vtonlib.training.checkpoint import load_checkpoint
from vtonlib.training.device import average_gradients, has_fast_bf16, make_fabric
from vtonlib.training.loop import fit, only_learning, train_step
from vtonlib.training.seeding import seeded

from .tiny import tiny_batches, tiny_stage


def quick(stage, steps, fabric, **settings):
    return fit(stage, tiny_batches(stage.name), steps, fabric=fabric, progress_lines=0, **settings)


@pytest.mark.parametrize(("steps", "seconds"), [(0, None), (-1, None), (5, 0), (5, -2.0)])
def test_an_impossible_budget_is_refused(steps, seconds, fabric):
    with pytest.raises(VtonError, match=rf"budget is steps={steps}, seconds={seconds}; both must be positive"):
        quick(tiny_stage("clothes_classifier"), steps, fabric, seconds=seconds)


def test_the_history_has_one_value_for_each_step(fabric):
    history = quick(tiny_stage("dcgan"), 5, fabric)
    assert history.keys() == {"D/adversarial", "G/adversarial"}
    for steps, values in history.values():
        assert steps == [1, 2, 3, 4, 5]
        assert len(set(values)) == 5


def test_phases_run_at_their_interval(fabric):
    stage = tiny_stage("dcgan", r1_gamma=1.0, r1_interval=4, generator_interval=2, discriminator_interval=3)
    history = quick(stage, 9, fabric)
    assert {name: steps for name, (steps, _) in history.items()} == {
        "D/adversarial": [1, 4, 7],
        "G/adversarial": [1, 3, 5, 7, 9],
        "R1/r1": [1, 5, 9],
    }


def test_a_budget_in_seconds_stops_the_run_with_a_checkpoint(fabric, tmp_path: Path):
    path = tmp_path / "c.vton"
    history = quick(tiny_stage("clothes_classifier"), 10**9, fabric, seconds=0.05, checkpoint=path)
    state = load_checkpoint(path)
    assert 1 <= state["step"] == history["classifier/cross_entropy"][0][-1] < 10**4
    assert state["seconds"] >= 0.05


def test_time_adds_up_over_sessions(fabric, tmp_path: Path):
    path = tmp_path / "c.vton"
    quick(tiny_stage("clothes_classifier"), 2, fabric, checkpoint=path)
    first = load_checkpoint(path)["seconds"]
    quick(tiny_stage("clothes_classifier"), 4, fabric, checkpoint=path)
    assert load_checkpoint(path)["seconds"] > first > 0


def test_a_run_that_is_done_trains_no_further(fabric, tmp_path: Path):
    path = tmp_path / "c.vton"
    history = quick(tiny_stage("clothes_classifier"), 3, fabric, checkpoint=path)
    before = path.read_bytes()
    assert quick(tiny_stage("clothes_classifier"), 3, fabric, checkpoint=path) == history
    assert path.read_bytes() == before


def test_watch_is_called_at_its_interval_and_at_the_end(fabric):
    stage, seen = tiny_stage("clothes_classifier"), []
    quick(stage, 7, fabric, watch=lambda step, watched: seen.append((step, watched is stage)), watch_every=3)
    assert seen == [(3, True), (6, True), (7, True)]


def test_checkpoints_are_written_at_their_interval_and_at_the_end(fabric, tmp_path: Path, monkeypatch):
    written = []
    monkeypatch.setattr("vtonlib.training.loop.save_checkpoint", lambda path, content: written.append(content["step"]))
    quick(tiny_stage("clothes_classifier"), 7, fabric, checkpoint=tmp_path / "c.vton", save_every=3)
    assert written == [3, 6, 7]


def test_the_noise_follows_the_seed(fabric):
    first, again, other = (quick(tiny_stage("dcgan"), 2, fabric, seed=seed) for seed in (0, 0, 1))
    assert first == again != other


def test_training_leaves_the_global_generator_alone(fabric):
    before = torch.get_rng_state()
    quick(tiny_stage("dcgan"), 2, fabric)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_trained_stage_is_in_evaluation_mode(fabric):
    stage = tiny_stage("dcgan")
    quick(stage, 1, fabric)
    assert not any(module.training for network in stage.networks.values() for module in network.modules())


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"name": "clothes_classifier"}, r"field 'stage' is 'dcgan', but this run has 'clothes_classifier'"),
        ({"name": "dcgan", "latent": 7}, r"field 'config.latent' is 100, but this run has 7"),
    ],
)
def test_a_checkpoint_of_another_run_is_refused_and_kept(settings, message, fabric, tmp_path: Path):
    path = tmp_path / "c.vton"
    quick(tiny_stage("dcgan"), 1, fabric, checkpoint=path)
    before = path.read_bytes()
    with pytest.raises(VtonError, match=rf"c\.vton: {message}; choose another folder or delete the file"):
        quick(tiny_stage(**settings), 2, fabric, checkpoint=path)
    assert path.read_bytes() == before


def test_a_damaged_checkpoint_stops_the_run_before_it_starts(fabric, tmp_path: Path):
    path = tmp_path / "c.vton"
    path.write_bytes(b"junk")
    with pytest.raises(VtonError, match="is not a checkpoint of vtonlib"):
        quick(tiny_stage("dcgan"), 1, fabric, checkpoint=path)
    assert path.read_bytes() == b"junk"


def test_only_the_learning_network_asks_for_gradients():
    stage = tiny_stage("dcgan")
    generator, discriminator = stage.networks["generator"], stage.networks["discriminator"]
    with only_learning(generator, stage):
        assert all(p.requires_grad for p in generator.parameters())
        assert not any(p.requires_grad for p in discriminator.parameters())
    assert all(p.requires_grad for p in [*generator.parameters(), *discriminator.parameters()])


def test_networks_thaw_when_a_phase_fails():
    stage = tiny_stage("dcgan")
    with pytest.raises(ZeroDivisionError), only_learning(stage.networks["generator"], stage):
        raise ZeroDivisionError
    assert all(p.requires_grad for p in stage.networks["discriminator"].parameters())


def test_gradients_of_an_earlier_step_do_not_add_up(fabric):
    once, twice = tiny_stage("clothes_classifier"), tiny_stage("clothes_classifier")
    batch = next(tiny_batches("clothes_classifier"))
    for parameter in twice.networks["classifier"].parameters():
        parameter.grad = torch.full_like(parameter, 5.0)
    for stage in (once, twice):
        train_step(stage, batch, 0, torch.Generator(), fabric)
    assert torch.equal(once.networks["classifier"].head.weight, twice.networks["classifier"].head.weight)


class Processes:
    """Stands for a Fabric of two processes, of which the other has gradients of zero."""

    world_size = 2

    def all_reduce(self, tensor, reduce_op):
        assert reduce_op == "mean"
        return tensor / 2


def test_gradients_are_averaged_over_processes():
    network = torch.nn.Linear(2, 1)
    network.weight.grad = torch.tensor([[2.0, 4.0]])
    average_gradients(network, Processes())
    assert network.weight.grad.tolist() == [[1.0, 2.0]]
    assert network.bias.grad is None


@pytest.mark.parametrize("device", ["cuda", "mps", "abacus"])
def test_an_absent_device_names_those_that_are_there(device):
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if there.get(device):
        pytest.skip(f"{device} is there")
    with pytest.raises(VtonError, match=rf"device '{device}' is not available here; choose one of cpu"):
        make_fabric(device)


def test_precision_follows_the_hardware(monkeypatch):
    for fast, precision in ((True, "bf16-mixed"), (False, "32-true")):
        monkeypatch.setattr("vtonlib.training.device.has_fast_bf16", lambda accelerator, fast=fast: fast)
        assert make_fabric("cpu")._precision.precision == precision
    assert make_fabric("cpu", "64-true")._precision.precision == "64-true"
    assert has_fast_bf16("mps") is False


def test_seeded_drawing_is_repeatable_and_leaves_the_generator_where_it_stood():
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    draws = []
    for _ in range(2):
        with seeded(11):
            draws.append(torch.rand(2))
    assert torch.equal(draws[0], draws[1])
    assert torch.equal(torch.rand(2), expected)
