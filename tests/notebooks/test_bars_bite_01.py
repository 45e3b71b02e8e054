"""The bars of chapter 01 stop what learned nothing: a random parser, the prior, and in the cpu profile a look-up."""

import pytest
import torch

from vtonlib.bars import threshold
from vtonlib.data.views import to_pictures
from vtonlib.profiles import PROFILES, budget
from vtonlib.studies.parsing import nearest_person, prior
from vtonlib.training.registry import build_stage
from vtonlib.training.stages.human_parser import LABELS, judge, labelled


@pytest.fixture(scope="module", params=("smoke", "cpu"))
def world(request):
    """A profile, its training and its held-out people."""
    height = PROFILES[request.param].size[0]
    return request.param, labelled("train", height, views=("person",)), labelled("test", height, views=("person",))


def figures(world, answer):
    _, training, held_out = world
    truth = held_out["labels"].long()
    everybody = prior(training["labels"], len(LABELS)).expand_as(truth)
    neighbour = training["labels"][nearest_person(held_out["image"], training["image"])].long()
    scores = judge({"prior": everybody, "neighbour": neighbour}.get(answer, answer), truth)
    iou = scores["mean_iou"].value
    return {
        "miou_over_prior": iou / judge(everybody, truth)["mean_iou"].value,
        "miou_over_nearest": iou / judge(neighbour, truth)["mean_iou"].value,
        **{part: scores[part].value for part in ("arms", "neck", "tops")},
    }


def missed(world, found):
    """The recorded bars that figures do not pass, and all that are recorded for the profile."""
    profile = world[0]
    recorded = {f for f in found if not (profile == "smoke" and f == "neck")}  # smoke is too short for a neck's bar
    return {f for f in recorded if found[f] <= threshold("01_wardrobe", profile, f)}, recorded


def test_a_parser_with_its_first_weights_misses_every_bar(world):
    profile, _, held_out = world
    stage = build_stage("human_parser", width=budget("human_parser", profile).width)
    misses, recorded = missed(world, figures(world, stage.parse(to_pictures(held_out["image"]))))
    assert misses == recorded


def test_the_prior_misses_every_bar(world):
    misses, recorded = missed(world, figures(world, "prior"))
    assert misses == recorded


def test_the_nearest_person_misses_every_bar_of_the_cpu_profile(world):
    misses, recorded = missed(world, figures(world, "neighbour"))
    assert misses == recorded if world[0] == "cpu" else "miou_over_nearest" not in misses


def test_answering_all_bodies_with_background_misses_every_bar(world):
    misses, recorded = missed(world, figures(world, torch.zeros_like(world[2]["labels"]).long()))
    assert misses == recorded
