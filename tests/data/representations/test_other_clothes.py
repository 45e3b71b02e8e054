"""What each category of garment leaves on a person, by hand."""

import pytest
import torch

from vtonlib.data.labels import LIP
from vtonlib.data.representations.other_clothes import OTHER_CLOTHES, other_clothes
from vtonlib.data.sample import CATEGORIES
from vtonlib.data.views import Views
from vtonlib.errors import VtonError

LABELS = ("upper_clothes", "pants", "dress", "left_shoe", "face", "left_arm")


def views(count):
    parse = torch.tensor([[LIP[name] for name in LABELS]], dtype=torch.uint8).expand(count, 1, -1)
    return Views(torch.zeros(count, 3, *parse.shape[1:], dtype=torch.uint8), parse.contiguous())


def test_a_garment_leaves_what_it_does_not_replace():
    kept = other_clothes(views(3), torch.arange(3))
    assert kept.shape == (3, 1, 1, len(LABELS))
    names = [{name for name, keep in zip(LABELS, row, strict=True) if keep} for row in kept[:, 0, 0]]
    assert names == [{"pants", "left_shoe"}, {"upper_clothes", "left_shoe"}, {"left_shoe"}]


def test_every_category_has_its_rule():
    assert tuple(OTHER_CLOTHES) == CATEGORIES


def test_each_person_needs_a_category():
    with pytest.raises(VtonError, match=r"category is \(2,\); give \(3,\)"):
        other_clothes(views(3), torch.arange(2))
