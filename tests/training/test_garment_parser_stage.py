"""The parser of shop pictures: what it cuts out, and how it is judged."""

import pytest
import torch

from vtonlib.data.shop_garments import shop_garments
from vtonlib.models.garment_parser import ParsedGarment
from vtonlib.training.registry import build_stage
from vtonlib.training.stages.garment_parser import GarmentParserStage, judge, labels_of, share_through


@pytest.fixture
def parser(monkeypatch):
    """One that finds an inner collar of two by two pixels in every picture of 128 x 96."""
    stage = build_stage("garment_parser", width=4, height=128)
    assert isinstance(stage, GarmentParserStage)
    logits = torch.zeros(1, 3, 128, 96)
    logits[:, 2, 10:12, 20:22] = 1
    found = ParsedGarment(logits, torch.zeros(1, 1, 128, 96))
    monkeypatch.setattr(stage, "read", lambda cloth: found)
    return stage


@pytest.mark.parametrize(("grow", "side"), [(0, 2), (1, 4), (2, 6)])
def test_what_is_found_is_cut_out_and_widened(parser, grow, side):
    cloth, mask = parser.clean(torch.zeros(1, 3, 128, 96), torch.ones(1, 1, 128, 96), grow)
    assert (mask == 0).sum() == side * side
    assert torch.equal(cloth, (1 - mask).expand(-1, 3, -1, -1))  # white, and only there


def test_nothing_is_cut_out_of_paper(parser):
    cloth, mask = torch.full((1, 3, 128, 96), 0.3), torch.zeros(1, 1, 128, 96)
    cleaned, left = parser.clean(cloth, mask)
    assert torch.equal(cleaned, cloth)
    assert not left.any()


def test_the_truth_is_judged_perfect():
    garments = shop_garments("test", 64)
    labels = labels_of(garments.mask, garments.inner)
    logits = 20 * torch.nn.functional.one_hot(labels, 3).permute(0, 3, 1, 2).float()
    through = garments.sheer.view(-1, 1, 1, 1).expand(-1, 1, 64, 48).logit(1e-6)
    truth = ParsedGarment(logits, through)
    scores = judge(truth, garments)
    assert scores["inner_iou"].value == 1
    assert scores["sheer_error"].value == pytest.approx(0, abs=1e-4)
    assert share_through(truth, garments.mask[:, None].float()) == pytest.approx(garments.sheer, abs=1e-4)
