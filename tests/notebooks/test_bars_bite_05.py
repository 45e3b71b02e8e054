"""The bars of chapter 05 stop painters that learned nothing, that do not listen, and that let colours run."""

from dataclasses import dataclass

import pytest
import torch
from torch import Tensor

from vtonlib import zoo
from vtonlib.bars import threshold
from vtonlib.data.outfits import Outfits
from vtonlib.data.views import to_pictures
from vtonlib.metrics.colour_purity import colour_purity
from vtonlib.profiles import budget
from vtonlib.studies import attribute_table
from vtonlib.studies.redressing import redress_in_two_steps
from vtonlib.training.stages.fashion_gan_image import FashionGanImageStage
from vtonlib.training.stages.fashion_gan_shape import FashionGanShapeStage


@dataclass
class World:
    wearers: Outfits
    owners: Outfits
    shape: FashionGanShapeStage
    painted: Tensor
    maps: Tensor


@pytest.fixture(scope="module")
def world() -> World:
    wearers, owners = attribute_table.wearers_and_owners(128)
    shape, painter = zoo.load("fashion_gan_shape.cpu"), zoo.load("fashion_gan_image.cpu")
    answer = redress_in_two_steps(shape, painter, wearers, owners.sentences)
    return World(wearers, owners, shape, answer.painted, answer.maps)


def bar(profile: str, figure: str) -> float:
    return threshold("05_compositional_mapping", profile, figure)


profiles = pytest.mark.parametrize("profile", ["smoke", "cpu"])


def test_the_shipped_painter_passes(world):
    assert attribute_table.match_of(world.painted, world.owners)["map"].value > bar("cpu", "map")
    assert colour_purity(world.painted, world.maps).value > bar("cpu", "colour_purity")


@profiles
def test_changing_nothing_misses_the_bar_of_obedience(world, profile):
    photos = to_pictures(world.wearers.tensors["image"])
    assert attribute_table.match_of(photos, world.owners)["map"].value < bar(profile, "map")


@profiles
def test_first_weights_miss(world, profile):
    stage = FashionGanImageStage(FashionGanImageStage.configure(budget("fashion_gan_image", profile)))
    painted = redress_in_two_steps(world.shape, stage, world.wearers, world.owners.sentences).finished
    assert attribute_table.match_of(painted, world.owners)["map"].value < bar(profile, "map")


@profiles
def test_colours_that_do_not_know_their_regions_miss_the_bar_of_purity(world, profile):
    someone_else = torch.arange(len(world.maps)).roll(1)
    assert colour_purity(world.painted, world.maps[someone_else]).value < bar(profile, "colour_purity")


def test_other_peoples_sentences_miss_the_bar_of_obedience(world):
    others = torch.arange(len(world.painted)).roll(7)
    assert attribute_table.match_of(world.painted[others], world.owners)["map"].value < bar("cpu", "map")
