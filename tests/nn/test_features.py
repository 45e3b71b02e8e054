"""The tower of a geometric matcher."""

import pytest
import torch
from torch import nn

from vtonlib.errors import VtonError
from vtonlib.nn.features import FeatureTower


@pytest.mark.parametrize("size", [(256, 192), (128, 96), (64, 48)])
def test_cells_do_not_depend_on_the_size(size):
    found = FeatureTower(3, size, width=4)(torch.randn(2, 3, *size))
    assert found.shape == (2, 32, 16, 12)
    assert found.min() >= 0


def kinds(size):
    return [type(layer).__name__ for layer in FeatureTower(22, size, width=4).layers]


def test_layers_stand_in_the_order_of_the_paper_s_code():
    assert kinds((256, 192)) == ["Conv2d", "ReLU", "BatchNorm2d"] * 5 + ["Conv2d", "ReLU"]
    assert kinds((64, 48)) == ["Conv2d", "ReLU", "BatchNorm2d"] * 3 + ["Conv2d", "ReLU"]


@pytest.mark.parametrize(
    ("size", "widths"),
    [
        ((256, 192), [8, 16, 32, 64, 64, 64]),
        ((64, 48), [8, 16, 64, 64]),
        ((512, 384), [8, 16, 32, 64, 64, 64, 64]),
    ],
)
def test_channels(size, widths):
    tower = FeatureTower(3, size, width=8)
    assert [layer.out_channels for layer in tower.layers if isinstance(layer, nn.Conv2d)] == widths


def test_weights_begin_small():
    tower = FeatureTower(3, (256, 192), width=16)
    assert tower.layers[0].weight.std().item() == pytest.approx(0.02, rel=0.1)
    assert tower.layers[2].weight.mean().item() == pytest.approx(1, abs=0.02)
    assert 0 < tower.layers[2].weight.std() < 0.04


def test_other_sizes_are_refused():
    with pytest.raises(VtonError, match=r"size is \(256, 256\)"):
        FeatureTower(3, (256, 256))
