"""The perceptual distance: zero for equal pictures, growing with what is done to them, and its bounds."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from vtonlib.data.warp_task import warp_task
from vtonlib.metrics.perceptual_distance import perceptual_distance
from vtonlib.nn.backbones import backbone
from vtonlib.nn.backbones.frozen import Backbone


class TwoLayers(Backbone):
    """The picture itself, and minus the picture."""

    name = "two"
    names = ("same", "minus")

    def __init__(self):
        super().__init__(nn.Identity())

    def scaled(self, picture):
        return picture

    def features(self, scaled):
        return scaled, -scaled


def test_opposite_features_are_two_apart_at_every_layer():
    pictures = torch.rand(2, 3, 32, 32) + 1e-3
    assert perceptual_distance(pictures.clamp(max=1), -pictures.clamp(max=1), TwoLayers()).value == pytest.approx(8)


def test_features_at_right_angles_by_hand():
    red, green = torch.zeros(1, 3, 16, 16), torch.zeros(1, 3, 16, 16)
    red[:, 0], green[:, 1] = 1, 0.5
    assert perceptual_distance(red, green, TwoLayers()).value == pytest.approx(2 * 2)


def test_it_grows_with_blur():
    truth = warp_task("unpaired", 64).truth[:4]
    network = backbone("efficientnet_lite0")
    blurs = [F.avg_pool2d(truth, size, stride=1, padding=size // 2, count_include_pad=False) for size in (3, 5, 9)]
    distances = [perceptual_distance(blurred, truth, network).value for blurred in (truth, *blurs)]
    assert distances[0] == pytest.approx(0, abs=1e-6)
    assert distances == sorted(distances)
