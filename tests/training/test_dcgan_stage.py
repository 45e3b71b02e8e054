"""The DCGAN stage: each player moves the way that its name says, whatever its loss calls down."""

import pytest
import torch
from torch import Tensor

from vtonlib.data.fashion_mnist import load_clothes
from vtonlib.errors import VtonError
from vtonlib.losses.gan import OBJECTIVES, r1_penalty
from vtonlib.metrics.score import Score
from vtonlib.training.batches import Batches
from vtonlib.training.device import make_fabric
from vtonlib.training.loop import fit, train_step
from vtonlib.training.registry import build_stage
from vtonlib.training.stages import dcgan as module
from vtonlib.training.stages.dcgan import DCGANStage
from vtonlib.zoo import store

from .tiny import BUDGET, tiny_batches

TINY = {"width": 4, "latent": 8, "normalisation": "none", "learning_rate": 0.01, "discriminator_learning_rate": 0.01}


def stage_with(**settings) -> DCGANStage:
    stage = build_stage("dcgan", **(TINY | settings))
    assert isinstance(stage, DCGANStage)
    return stage


def train_phase(stage: DCGANStage, name: str, fabric, steps: int = 20) -> None:
    stage.phases = tuple(phase for phase in stage.phases if phase.name == name)
    batch = next(tiny_batches("dcgan"))
    for _ in range(steps):
        train_step(stage, batch, 0, torch.Generator().manual_seed(0), fabric)


@torch.no_grad()
def mean_logits(stage: DCGANStage) -> tuple[float, float]:
    """Of real and of generated pictures."""
    fakes = stage.generator(stage.latents(8, torch.Generator().manual_seed(0)))
    real: Tensor = next(tiny_batches("dcgan"))["image"]
    return stage.discriminator(real).mean().item(), stage.discriminator(fakes).mean().item()


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_discriminator_learns_to_rank_real_above_fake(objective, fabric):
    stage = stage_with(objective=objective)
    real, fake = mean_logits(stage)
    train_phase(stage, "D", fabric)
    real_after, fake_after = mean_logits(stage)
    assert real_after - fake_after > real - fake + 0.05


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_generator_learns_to_raise_the_logits_of_its_fakes(objective, fabric):
    stage = stage_with(objective=objective)
    phases = stage.phases
    train_phase(stage, "D", fabric)
    stage.phases = phases
    real, fake = mean_logits(stage)
    train_phase(stage, "G", fabric)
    real_after, fake_after = mean_logits(stage)
    assert fake_after > fake + 0.05
    assert real_after == real


def test_r1_flattens_the_discriminator_at_real_pictures(fabric):
    def slope() -> float:
        real = next(tiny_batches("dcgan"))["image"].requires_grad_(True)
        return r1_penalty(real, stage.discriminator(real)).item()

    stage = stage_with(r1_gamma=1.0)
    before = slope()
    train_phase(stage, "R1", fabric)
    assert 0 < slope() < 0.9 * before


def test_lazy_r1_is_weighted_by_its_interval():
    losses = []
    for interval in (1, 16):
        stage = stage_with(r1_gamma=3.0, r1_interval=interval)
        losses.append(stage.r1_loss(next(tiny_batches("dcgan")), torch.Generator())["r1"].item())
    assert losses[1] == pytest.approx(16 * losses[0])


@pytest.mark.parametrize("normalisation", ["batch", "spectral", "none"])
def test_r1_trains_under_bf16_autocast(normalisation):
    stage = stage_with(normalisation=normalisation, r1_gamma=1.0, r1_interval=2)
    fabric = make_fabric("cpu", "bf16-mixed")
    history = fit(stage, tiny_batches("dcgan"), 4, fabric=fabric, progress_lines=0)
    assert history["R1/r1"][0] == [1, 3]
    assert all(torch.tensor(values).isfinite().all() for _, values in history.values())
    assert all(p.dtype == torch.float32 and p.isfinite().all() for p in stage.discriminator.parameters())


def test_latents_fill_the_cube_and_follow_the_generator():
    stage = stage_with()
    z = stage.latents(500, torch.Generator().manual_seed(0))
    assert z.shape == (500, 8)
    assert -1 <= z.min() < -0.99 < 0.99 < z.max() <= 1
    assert torch.equal(z, stage.latents(500, torch.Generator().manual_seed(0)))


def test_samples_come_from_the_average_and_from_the_seed(fabric):
    stage = stage_with(ema_half_life=1000.0)
    fit(stage, tiny_batches("dcgan"), 3, fabric=fabric, progress_lines=0)
    z = stage.latents(4, torch.Generator().manual_seed(7))
    assert torch.equal(stage.sample(4, seed=7), stage.averages["generator"].network(z))
    assert not torch.equal(stage.sample(4, seed=7), stage.generator.eval()(z))
    assert stage.shipped()["discriminator"] is stage.discriminator


def test_no_average_is_kept_at_half_life_zero():
    stage = stage_with(ema_half_life=0.0)
    assert stage.averages == {}
    assert stage.shipped()["generator"] is stage.generator


def test_the_figure_compares_samples_with_held_out_pictures(monkeypatch):
    seen = []

    def kernel_distance(real: Tensor, fake: Tensor, network) -> Score:
        seen.extend([real, fake, network])
        return Score(0.5, "a test")

    judge = build_stage("clothes_classifier", width=2)
    monkeypatch.setattr(store, "load", lambda name: {"clothes_classifier.cpu": judge}[name])
    monkeypatch.setattr(module, "kernel_distance", kernel_distance)
    stage = stage_with()
    assert stage.evaluate() == {"kid": Score(0.5, "a test")}
    assert torch.equal(seen[0], load_clothes("held_out").images)
    assert torch.equal(seen[1], stage.sample(2000, seed=0))
    assert seen[2] is judge.classifier


def test_the_budget_sets_the_width():
    assert DCGANStage.configure(BUDGET).width == BUDGET.width
    assert DCGANStage.configure(BUDGET).ema_half_life > 0


def test_batches_have_the_budgets_size():
    batches = DCGANStage.batches(BUDGET, seed=3)
    assert isinstance(batches, Batches)
    assert next(batches)["image"].shape == (BUDGET.batch_size, 1, 28, 28)
    assert batches.seed == 3


@pytest.mark.parametrize(("field", "value"), [("objective", "wasserstein"), ("normalisation", "layer")])
def test_an_unknown_switch_is_refused_with_the_choices(field, value):
    with pytest.raises(VtonError, match=f"{field} is '{value}'; choose one of"):
        stage_with(**{field: value})
