"""Strided blocks: sizes, what is normalised, channels of levels, first weights."""

import pytest
import torch
from torch import nn

from vtonlib.errors import VtonError
from vtonlib.nn.expect import expect
from vtonlib.nn.strided import (
    doubling,
    grow,
    keep,
    normal_weights,
    outwards,
    shrink,
    spread_over,
    sprout,
    verdict,
)


@pytest.mark.parametrize(
    ("block", "before", "after"),
    [
        (sprout(3, 5), (2, 3, 1, 1), (2, 5, 4, 4)),
        (grow(3, 5), (2, 3, 6, 4), (2, 5, 12, 8)),
        (shrink(3, 5), (2, 3, 6, 4), (2, 5, 3, 2)),
        (keep(3, 5), (2, 3, 6, 4), (2, 5, 6, 4)),
        (keep(3, 5, kernel=1), (2, 3, 6, 4), (2, 5, 6, 4)),
        (outwards([3, 4, 5]), (2, 3, 6, 4), (2, 5, 24, 16)),
        (outwards([3]), (2, 3, 6, 4), (2, 3, 6, 4)),
        (verdict(3, 2), (2, 5, 4, 4), (2,)),
    ],
)
def test_sizes(block, before, after):
    assert block(torch.randn(before)).shape == after


@pytest.mark.parametrize("block", [sprout(3, 64, active=False), grow(3, 64, active=False)])
def test_without_an_activation_the_output_is_normalised(block):
    out = block(torch.randn(64, 3, 1, 1))
    assert out.mean().item() == pytest.approx(0, abs=1e-5)
    assert out.std().item() == pytest.approx(1, abs=0.01)


def test_activations_are_relu_outwards_and_leaky_inwards():
    x = torch.randn(8, 3, 4, 4)
    assert grow(3, 5)(x).min() == 0
    norm = keep(3, 5)
    torch.testing.assert_close(norm(x), nn.functional.leaky_relu(norm[1](norm[0](x)), 0.2))
    assert norm(x).min() < 0


def test_channels_of_levels_lose_the_outermost_first():
    assert doubling(3, 64, 4) == [64, 128, 256]
    assert doubling(2, 64, 4) == [128, 256]
    assert doubling(4, 64, 4) == [64, 64, 128, 256]
    assert doubling(0, 64, 2) == []


def test_a_vector_is_appended_to_every_cell():
    cells, vector = torch.randn(2, 3, 4, 5), torch.randn(2, 6)
    out = spread_over(vector, cells)
    assert torch.equal(out[:, :3], cells)
    assert torch.equal(out[1, 3:, 2, 4], vector[1])
    assert torch.equal(out[0, 3:, 0, 0], vector[0])


def test_first_weights():
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(8, 100, 4), nn.BatchNorm2d(100), nn.ConvTranspose2d(100, 8, 4), nn.Linear(99, 99))
    network.apply(normal_weights(0.5))
    for layer in (network[0], network[2], network[3]):
        assert layer.weight.std().item() == pytest.approx(0.5, rel=0.05)
        assert not layer.bias.any()
    assert network[1].weight.mean().item() == pytest.approx(1, abs=0.01)
    assert network[1].weight.std().item() == pytest.approx(0.02, rel=0.3)


def test_a_shape_that_does_not_fit_is_named():
    expect("map", torch.zeros(9, 7, 8), 7, 8)
    with pytest.raises(VtonError, match=r"map is \(2, 7\); give \(B, 7, 8\)"):
        expect("map", torch.zeros(2, 7), 7, 8)
    with pytest.raises(VtonError, match=r"noise is \(\); give \(B, 3\)"):
        expect("noise", torch.tensor(0.0), 3)
