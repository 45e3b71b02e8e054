"""FashionGAN's first stage: tables of the release counted by hand, sizes, gradients, and what is refused."""

import pytest
import torch

from tests.models.counting import by_hand, count, every_parameter_learns, millions
from vtonlib.errors import VtonError
from vtonlib.models.fashion_gan.shape import ShapeDiscriminator, ShapeGenerator, hard_map, soft_map

SIZES = [(64, 64), (128, 128)]
REFINEMENT = ((256, 512, 3, True), (512, 512, 3, True), (512, 256, 3, True))
GENERATOR = (
    (100, 20, 1, False), (100, 1024, 4, True), (1024, 512, 4, True),
    (4, 64, 3, True), (64, 128, 3, True), (640, 256, 4, True),
    (256, 128, 4, True), (128, 64, 4, True), (64, 7, 4, False),
)  # fmt: skip
DISCRIMINATOR = (
    (7, 64, 4, False), (64, 128, 4, True), (128, 256, 4, True), (256, 512, 4, True),
    (4, 64, 3, False), (64, 128, 3, True), (640, 512, 4, True),
    (100, 20, 1, True), (532, 512, 1, True), (512, 1, 4, False),
)  # fmt: skip


def test_the_generator_has_the_releases_parameters():
    assert by_hand(*GENERATOR) == 13_393_360 == count(ShapeGenerator(coding=100, refine=False))
    assert by_hand(*GENERATOR, *REFINEMENT) == 18_114_512 == count(ShapeGenerator(coding=100))
    assert (millions(13_393_360), millions(18_114_512)) == (13.39, 18.11)
    assert count(ShapeGenerator()) == 18_114_512 - 50 * 20


def test_the_discriminator_has_the_releases_parameters():
    assert by_hand(*DISCRIMINATOR) == 8_365_304 == count(ShapeDiscriminator(coding=100, refine=False))
    assert by_hand(*DISCRIMINATOR, *REFINEMENT) == 13_086_456 == count(ShapeDiscriminator(coding=100))
    assert (millions(8_365_304), millions(13_086_456)) == (8.37, 13.09)


def test_at_64_the_outermost_layers_are_left_out():
    less = by_hand((128, 64, 4, True), (64, 7, 4, False)) - by_hand((128, 7, 4, False))
    assert count(ShapeGenerator(coding=100)) - count(ShapeGenerator((64, 64), coding=100)) == less
    less = by_hand((7, 64, 4, False), (64, 128, 4, True)) - by_hand((7, 128, 4, False))
    assert count(ShapeDiscriminator(coding=100)) - count(ShapeDiscriminator((64, 64), coding=100)) == less


def inputs(batch=2, coding=50, prior=4):
    return torch.randn(batch, coding), torch.randn(batch, prior, 8, 8)


@pytest.mark.parametrize("size", [*SIZES, (256, 256)])
@pytest.mark.parametrize("refine", [True, False])
def test_maps_have_seven_channels_and_are_judged_by_one_number(size, refine):
    coding, prior = inputs()
    logits = ShapeGenerator(size, width=4, refine=refine)(torch.randn(2, 80), coding, prior)
    assert logits.shape == (2, 7, *size)
    verdicts = ShapeDiscriminator(size, width=4, refine=refine)(soft_map(logits), coding, prior)
    assert verdicts.shape == (2,)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("refine", [True, False])
def test_every_parameter_gets_a_gradient(size, refine):
    torch.manual_seed(0)
    coding, prior = inputs(4)
    generator = ShapeGenerator(size, width=4, refine=refine, deviation=0.02)
    discriminator = ShapeDiscriminator(size, width=4, refine=refine, deviation=0.02)
    discriminator(soft_map(generator(torch.randn(4, 80), coding, prior)), coding, prior).square().sum().backward()
    assert every_parameter_learns(generator)
    assert every_parameter_learns(discriminator)


def test_the_constraint_noise_and_coding_all_matter():
    torch.manual_seed(0)
    generator = ShapeGenerator((64, 64), width=4, deviation=0.1).eval()
    given = [torch.randn(1, 80), *inputs(1)]
    drawn = generator(*given)
    for place in range(3):
        other = [*given[:place], torch.randn_like(given[place]), *given[place + 1 :]]
        assert (generator(*other) - drawn).abs().max() > 1e-3 * drawn.abs().max()


def test_maps_are_probabilities_or_one_hot():
    logits = 3 * torch.randn(2, 7, 5, 6, generator=torch.Generator().manual_seed(0))
    soft, hard = soft_map(logits), hard_map(logits)
    torch.testing.assert_close(soft.sum(1), torch.ones(2, 5, 6))
    assert soft.min() > 0
    assert set(hard.unique().tolist()) == {0, 1}
    assert torch.equal(hard.sum(1), torch.ones(2, 5, 6))
    assert torch.equal(hard.argmax(1), logits.argmax(1))
    assert torch.equal(hard_map(soft), hard)
    assert not hard_map(logits.requires_grad_()).requires_grad


def test_logits_have_no_sigmoid():
    discriminator = ShapeDiscriminator((64, 64), width=4, deviation=0.5)
    coding, prior = inputs(8)
    assert discriminator(torch.rand(8, 7, 64, 64), coding, prior).abs().max() > 1


def test_softmax_first_dulls_sure_maps():
    torch.manual_seed(0)
    first = ShapeDiscriminator((64, 64), width=4, softmax_first=True, deviation=0.1).eval()
    plain = ShapeDiscriminator((64, 64), width=4, deviation=0.1).eval()
    plain.load_state_dict(first.state_dict())
    coding, prior = inputs()
    real = hard_map(torch.randn(2, 7, 64, 64))
    assert real.softmax(1).max().item() == pytest.approx(0.312, abs=5e-4)
    torch.testing.assert_close(first(real, coding, prior), plain(real.softmax(1), coding, prior))
    assert not torch.equal(first(real, coding, prior), plain(real, coding, prior))


def test_first_weights_have_the_releases_deviation():
    for network in (ShapeGenerator(coding=100), ShapeDiscriminator(coding=100)):
        assert network.squeeze[0].weight.std().item() == pytest.approx(0.00125, rel=0.1)
        assert network.join[0].weight.std().item() == pytest.approx(0.00125, rel=0.01)


@pytest.mark.parametrize("kind", [ShapeGenerator, ShapeDiscriminator])
@pytest.mark.parametrize("size", [(96, 96), (128, 96), (32, 32)])
def test_other_sizes_are_refused(kind, size):
    with pytest.raises(VtonError, match="give 32 x 32 doubled once or more often"):
        kind(size)


def test_inputs_that_do_not_fit_are_refused():
    generator, discriminator = ShapeGenerator((64, 64), width=4), ShapeDiscriminator((64, 64), width=4)
    coding, prior = inputs()
    with pytest.raises(VtonError, match=r"noise is \(2, 100\); give \(B, 80\)"):
        generator(torch.zeros(2, 100), coding, prior)
    with pytest.raises(VtonError, match=r"design coding is \(2, 40\); give \(B, 50\)"):
        generator(torch.zeros(2, 80), coding[:, :40], prior)
    with pytest.raises(VtonError, match=r"spatial constraint is \(2, 4, 16, 16\); give \(B, 4, 8, 8\)"):
        generator(torch.zeros(2, 80), coding, torch.zeros(2, 4, 16, 16))
    with pytest.raises(VtonError, match=r"map is \(2, 7, 128, 128\); give \(B, 7, 64, 64\)"):
        discriminator(torch.zeros(2, 7, 128, 128), coding, prior)
