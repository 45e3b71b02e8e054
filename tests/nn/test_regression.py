"""The regressor of CP-VTON's matcher."""

import torch
from torch import nn

from vtonlib.nn.regression import StridedRegressor, start_near


def test_it_gives_as_many_numbers_as_asked_for():
    regressor = StridedRegressor(18, width=4)
    assert regressor(torch.randn(3, 192, 16, 12)).shape == (3, 18)
    assert regressor.linear.in_features == 4 * 4 * 3


def test_layers_are_those_of_the_paper_s_code():
    regressor = StridedRegressor(50)
    convolutions = [layer for layer in regressor.layers if isinstance(layer, nn.Conv2d)]
    assert [tuple(layer.weight.shape) for layer in convolutions] == [
        (512, 192, 4, 4),
        (256, 512, 4, 4),
        (128, 256, 3, 3),
        (64, 128, 3, 3),
    ]
    assert [type(layer).__name__ for layer in regressor.layers] == ["Conv2d", "BatchNorm2d", "ReLU"] * 4
    assert regressor.linear.weight.shape == (50, 768)


def test_the_linear_layer_reads_channel_by_channel():
    regressor = StridedRegressor(1, width=4).eval()
    maps = torch.randn(1, 4, 4, 3)
    regressor.layers = nn.Identity()
    with torch.no_grad():
        regressor.linear.weight.zero_()[0, 2 * 12 + 1 * 3 + 2] = 1
        regressor.linear.bias.zero_()
    assert regressor(maps).item() == maps[0, 2, 1, 2].item()


def test_a_start_close_to_a_vector_still_passes_gradients_on():
    linear, target = nn.Linear(64, 3), torch.tensor([1.0, 0.0, -1.0])
    start_near(linear, target)
    features = torch.rand(5, 64, requires_grad=True)
    numbers = linear(features)
    assert (numbers - target).abs().max() < 0.05
    numbers.sum().backward()
    assert features.grad.abs().sum() > 0
