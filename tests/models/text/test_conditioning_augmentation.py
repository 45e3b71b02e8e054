"""Clouds of codes: the draw, the divergence against a known formula, gradients."""

import pytest
import torch
from torch.distributions import Normal, kl_divergence

from tests.models.counting import count, every_parameter_learns
from vtonlib.errors import VtonError
from vtonlib.models.text.conditioning_augmentation import Augmented, ConditioningAugmentation


def test_numbers_of_parameters():
    assert count(ConditioningAugmentation()) == (1024 + 1) * 2 * 128


def test_the_code_is_mean_plus_deviation_times_noise():
    torch.manual_seed(0)
    network, text, noise = ConditioningAugmentation(6, 4), torch.randn(3, 6), torch.randn(3, 4)
    code, mean, log_deviation = network(text, noise)
    assert code.shape == mean.shape == log_deviation.shape == (3, 4)
    torch.testing.assert_close(code, mean + torch.exp(log_deviation) * noise)
    torch.testing.assert_close(network(text, torch.zeros(3, 4)).code, mean)
    linear = network.layers[0](text)
    torch.testing.assert_close(torch.cat([mean, log_deviation], 1), torch.where(linear > 0, linear, 0.2 * linear))


def test_the_divergence_is_that_of_normal_distributions():
    mean, log_deviation = torch.randn(2, 3, 4, generator=torch.Generator().manual_seed(0))
    expected = kl_divergence(Normal(mean, log_deviation.exp()), Normal(0.0, 1.0)).mean()
    torch.testing.assert_close(Augmented(mean, mean, log_deviation).divergence(), expected)


def test_the_divergence_by_hand():
    zero, one = torch.zeros(1, 1), torch.ones(1, 1)
    assert Augmented(zero, zero, zero).divergence().item() == 0
    assert Augmented(zero, 2 * one, zero).divergence().item() == 2
    assert Augmented(zero, torch.tensor([[2.0, 0.0]]), torch.zeros(1, 2)).divergence().item() == 1


def test_every_parameter_gets_a_gradient():
    torch.manual_seed(0)
    network = ConditioningAugmentation(6, 4)
    done = network(torch.randn(3, 6), torch.randn(3, 4))
    (done.code.sum() + done.divergence()).backward()
    assert every_parameter_learns(network)


def test_inputs_that_do_not_fit_are_refused():
    with pytest.raises(VtonError, match=r"noise is \(3, 8\); give \(B, 4\)"):
        ConditioningAugmentation(6, 4)(torch.zeros(3, 6), torch.zeros(3, 8))
    with pytest.raises(VtonError, match=r"text code is \(3, 4\); give \(B, 6\)"):
        ConditioningAugmentation(6, 4)(torch.zeros(3, 4), torch.zeros(3, 4))
