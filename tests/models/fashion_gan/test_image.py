"""FashionGAN's second stage: both heads, the discriminator, tables of the release counted by hand."""

import pytest
import torch

from tests.models.counting import by_hand, count, every_parameter_learns, millions
from vtonlib.errors import VtonError
from vtonlib.models.fashion_gan.image import CompositionalImageGenerator, ImageDiscriminator, ImageGenerator
from vtonlib.models.fashion_gan.shape import hard_map, soft_map

SIZES = [(64, 64), (128, 128)]
GENERATOR = (
    (100, 20, 1, False), (100, 1024, 4, True), (1024, 512, 4, True), (512, 512, 4, True),
    (3, 64, 4, True), (64, 128, 4, True), (128, 256, 4, True), (768, 512, 4, True),
    (512, 512, 3, True), (512, 512, 3, True), (512, 512, 3, True), (512, 256, 3, True), (256, 128, 3, True),
    (128, 64, 4, True), (64, 3, 4, False),
)  # fmt: skip
PATH = ((3, 64, 4, False), (64, 128, 4, True), (128, 256, 4, True))
DISCRIMINATOR = (
    *PATH, *PATH, *((512, 512, 3, True),) * 5, (512, 512, 4, True), (512, 1024, 4, True),
    (100, 20, 1, True), (1044, 1024, 1, True), (1024, 1, 4, False),
)  # fmt: skip


def test_the_generator_has_the_releases_parameters():
    assert by_hand(*GENERATOR) == 29_869_776 == count(ImageGenerator(3, coding=100))
    assert millions(29_869_776) == 29.87


def test_the_compositional_head_and_the_map_cost_little():
    seven = (7 - 3) * 64 * 16
    assert count(ImageGenerator(7, coding=100)) == 29_869_776 + seven
    assert count(CompositionalImageGenerator(coding=100)) == 29_869_776 + seven + 64 * (21 - 3) * 16 == 29_892_304


def test_the_discriminator_has_the_releases_parameters():
    assert by_hand(*DISCRIMINATOR) == 26_795_512 == count(ImageDiscriminator(3, coding=100))
    assert millions(26_795_512) == 26.80
    assert count(ImageDiscriminator(7, coding=100)) == 26_795_512 + 4 * 64 * 16


def test_at_64_the_outermost_layers_are_left_out():
    less = by_hand((3, 64, 4, True), (64, 128, 4, True), (128, 64, 4, True), (64, 3, 4, False))
    less -= by_hand((3, 128, 4, True), (128, 3, 4, False))
    assert count(ImageGenerator(3)) - count(ImageGenerator(3, (64, 64))) == less
    less = 2 * (by_hand((3, 64, 4, False), (64, 128, 4, True)) - by_hand((3, 128, 4, False)))
    assert count(ImageDiscriminator(3)) - count(ImageDiscriminator(3, (64, 64))) == less


def told(batch=2):
    return torch.randn(batch, 80), torch.randn(batch, 50)


@pytest.mark.parametrize("size", [*SIZES, (256, 256)])
@pytest.mark.parametrize("condition", [3, 7])
def test_pictures_lie_between_minus_one_and_one_and_are_judged_by_one_number(size, condition):
    noise, coding = told()
    given = torch.rand(2, condition, *size)
    picture = ImageGenerator(condition, size, width=4)(noise, coding, given)
    assert picture.shape == (2, 3, *size)
    assert picture.abs().max() <= 1
    assert ImageDiscriminator(condition, size, width=4)(picture, coding, given).shape == (2,)


@pytest.mark.parametrize("kind", [ImageGenerator, CompositionalImageGenerator])
def test_huge_weights_do_not_leave_the_range(kind):
    picture = kind(size=(64, 64), width=4, deviation=10.0)(*told(), hard_map(torch.randn(2, 7, 64, 64)))
    assert 0.99 < picture.abs().max() <= 1


@pytest.mark.parametrize("size", SIZES)
def test_a_region_is_cut_out_of_its_rendering(size):
    torch.manual_seed(0)
    generator = CompositionalImageGenerator(size=size, width=4, deviation=0.1).eval()
    noise, coding = told()
    shape = hard_map(torch.randn(2, 7, *size))
    picture, renderings = generator(noise, coding, shape), generator.renderings(noise, coding, shape)
    assert renderings.shape == (2, 7, 3, *size)
    for label in range(7):
        region = shape[:, label, None].expand(-1, 3, -1, -1) == 1
        assert torch.equal(picture[region], renderings[:, label][region])
    assert renderings.std(dim=1).max() > 0.01, "the renderings differ, so this can fail"


@pytest.mark.parametrize("hard", [False, True])
def test_hard_masks_still_show_the_map_to_the_trunk(hard):
    """A hard mapping composes by the likeliest label; what the trunk reads is the map as it was given."""
    torch.manual_seed(0)
    generator = CompositionalImageGenerator(hard=hard, size=(64, 64), width=4, deviation=0.1).eval()
    noise, coding = told()
    shape = soft_map(torch.randn(2, 7, 64, 64))
    masks = hard_map(shape) if hard else shape
    expected = (generator.renderings(noise, coding, shape) * masks[:, :, None]).sum(1)
    torch.testing.assert_close(generator(noise, coding, shape), expected)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", [ImageGenerator, CompositionalImageGenerator])
def test_every_parameter_gets_a_gradient(kind, size):
    torch.manual_seed(0)
    noise, coding = told(4)
    shape = soft_map(torch.randn(4, 7, *size))
    generator = kind(size=size, width=4, deviation=0.02)
    discriminator = ImageDiscriminator(7, size, width=4, deviation=0.02)
    discriminator(generator(noise, coding, shape), coding, shape).square().sum().backward()
    assert every_parameter_learns(generator)
    assert every_parameter_learns(discriminator)


def test_both_stages_can_be_trained_together():
    generator = CompositionalImageGenerator(size=(64, 64), width=4)
    logits = torch.randn(2, 7, 64, 64, requires_grad=True)
    generator(*told(), soft_map(logits)).square().sum().backward()
    assert logits.grad.abs().sum() > 0


def test_inputs_that_do_not_fit_are_refused():
    noise, coding = told()
    with pytest.raises(VtonError, match=r"condition is \(2, 3, 64, 64\); give \(B, 7, 64, 64\)"):
        ImageGenerator(size=(64, 64), width=4)(noise, coding, torch.zeros(2, 3, 64, 64))
    with pytest.raises(VtonError, match=r"picture is \(2, 3, 128, 128\); give \(B, 3, 64, 64\)"):
        ImageDiscriminator(size=(64, 64), width=4)(torch.zeros(2, 3, 128, 128), coding, torch.zeros(2, 7, 64, 64))
    with pytest.raises(VtonError, match="give 32 x 32 doubled"):
        ImageGenerator(size=(128, 96))
