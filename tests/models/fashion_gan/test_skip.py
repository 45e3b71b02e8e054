"""The release's U-Net and patch discriminator: counts by hand, sizes, where the noise comes in."""

import pytest
import torch

from tests.models.counting import by_hand, count, every_parameter_learns, millions
from vtonlib.errors import VtonError
from vtonlib.models.fashion_gan.skip import PatchDiscriminator, SkipGenerator

SIZES = [(64, 64), (128, 128)]
GENERATOR = (
    (3, 64, 4, False), (64, 128, 4, True), (128, 256, 4, True), (256, 512, 4, True), (512, 512, 4, True),
    (512, 512, 4, True), (512, 512, 4, False), (100, 20, 1, False),
    (612, 512, 4, True), (1024, 512, 4, True), (1024, 512, 4, True), (1024, 256, 4, True), (512, 128, 4, True),
    (256, 64, 4, True), (128, 3, 4, False),
)  # fmt: skip
DISCRIMINATOR = (
    (6, 64, 4, False), (64, 128, 4, True), (128, 256, 4, True), (276, 512, 4, True), (512, 1, 4, False),
    (100, 20, 1, True),
)  # fmt: skip


def test_the_generator_has_the_releases_parameters():
    assert by_hand(*GENERATOR) == 42_650_192 == count(SkipGenerator(coding=100))
    assert millions(42_650_192) == 42.65


def test_the_discriminator_has_the_releases_parameters_but_for_idle_biases():
    """2.94 million count the release's biases, which it sets to zero before every step."""
    assert by_hand(*DISCRIMINATOR) == 2_934_520 == count(PatchDiscriminator(coding=100))
    biases = sum(outputs for _, outputs, _, _ in DISCRIMINATOR)
    assert millions(2_934_520 + biases) == 2.94


def test_pix2pix_has_neither_noise_nor_text():
    assert count(SkipGenerator(noise=0, coding=0)) == 42_650_192 - 100 * 512 * 16 - 100 * 20
    assert count(PatchDiscriminator(coding=0)) == 2_934_520 - 20 * 512 * 16 - 100 * 20 - 2 * 20
    nothing, condition = torch.zeros(2, 0), torch.rand(2, 3, 64, 64)
    picture = SkipGenerator(size=(64, 64), width=4, noise=0, coding=0)(nothing, nothing, condition)
    assert PatchDiscriminator(width=4, coding=0)(picture, nothing, condition).shape == (2, 1, 6, 6)


def told(batch=2):
    return torch.randn(batch, 80), torch.randn(batch, 50)


@pytest.mark.parametrize(("size", "patches"), [((64, 64), 6), ((128, 128), 14)])
@pytest.mark.parametrize("condition", [3, 7])
@pytest.mark.parametrize("late", [False, True])
def test_pictures_and_patches(size, patches, condition, late):
    noise, coding = told()
    given = torch.rand(2, condition, *size)
    picture = SkipGenerator(condition, size, width=4, late_noise=late)(noise, coding, given)
    assert picture.shape == (2, 3, *size)
    assert picture.abs().max() <= 1
    assert PatchDiscriminator(condition, width=4)(picture, coding, given).shape == (2, 1, patches, patches)


def test_at_64_an_innermost_level_is_left_out():
    less = by_hand((512, 512, 4, True), (1024, 512, 4, True))
    assert count(SkipGenerator(coding=100)) - count(SkipGenerator(size=(64, 64), coding=100)) == less


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("late", [False, True])
def test_every_parameter_gets_a_gradient(size, late):
    torch.manual_seed(0)
    noise, coding = told(4)
    condition = torch.rand(4, 3, *size)
    generator, discriminator = SkipGenerator(size=size, width=4, late_noise=late), PatchDiscriminator(width=4)
    discriminator(generator(noise, coding, condition), coding, condition).square().sum().backward()
    assert every_parameter_learns(generator)
    assert every_parameter_learns(discriminator)


@pytest.mark.parametrize("late", [False, True])
def test_only_late_noise_keeps_its_negative_half(late):
    torch.manual_seed(0)
    generator = SkipGenerator(size=(64, 64), width=4, late_noise=late).eval()
    noise, coding = told(1)
    condition = torch.rand(1, 3, 64, 64)
    cut = generator(noise.clamp(min=0), coding, condition)
    assert torch.equal(generator(noise, coding, condition), cut) != late


def test_huge_weights_do_not_leave_the_range():
    generator = SkipGenerator(size=(64, 64), width=4)
    torch.nn.init.normal_(generator.paint.weight, std=10.0)
    assert 0.99 < generator(*told(), torch.rand(2, 3, 64, 64)).abs().max() <= 1


def test_the_condition_passes_by_the_bottleneck():
    generator = SkipGenerator(size=(64, 64), width=4).eval()
    torch.nn.init.zeros_(generator.up[0][0].weight)
    condition = torch.rand(2, 3, 64, 64, requires_grad=True)
    generator(*told(), condition).square().sum().backward()
    assert (condition.grad != 0).float().mean() > 0.9


def test_dropout_works_on_the_innermost_maps_only():
    rates = [layer.p for up in SkipGenerator(width=4).up for layer in up if isinstance(layer, torch.nn.Dropout)]
    assert rates == [0.5, 0.5, 0.5, 0, 0, 0]


def test_inputs_that_do_not_fit_are_refused():
    noise, coding = told()
    with pytest.raises(VtonError, match="give 8 x 8 doubled"):
        SkipGenerator(size=(128, 96))
    with pytest.raises(VtonError, match=r"condition is \(2, 7, 64, 64\); give \(B, 3, 64, 64\)"):
        SkipGenerator(size=(64, 64), width=4)(noise, coding, torch.zeros(2, 7, 64, 64))
    with pytest.raises(VtonError, match=r"picture is \(2, 3, 64, 64\); give \(B, 3, 32, 32\)"):
        PatchDiscriminator(width=4)(torch.zeros(2, 3, 64, 64), coding, torch.zeros(2, 3, 32, 32))
    with pytest.raises(VtonError, match=r"condition is \(2, 7, 64, 64\); give \(B, 3, 64, 64\)"):
        PatchDiscriminator(width=4)(torch.zeros(2, 3, 64, 64), coding, torch.zeros(2, 7, 64, 64))
