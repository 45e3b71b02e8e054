"""The bars of chapter 03 stop painters and readers who do not listen, have not learned, or always paint one thing."""

import pytest
import torch

from vtonlib import zoo
from vtonlib.bars import threshold
from vtonlib.data.fashion_mnist import load_clothes
from vtonlib.data.outfits import GARMENT_ATTRIBUTES
from vtonlib.data.upper_bodies import upper_bodies
from vtonlib.data.views import to_pictures
from vtonlib.metrics.said import said
from vtonlib.profiles import budget
from vtonlib.studies import text_gan
from vtonlib.training.registry import build_stage
from vtonlib.training.stages.gan_cls import read

both = pytest.mark.parametrize("profile", ["smoke", "cpu"])
"""Smoke is too short for a bar on what is painted."""


def bar(profile: str, figure: str) -> float:
    return threshold("03_conditional_gans_and_text", profile, figure)


@pytest.fixture(scope="module")
def people():
    return upper_bodies("test", once=True)


@pytest.fixture(scope="module")
def said_of(people):
    return {name: people.tensors[name] for name in GARMENT_ATTRIBUTES}


@pytest.fixture(scope="module")
def told(people):
    """What the judge sees on the held-out real pictures: the best that any painter can hope for."""
    return zoo.load("attribute_detector.cpu").tell(to_pictures(people.tensors["image"]))


@both
def test_clothes_of_any_class_but_the_one_that_was_asked_for_miss_the_bar(profile):
    judge, clothes = zoo.load("clothes_classifier.cpu"), load_clothes("held_out")
    asked = clothes.labels[torch.randperm(len(clothes), generator=torch.Generator().manual_seed(0))]
    logits = judge.predict({"image": clothes.images}, torch.Generator())
    assert said({"class": logits.argmax(1)}, {"class": asked})["class"].value < bar(profile, "label_match")


@both
def test_a_generator_with_its_first_weights_misses_the_bar_on_labels(profile):
    stage = build_stage("conditional_dcgan", width=budget("conditional_dcgan", profile).width)
    assert stage.evaluate()["class"].value < bar(profile, "label_match")


def test_a_painter_who_ignores_the_text_misses_the_bars_however_well_he_paints(told, said_of):
    """He hands out the held-out people's own photographs, each to somebody else's sentence."""
    anyone = torch.randperm(len(told["colour"]), generator=torch.Generator().manual_seed(0))
    wanted = {name: said_of[name][text_gan.partners(said_of)] for name in GARMENT_ATTRIBUTES}
    scores = said({name: told[name][anyone] for name in GARMENT_ATTRIBUTES}, wanted)
    for name in text_gan.SWAPPED:
        assert scores[name].value < bar("cpu", f"swap_{name}")


def test_a_painter_with_his_first_weights_misses_the_bars(people, said_of):
    stage = build_stage("gan_cls", width=budget("gan_cls", "cpu").width, noise=16, side=32)
    detector = zoo.load("attribute_detector.cpu")
    swap = text_gan.swap_accuracy(lambda codes: stage.paint(codes, 0), detector.tell, read(people.sentences), said_of)
    for name in text_gan.SWAPPED:
        assert swap["swapped"][name].value < bar("cpu", f"swap_{name}")


def test_always_painting_the_commonest_garment_misses_the_bars(said_of):
    partners = text_gan.partners(said_of)
    floor = text_gan.commonest(upper_bodies("train"), {name: values[partners] for name, values in said_of.items()})
    for name in text_gan.SWAPPED:
        assert floor[name] < bar("cpu", f"swap_{name}")
