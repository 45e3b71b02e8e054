"""The shared generator: its exact count on paper, shapes, where it sees, and gradients."""

import itertools

import pytest
import torch

from tests.models.counting import count
from vtonlib.errors import VtonError
from vtonlib.nn.resnet_generator import ResidualBlock, ResnetGenerator


def on_paper(inputs, outputs, width, blocks, convolutions):
    """Kernels, two numbers for each normalised channel, and the biases of the last layer alone."""
    chain = [width << level for level in range(4)]
    kernels = 49 * inputs * width + 2 * 9 * sum(a * b for a, b in itertools.pairwise(chain))
    kernels += 49 * width * outputs
    inner = blocks * convolutions * (9 * chain[-1] ** 2 + 2 * chain[-1])
    return kernels + 2 * (2 * sum(chain) - chain[-1]) + inner + outputs


@pytest.mark.parametrize(("convolutions", "expected"), [(3, 66_966_036), (2, 45_723_156)], ids=["MG-VTON", "pix2pixHD"])
def test_the_number_of_parameters_at_the_papers_width(convolutions, expected):
    """24 channels to 20 labels, width 64, nine blocks."""
    with torch.device("meta"):
        network = ResnetGenerator(24, 20, convolutions=convolutions)
    assert count(network) == on_paper(24, 20, 64, 9, convolutions) == expected


def test_shapes_and_the_bottleneck():
    network = ResnetGenerator(5, 3, width=2, blocks=1)
    assert network.encoder(torch.rand(2, 5, 64, 48)).shape == (2, 16, 8, 6)
    assert network(torch.rand(2, 5, 64, 48)).shape == (2, 3, 64, 48)
    with pytest.raises(VtonError, match="multiples of 8"):
        network(torch.rand(1, 5, 60, 48))


def test_a_block_that_learned_nothing_changes_nothing():
    block = ResidualBlock(4)
    torch.nn.init.zeros_(block.layers[-1].weight)
    x = torch.randn(2, 4, 6, 5)
    assert torch.equal(block(x), x)


def test_a_block_can_subtract():
    block = ResidualBlock(4)
    x = torch.randn(2, 4, 6, 5)
    assert (block(x) < x).any()


def test_every_parameter_gets_a_gradient():
    network = ResnetGenerator(5, 3, width=2, blocks=2)
    network(torch.randn(2, 5, 32, 24)).square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in network.parameters())
