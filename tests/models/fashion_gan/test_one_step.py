"""The baselines without a map in between."""

import pytest
import torch

from tests.models.counting import count, every_parameter_learns
from vtonlib.data.representations.fashiongan import merge
from vtonlib.models.fashion_gan.one_step import OneStepDiscriminator, OneStepGenerator, prior_of_7
from vtonlib.models.fashion_gan.shape import ShapeDiscriminator, ShapeGenerator, hard_map


def test_they_have_the_first_stages_layers_with_other_ends():
    assert count(OneStepGenerator(4)) == count(ShapeGenerator()) - 64 * (7 - 3) * 16
    assert count(OneStepGenerator(7)) == count(OneStepGenerator(4)) + (7 - 4) * 64 * 9
    assert count(OneStepDiscriminator(4)) == count(ShapeDiscriminator()) - (7 - 3) * 64 * 16
    assert count(OneStepDiscriminator(7)) == count(OneStepDiscriminator(4)) + (7 - 4) * 64 * 9


@pytest.mark.parametrize("size", [(64, 64), (128, 128)])
@pytest.mark.parametrize("prior", [4, 7])
def test_from_a_prior_to_a_picture(size, prior):
    torch.manual_seed(0)
    s0 = hard_map(torch.randn(4, 7, *size))
    given = prior_of_7(s0) if prior == 7 else merge(s0)
    coding = torch.randn(4, 50)
    generator = OneStepGenerator(prior, size, width=4, deviation=0.02)
    discriminator = OneStepDiscriminator(prior, size, width=4, deviation=0.02)
    picture = generator(torch.randn(4, 80), coding, given)
    assert picture.shape == (4, 3, *size)
    assert picture.abs().max() <= 1
    verdicts = discriminator(picture, coding, given)
    assert verdicts.shape == (4,)
    verdicts.square().sum().backward()
    assert every_parameter_learns(generator)
    assert every_parameter_learns(discriminator)


def test_huge_weights_do_not_leave_the_range():
    generator = OneStepGenerator(4, (64, 64), width=4, deviation=10.0)
    picture = generator(torch.randn(2, 80), torch.randn(2, 50), torch.rand(2, 4, 8, 8))
    assert 0.99 < picture.abs().max() <= 1


def test_the_prior_of_seven_merges_to_the_prior_of_four():
    s0 = hard_map(torch.randn(2, 7, 64, 64, generator=torch.Generator().manual_seed(0)))
    seven, four = prior_of_7(s0), merge(s0)
    assert seven.shape == (2, 7, 8, 8)
    torch.testing.assert_close(seven.sum(1), torch.ones(2, 8, 8))
    torch.testing.assert_close(seven[:, :3], four[:, :3])
    torch.testing.assert_close(seven[:, 3:].sum(1), four[:, 3])
