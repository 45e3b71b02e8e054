"""What a try-on in another pose takes off, and which wall stays, by hand."""

import pytest
import torch

from vtonlib.data.labels import LIP
from vtonlib.data.representations.multi_pose import (
    TAKEN_OFF,
    garment_region,
    region_by_category,
    room,
    wall,
    without_clothes,
)
from vtonlib.data.sample import CATEGORIES
from vtonlib.data.views import Views
from vtonlib.errors import VtonError

LABELS = ("upper_clothes", "coat", "pants", "skirt", "dress", "left_arm")


def views(count):
    parse = torch.tensor([[LIP[name] for name in LABELS]], dtype=torch.uint8).expand(count, 1, -1)
    return Views(torch.full((count, 3, *parse.shape[1:]), 255, dtype=torch.uint8), parse.contiguous())


def named(row):
    return {name for name, inside in zip(LABELS, row, strict=True) if inside}


def test_what_is_taken_off_depends_on_the_garment():
    assert tuple(TAKEN_OFF) == CATEGORIES
    left = without_clothes(views(3), torch.arange(3))
    gone = [named(row == 0) for row in left[:, 0, 0]]  # white is 1, the middle grey 0
    assert gone == [
        {"upper_clothes", "coat", "dress"},
        {"pants", "skirt", "dress"},
        {"upper_clothes", "coat", "pants", "skirt", "dress"},
    ]
    assert torch.equal(left[:, 0], left[:, 2])


def test_a_garment_has_the_labels_of_its_category():
    regions = garment_region(views(3), torch.arange(3))
    assert regions.shape == (3, 1, 1, len(LABELS))
    assert [named(row) for row in regions[:, 0, 0]] == [{"upper_clothes", "coat"}, {"pants", "skirt"}, {"dress"}]


def test_each_person_needs_a_category():
    with pytest.raises(VtonError, match=r"category is \(2,\); give \(3,\)"):
        region_by_category(views(3), torch.arange(2), TAKEN_OFF)


def test_the_wall_stays_where_nobody_stood_or_will_stand():
    before, after = torch.zeros(1, 5, 9), torch.zeros(1, 5, 9)
    before[0, 2, 1], after[0, 2, 6] = LIP["face"], LIP["dress"]
    seen = room(before, after)[0, 0]
    assert seen.sum() == 45 - 2 * 9, "each of the two pixels takes its eight neighbours along"
    assert seen[2].tolist() == [0, 0, 0, 1, 1, 0, 0, 0, 1]
    assert torch.equal(room(after, before), room(before, after))


def test_hidden_wall_is_the_mean_of_its_row():
    pictures, seen = torch.zeros(1, 3, 3, 4), torch.zeros(1, 1, 3, 4)
    pictures[0, 0] = torch.tensor([[0.2, 0.4, 9.0, 9.0], [9.0, 9.0, 9.0, 9.0], [0.6, 9.0, 9.0, 9.0]])
    seen[0, 0] = torch.tensor([[1.0, 1, 0, 0], [0, 0, 0, 0], [1, 0, 0, 0]])
    expected = torch.tensor([[0.2, 0.4, 0.3, 0.3], [0.4, 0.4, 0.4, 0.4], [0.6, 0.6, 0.6, 0.6]])
    torch.testing.assert_close(wall(pictures, seen)[0, 0], expected)
    assert not wall(pictures, torch.zeros_like(seen)).any(), "where no wall is seen at all, the middle grey"
