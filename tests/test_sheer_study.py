"""Layers of sheer cloth, by hand."""

import pytest
import torch

from vtonlib import zoo
from vtonlib.data.shop_garments import SHOP_WHITE
from vtonlib.studies.sheer import Layers, layers_of, nearest, read_sheer, sheer_people
from vtonlib.training.stages.garment_parser import GarmentParserStage
from vtonlib.training.try_on_module import TryOnModuleStage

SHEER = 0.4
CLOTH, SKIN = torch.tensor([-1.0, 0.2, -1.0]).view(1, 3, 1, 1), torch.tensor([0.6, 0.4, 0.2]).view(1, 3, 1, 1)


@pytest.fixture(scope="module")
def layers():
    """Green cloth before the shop's white, half over a black painting; the right half of the picture has no garment."""
    inside = torch.tensor([1.0, 0.0]).view(1, 1, 1, 2)
    white = SHOP_WHITE * SHEER
    warped = (1 - white) * CLOTH + white + torch.zeros(1, 3, 1, 2)
    mask = torch.full((1, 1, 1, 2), 0.5)
    return Layers(mask * warped - (1 - mask), mask, warped, inside, SKIN)


def test_opaque_cloth_is_composed_as_ever(layers):
    for dressed in (layers.two_layers, layers.three_layers):
        assert torch.allclose(dressed(torch.zeros(1)), layers.result, atol=1e-6)


def test_three_layers_by_hand(layers):
    """Half of 0.6 cloth and 0.4 skin, half black."""
    dressed = layers.three_layers(torch.tensor([SHEER]))
    assert torch.allclose(dressed[..., :1], 0.5 * (0.6 * CLOTH + 0.4 * SKIN) - 0.5, atol=1e-6)
    assert torch.allclose(dressed[..., 1:], layers.result[..., 1:], atol=1e-6)


def test_one_mask_keeps_the_white(layers):
    dressed = layers.two_layers(torch.tensor([SHEER]))
    assert torch.allclose(dressed[..., :1], 0.5 * (0.6 * layers.warped[..., :1] + 0.4 * SKIN) - 0.5, atol=1e-6)


def test_an_oracle_chooses_for_each_person():
    truth = torch.zeros(2, 3, 1, 2)
    left = torch.ones(2, 1, 1, 2) * torch.tensor([1.0, 0.0])
    one, other = truth.clone(), truth.clone()
    one[0, ..., 0], other[1, ..., 0] = 0.5, 0.5
    one[..., 1] = 9  # outside the mask
    chosen = nearest([one, other], truth, left)
    assert not (chosen * left).any()


def test_the_ten_sheer_garments_of_the_test_set_are_read_and_worn():
    tasks = sheer_people(128)
    assert sum(len(task.sheer) for task in tasks) == 10
    assert all((task.sheer > 0).all() for task in tasks)
    task = tasks[0].only(range(2))
    parser, stage = zoo.load("garment_parser.cpu"), zoo.load("cp_vton_try_on.cpu")
    assert isinstance(parser, GarmentParserStage)
    assert isinstance(stage, TryOnModuleStage)
    assert (read_sheer(parser, task) - task.sheer).abs().max() < 0.2
    layers = layers_of(stage, task)
    assert torch.equal(layers.two_layers(torch.zeros(2)), stage.try_on(task).clamp(-1, 1))
