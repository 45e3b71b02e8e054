"""The bars of chapter 10 stop parsers that learned nothing: a usual place, first weights, and one that cuts nothing."""

import pytest
import torch

from vtonlib import zoo
from vtonlib.bars import threshold
from vtonlib.data.collar_task import collar_task
from vtonlib.data.shop_garments import shop_garments
from vtonlib.data.views import to_pictures
from vtonlib.geometry.sampling import warp
from vtonlib.metrics.throat import collar_pixels, removed
from vtonlib.models.garment_parser import ParsedGarment
from vtonlib.profiles import PROFILES, budget
from vtonlib.studies.collars import inside_on_throat
from vtonlib.training.matching import LatticeStage
from vtonlib.training.registry import build_stage
from vtonlib.training.stages.garment_parser import GarmentParserStage, judge, labels_of, share_through
from vtonlib.training.try_on_module import TryOnModuleStage

CHAPTER = "10_collars_and_sheer_cloth"


def missed(parsed, garments, profile):
    """The bars about reading garments that a parser does not pass."""
    read = share_through(parsed, garments.mask[:, None].float())
    sheer, opaque = read[garments.sheer > 0], read[garments.sheer == 0]
    found = {"told_apart": float((sheer[:, None] > opaque[None]).float().mean())}
    if profile == "cpu":
        found["inner_iou"] = judge(parsed, garments)["inner_iou"].value
    return {name for name, value in found.items() if value <= threshold(CHAPTER, profile, name)}


def answering(labels, share):
    """A parser that is sure of these labels (G, H, W) and of this share (G,) of skin."""
    logits = 10 * torch.nn.functional.one_hot(labels, 3).permute(0, 3, 1, 2).float()
    return ParsedGarment(logits, share.view(-1, 1, 1, 1).expand(-1, 1, *labels.shape[1:]).logit(1e-3))


@pytest.fixture(scope="module", params=("smoke", "cpu"))
def world(request):
    return request.param, shop_garments("test", PROFILES[request.param].size[0])


def test_the_truth_passes(world):
    profile, garments = world
    assert missed(answering(labels_of(garments.mask, garments.inner), garments.sheer), garments, profile) == set()


def test_the_usual_place_and_one_share_for_all_miss(world):
    profile, garments = world
    usual = garments.inner.float().mean(0) > 0.15
    labels = labels_of(garments.mask, garments.mask & usual)
    expected = {"told_apart"} | ({"inner_iou"} if profile == "cpu" else set())
    assert missed(answering(labels, torch.full_like(garments.sheer, 0.1)), garments, profile) == expected


def test_first_weights_miss(world):
    profile, garments = world
    plan = budget("garment_parser", profile)
    stage = build_stage("garment_parser", width=plan.width, height=plan.height)
    assert isinstance(stage, GarmentParserStage)
    assert missed(stage.read(to_pictures(garments.image)), garments, profile)


def test_cutting_nothing_and_cutting_elsewhere_leave_the_collars():
    task = collar_task("unpaired", 128).only(range(0, 200, 4))
    matcher, stage, parser = (
        zoo.load(f"{name}.cpu") for name in ("cp_vton_matcher", "cp_vton_try_on", "garment_parser")
    )
    assert isinstance(matcher, LatticeStage)
    assert isinstance(stage, TryOnModuleStage)
    assert isinstance(parser, GarmentParserStage)
    grids = matcher.match(task)
    region, warped = inside_on_throat(task, grids), warp(task.cloth, grids, "border")

    def left(chosen):
        return collar_pixels(stage.try_on(chosen).clamp(-1, 1), task.truth, warped, region)

    before, bar = left(task), threshold(CHAPTER, "cpu", "collar_pixels_removed")
    assert removed(before, left(parser.clean_task(task))) > bar
    parser.read = lambda cloth: answering(torch.zeros(len(cloth), 128, 96, dtype=torch.long), torch.zeros(len(cloth)))
    assert removed(before, left(parser.clean_task(task))) < bar
