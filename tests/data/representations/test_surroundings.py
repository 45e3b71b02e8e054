"""What each category of garment leaves on a person, by hand."""

import pytest
import torch

from vtonlib.data.labels import LIP
from vtonlib.data.representations.surroundings import OTHER_CLOTHES, background_apart, other_clothes, surroundings
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


def person_before_a_wall():
    parse = torch.zeros(2, 64, 48, dtype=torch.uint8)
    parse[:, 20:61, 18:29] = LIP["upper_clothes"]
    parse[1, 40:61, 18:29] = LIP["pants"]
    return Views(torch.zeros(2, 3, 64, 48, dtype=torch.uint8), parse)


def test_background_ends_before_the_person_does():
    kept = background_apart(person_before_a_wall())[0, 0]
    # Cells of 4 x 4 pixels: rows 20 to 63 and columns 16 to 31 hold some of the person, and enlarging spreads them.
    assert kept[:16].all()
    assert not kept[20:, 16:32].any()
    assert kept[:, :12].all()
    assert kept[:, 36:].all()


def test_the_cut_inside_a_cell_is_not_told():
    wider = person_before_a_wall()
    wider.parse[:, 20:61, 17] = LIP["upper_clothes"]
    assert torch.equal(background_apart(wider), background_apart(person_before_a_wall()))


def test_surroundings_are_both():
    views = person_before_a_wall()
    both, top = surroundings(views, torch.tensor([0, 0])), other_clothes(views, torch.tensor([0, 0]))
    assert torch.equal(both, top + background_apart(views))  # they do not overlap
    assert top[1].any()
