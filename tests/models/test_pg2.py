"""PG2's two generators: exact counts by hand, the bottleneck, the skips, and what they refuse."""

import pytest
import torch

from tests.models.counting import count, every_parameter_learns
from vtonlib.errors import VtonError
from vtonlib.models.pg2 import FirstGenerator, ResidualUNet, SecondGenerator, levels_of

TOLD = 25


def convolution(before: int, after: int, kernel: int) -> int:
    return before * after * kernel**2 + after


def unet_by_hand(inputs: int, levels: int, width: int) -> int:
    widths = [width * (level + 1) for level in range(levels)]
    first = convolution(inputs, width, 3)
    encoder = sum(2 * convolution(w, w, 3) for w in widths)
    down = sum(convolution(w, w + width, 3) for w in widths[:-1])
    decoder = sum(2 * convolution(2 * w, 2 * w, 3) for w in widths)
    up = sum(convolution(2 * w, w - width, 1) for w in widths[1:])
    return first + encoder + down + decoder + up + convolution(2 * width, 3, 3)


def test_numbers_of_parameters_are_those_of_the_paper_widths():
    cells = 8 * 6 * 768
    bottleneck = cells * 64 + 64 + 64 * cells + cells
    assert count(FirstGenerator(TOLD)) == unet_by_hand(TOLD, 6, 128) + bottleneck == 151_612_611
    assert count(SecondGenerator(TOLD)) == unet_by_hand(TOLD + 3, 4, 128) == 47_890_179


@pytest.mark.parametrize("size", [(256, 192), (128, 96), (64, 48)])
def test_both_draw_a_picture(size):
    told = torch.randn(1, TOLD, *size)
    first = FirstGenerator(TOLD, size, width=2)(told)
    assert first.shape == (1, 3, *size)
    assert SecondGenerator(TOLD, size, width=2)(torch.cat([told, first], dim=1)).shape == (1, 3, *size)
    assert levels_of(size) == {256: 6, 128: 5, 64: 4}[size[0]]


def test_only_the_first_one_has_a_bottleneck():
    """What is told in one corner reaches the opposite one through the bottleneck, and through nothing else."""
    torch.manual_seed(0)
    told = torch.randn(1, 4, 64, 48)
    changed = told.clone()
    changed[:, :, :2, :2] += 1
    for network, reaches in ((FirstGenerator(4, (64, 48), 4), True), (ResidualUNet(4, 2, 4), False)):
        difference = (network(told) - network(changed)).detach()[:, :, -2:, -2:]
        assert bool(difference.any()) == reaches


def test_every_parameter_gets_a_gradient():
    torch.manual_seed(0)
    for network, inputs in ((FirstGenerator(4, (64, 48), 4), 4), (SecondGenerator(4, (64, 48), 4), 7)):
        network(torch.randn(2, inputs, 64, 48)).square().sum().backward()
        assert every_parameter_learns(network)


def test_another_size_is_refused():
    with pytest.raises(VtonError, match="this generator draws 64 x 48"):
        FirstGenerator(4, (64, 48), 2)(torch.zeros(1, 4, 128, 96))
    with pytest.raises(VtonError, match="size is"):
        SecondGenerator(4, (100, 75))
