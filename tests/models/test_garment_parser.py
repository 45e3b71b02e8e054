"""The parser of shop pictures: its count, its outputs, and how they are read."""

import torch

from tests.models.counting import count
from vtonlib.models.garment_parser import LABELS, GarmentParser, ParsedGarment
from vtonlib.models.human_parser import HumanParser


def test_it_is_the_human_parser_with_four_outputs():
    """By hand: at half resolution, each output is four numbers of the last 16 channels."""
    difference = count(HumanParser(21, 16)) - count(GarmentParser(16))
    assert difference == (21 - 4) * 4 * (16 + 1)


def test_labels_and_what_shines_through_come_out():
    parsed = GarmentParser(4)(torch.randn(2, 3, 64, 48))
    assert parsed.logits.shape == (2, len(LABELS), 64, 48)
    assert parsed.sheer.shape == parsed.inner.shape == (2, 1, 64, 48)
    assert 0 < parsed.sheer.min() < parsed.sheer.max() < 1


def test_inner_collars_are_where_their_logit_is_largest():
    logits = torch.zeros(1, 3, 1, 3)
    logits[0, :, 0] = torch.tensor([[3.0, 0, 0], [0, 3, 0], [0, 0, 3]])
    assert ParsedGarment(logits, torch.zeros(1, 1, 1, 3)).inner.flatten().tolist() == [0, 0, 1]
