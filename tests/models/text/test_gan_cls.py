"""GAN-CLS's networks: tables counted by hand, sizes, gradients."""

import pytest
import torch

from tests.models.counting import by_hand, count, every_parameter_learns
from vtonlib.errors import VtonError
from vtonlib.models.text.gan_cls import Bottleneck, GanClsDiscriminator, GanClsGenerator


def bottleneck(channels: int, inner: int):
    return (channels, inner, 1, True), (inner, inner, 3, True), (inner, channels, 3, True)


GENERATOR = (
    (228, 1024, 4, True), *bottleneck(1024, 256), (1024, 512, 4, True), *bottleneck(512, 128),
    (512, 256, 4, True), (256, 128, 4, True), (128, 3, 4, False),
)  # fmt: skip
DISCRIMINATOR = (
    (3, 64, 4, False), (64, 128, 4, True), (128, 256, 4, True), (256, 512, 4, True), *bottleneck(512, 128),
    (640, 512, 1, True), (512, 1, 4, False),
)  # fmt: skip
PROJECTION = (1024 + 1) * 128


def test_numbers_of_parameters():
    assert by_hand(*GENERATOR) + PROJECTION == 18_905_472 == count(GanClsGenerator())
    assert by_hand(*DISCRIMINATOR) + PROJECTION == 4_029_824 == count(GanClsDiscriminator())
    assert count(GanClsDiscriminator(norm=True)) == 4_029_824 + 2 * 128


@pytest.mark.parametrize("size", [(16, 16), (32, 32), (64, 64), (128, 128)])
def test_pictures_lie_between_minus_one_and_one_and_are_judged_by_one_number(size):
    text = torch.randn(2, 40)
    picture = GanClsGenerator(size, width=4, text=40)(torch.randn(2, 100), text)
    assert picture.shape == (2, 3, *size)
    assert picture.abs().max() <= 1
    assert GanClsDiscriminator(size, width=4, text=40)(picture, text).shape == (2,)


def test_huge_weights_do_not_leave_the_range():
    generator = GanClsGenerator((32, 32), width=4, text=40)
    torch.nn.init.normal_(generator.layers[-2].weight, std=10.0)
    assert 0.99 < generator(torch.randn(2, 100), torch.randn(2, 40)).abs().max() <= 1


@pytest.mark.parametrize("norm", [False, True])
def test_every_parameter_gets_a_gradient(norm):
    torch.manual_seed(0)
    text = torch.randn(4, 40)
    generator = GanClsGenerator((32, 32), width=4, text=40)
    discriminator = GanClsDiscriminator((32, 32), width=4, text=40, norm=norm)
    discriminator(generator(torch.randn(4, 100), text), text).square().sum().backward()
    assert every_parameter_learns(generator)
    assert every_parameter_learns(discriminator)


@pytest.mark.parametrize("slope", [0.0, 0.2])
def test_a_bottleneck_adds_to_what_it_reads(slope):
    x = torch.randn(2, 8, 4, 4)
    block = Bottleneck(8, 4, slope)
    torch.testing.assert_close(block(x), torch.nn.functional.leaky_relu(x + block.layers(x), slope))
    torch.nn.init.zeros_(block.layers[-1].weight)
    torch.testing.assert_close(block(x), torch.where(x > 0, x, slope * x))


def test_the_text_changes_the_verdict_and_the_picture():
    torch.manual_seed(0)
    noise, texts = torch.randn(1, 100), torch.randn(2, 40)
    generator = GanClsGenerator((32, 32), width=4, text=40).eval()
    discriminator = GanClsDiscriminator((32, 32), width=4, text=40).eval()
    one, other = (generator(noise, text[None]) for text in texts)
    assert (one - other).abs().max() > 1e-3 * one.abs().max()
    assert discriminator(one, texts[:1]) != discriminator(one, texts[1:])


def test_what_does_not_fit_is_refused():
    with pytest.raises(VtonError, match="give 8 x 8 doubled"):
        GanClsGenerator((28, 28))
    with pytest.raises(VtonError, match=r"text code is \(1, 50\); give \(B, 40\)"):
        GanClsGenerator((32, 32), width=4, text=40)(torch.zeros(1, 100), torch.zeros(1, 50))
    with pytest.raises(VtonError, match=r"picture is \(1, 3, 64, 64\); give \(B, 3, 32, 32\)"):
        GanClsDiscriminator((32, 32), width=4, text=40)(torch.zeros(1, 3, 64, 64), torch.zeros(1, 40))


def test_a_comparison_adds_a_dot_product_of_the_text_and_what_was_seen():
    torch.manual_seed(0)
    comparing = GanClsDiscriminator((32, 32), width=4, text=40, compare=True).eval()
    alone = GanClsDiscriminator((32, 32), width=4, text=40).eval()
    assert count(comparing) == count(alone) + 40 * 32
    weight = comparing.compare.weight
    alone.load_state_dict({k: v for k, v in comparing.state_dict().items() if not k.startswith("compare")})
    picture, text = torch.randn(2, 3, 32, 32), torch.randn(2, 40)
    features = comparing.see(picture).flatten(2).mean(2)
    added = torch.stack([text[i] @ weight.T @ features[i] for i in (0, 1)]) / 32**0.5
    torch.testing.assert_close(comparing(picture, text) - alone(picture, text), added, atol=1e-6, rtol=1e-4)
