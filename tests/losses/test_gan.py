"""The objectives against values worked by hand, analytic gradients and quadrature."""

import math

import numpy as np
import pytest
import torch
from scipy.integrate import quad
from scipy.stats import norm
from torch import Tensor

from vtonlib.errors import VtonError
from vtonlib.losses.gan import OBJECTIVES, objective, r1_penalty

REAL = torch.tensor([0.0, 2.0], dtype=torch.float64)
FAKE = torch.tensor([0.0, -3.0, 0.5], dtype=torch.float64)


def log_sigmoid(x: float) -> float:
    return -math.log(1 + math.exp(-x))


CROSS_ENTROPY = -(log_sigmoid(0) + log_sigmoid(2)) / 2 - (log_sigmoid(0) + log_sigmoid(3) + log_sigmoid(-0.5)) / 3
BY_HAND = {
    "saturating": (CROSS_ENTROPY, (log_sigmoid(0) + log_sigmoid(3) + log_sigmoid(-0.5)) / 3),
    "non_saturating": (CROSS_ENTROPY, -(log_sigmoid(0) + log_sigmoid(-3) + log_sigmoid(0.5)) / 3),
    # real: max(0, 1 - 0) = 1, max(0, 1 - 2) = 0; fake: 1, 0, 1.5
    "hinge": ((1 + 0) / 2 + (1 + 0 + 1.5) / 3, -(0 - 3 + 0.5) / 3),
    # real: (0 - 1)^2, (2 - 1)^2; fake: 0, 9, 0.25; generator: 1, 16, 0.25
    "least_squares": ((1 + 1) / 4 + (0 + 9 + 0.25) / 6, (1 + 16 + 0.25) / 6),
}


@pytest.mark.parametrize("name", OBJECTIVES)
def test_losses_equal_the_values_worked_by_hand(name):
    discriminator, generator = BY_HAND[name]
    assert objective(name).discriminator(REAL, FAKE).item() == pytest.approx(discriminator, rel=1e-12)
    assert objective(name).generator(FAKE).item() == pytest.approx(generator, rel=1e-12)


@pytest.mark.parametrize("name", OBJECTIVES)
def test_losses_are_scalars_for_patch_maps_and_average_over_all_entries(name):
    real, fake = REAL.view(2, 1, 1, 1).expand(2, 1, 3, 3), FAKE.view(3, 1, 1, 1).expand(3, 1, 3, 3)
    chosen = objective(name)
    assert chosen.discriminator(real, fake).shape == ()
    torch.testing.assert_close(chosen.discriminator(real, fake), chosen.discriminator(REAL, FAKE))
    torch.testing.assert_close(chosen.generator(fake), chosen.generator(FAKE))


def gradient(function, logits: Tensor) -> Tensor:
    logits = logits.clone().requires_grad_(True)
    function(logits).backward()
    assert logits.grad is not None
    return logits.grad


def test_the_saturating_gradient_is_minus_sigmoid_and_the_other_minus_its_complement():
    logits = torch.linspace(-12, 12, 49, dtype=torch.float64)
    saturating = gradient(objective("saturating").generator, logits) * len(logits)
    non_saturating = gradient(objective("non_saturating").generator, logits) * len(logits)
    torch.testing.assert_close(saturating, -torch.sigmoid(logits))
    torch.testing.assert_close(non_saturating, -(1 - torch.sigmoid(logits)))


@pytest.mark.parametrize("name", OBJECTIVES)
def test_players_pull_in_opposite_directions(name):
    """At logits of one half, where every objective has a slope."""
    half, chosen = torch.full((4,), 0.5, dtype=torch.float64), objective(name)
    assert (gradient(chosen.generator, half) < 0).all(), "the generator raises the logits of its fakes"
    assert (gradient(lambda fake: chosen.discriminator(half, fake), half) > 0).all()
    assert (gradient(lambda real: chosen.discriminator(real, half), half) < 0).all()


def test_the_hinge_leaves_logits_beyond_the_margin_alone():
    beyond = torch.tensor([1.5, 4.0], dtype=torch.float64)
    discriminator = objective("hinge").discriminator
    assert gradient(lambda real: discriminator(real, -beyond), beyond).tolist() == [0, 0]
    assert gradient(lambda fake: discriminator(beyond, fake), -beyond).tolist() == [0, 0]


@pytest.mark.parametrize("name", ["saturating", "non_saturating"])
def test_cross_entropy_is_stable_at_huge_logits(name):
    huge = torch.tensor([1e4, -1e4])
    chosen = objective(name)
    assert chosen.discriminator(huge, huge).item() == pytest.approx(1e4)
    assert torch.isfinite(chosen.generator(huge))


def value_at_the_optimum(q_mean: float) -> float:
    """The discriminator's loss for p = N(0, 1), q = N(q_mean, 1) and the optimal logit log p - log q, by quadrature."""
    chosen = objective("non_saturating").discriminator

    def integrand(x: float) -> float:
        p, q = norm.pdf(x), norm.pdf(x, q_mean)
        logit = torch.tensor([norm.logpdf(x) - norm.logpdf(x, q_mean)], dtype=torch.float64)
        sure = torch.tensor([np.inf], dtype=torch.float64)
        return p * chosen(logit, -sure).item() + q * chosen(sure, logit).item()

    return quad(integrand, -9, 9 + q_mean, limit=200)[0]


def jensen_shannon(q_mean: float) -> float:
    def integrand(x: float) -> float:
        p, q = norm.pdf(x), norm.pdf(x, q_mean)
        return 0.5 * p * np.log(2 * p / (p + q)) + 0.5 * q * np.log(2 * q / (p + q))

    return quad(integrand, -9, 9 + q_mean, limit=200)[0]


@pytest.mark.parametrize("q_mean", [0.0, 1.0, 3.0])
def test_the_optimal_discriminators_loss_is_two_log_two_minus_twice_jensen_shannon(q_mean):
    assert value_at_the_optimum(q_mean) == pytest.approx(2 * math.log(2) - 2 * jensen_shannon(q_mean), abs=1e-7)


def test_at_equal_distributions_the_optimum_is_two_log_two():
    zero = torch.zeros(5, dtype=torch.float64)
    assert value_at_the_optimum(0.0) == pytest.approx(2 * math.log(2), abs=1e-9)
    assert objective("saturating").discriminator(zero, zero).item() == pytest.approx(2 * math.log(2))


def test_r1_of_a_linear_discriminator_is_half_its_squared_weights():
    weight = torch.tensor([1.0, -2.0, 3.0])
    real = torch.randn(5, 3, generator=torch.Generator().manual_seed(0)).requires_grad_(True)
    assert r1_penalty(real, real @ weight).item() == pytest.approx(0.5 * 14)


def test_r1_of_a_quadratic_discriminator_is_half_the_mean_squared_slope():
    # D(x) = sum x^2 has the gradient 2 x: half of 4 |x|^2, averaged over |x|^2 = 2 and 8.
    real = torch.tensor([[[1.0, 1.0]], [[2.0, 2.0]]], requires_grad=True)
    assert r1_penalty(real, real.square().sum((1, 2))).item() == pytest.approx(0.5 * (4 * 2 + 4 * 8) / 2)


def test_r1_can_be_minimised():
    # penalty = 1/2 (2 w x)^2 for D(x) = w x^2, so its slope in w is 4 w x^2.
    w = torch.tensor(3.0, requires_grad=True)
    real = torch.tensor([[2.0]], requires_grad=True)
    r1_penalty(real, (w * real.square()).squeeze(1)).backward()
    assert w.grad is not None
    assert w.grad.item() == pytest.approx(4 * 3 * 4)


def test_an_unknown_objective_lists_the_known_ones():
    with pytest.raises(VtonError, match="objective is 'wgan'; choose one of saturating, non_saturating, hinge, least"):
        objective("wgan")
