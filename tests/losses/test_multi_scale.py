"""Losses over scales, by hand."""

import pytest
import torch

from vtonlib.losses.gan import objective
from vtonlib.losses.multi_scale import discriminator_loss, feature_matching, generator_loss
from vtonlib.nn.multi_scale_discriminator import Judged


def judged(logit, *features):
    return Judged(torch.full((2, 1, 3, 3), logit), [torch.full((2, 4, 3, 3), value) for value in features])


def test_the_game_is_the_mean_over_scales():
    """Least squares: halves of squared distances from 1 and 0."""
    game = objective("least_squares")
    real, fake = [judged(1.0), judged(0.0)], [judged(0.0), judged(2.0)]
    assert discriminator_loss(game, real, fake).item() == pytest.approx(((0 + 0) + (0.5 + 2)) / 2)
    assert generator_loss(game, fake).item() == pytest.approx((0.5 + 0.5) / 2)


def test_features_are_compared_layer_by_layer():
    real, fake = (
        [judged(0, 1.0, 2.0, 9.0), judged(0, 0.0, 0.0, 9.0)],
        [judged(0, 3.0, 2.0, 0.0), judged(0, 1.0, 1.0, 0.0)],
    )
    assert feature_matching(real, fake, layers=2).item() == pytest.approx((2 + 0 + 1 + 1) / 4)
    with pytest.raises(ValueError, match="3 layers; 4"):
        feature_matching(real, fake, layers=4)


def test_no_gradient_flows_to_the_real_side():
    real, fake = torch.zeros(1, 1, 2, 2, requires_grad=True), torch.ones(1, 1, 2, 2, requires_grad=True)
    feature_matching([Judged(real, [real])], [Judged(fake, [fake])], layers=1).backward()
    assert real.grad is None
    assert fake.grad is not None
