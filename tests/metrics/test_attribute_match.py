"""Attribute matching against cases worked by hand and the definition of average precision."""

import pytest
import torch

from vtonlib.errors import VtonError
from vtonlib.metrics.attribute_match import attribute_match

VALUES = {"sleeve": ("none", "short", "long"), "colour": ("red", "blue")}


def of_first(*chances):
    """Probabilities of two values, from those of the first."""
    first = torch.tensor(chances)
    return torch.stack([first, 1 - first], dim=1)


def test_a_ranking_by_hand():
    asked = {"colour": torch.tensor([0, 1, 0, 1, 1])}
    # Red is asked for at ranks 1 and 3: (1/1 + 2/3) / 2. Blue, from the other end, at 1, 2 and 4: (1 + 1 + 3/4) / 3.
    found = {"colour": of_first(0.9, 0.8, 0.6, 0.3, 0.1)}
    scores = attribute_match(found, asked, VALUES, least=1)
    assert scores["ap_colour_red"].value == pytest.approx(5 / 6)
    assert scores["ap_colour_blue"].value == pytest.approx(11 / 12)
    assert scores["ap_colour"].value == scores["map"].value == pytest.approx((5 / 6 + 11 / 12) / 2)
    assert scores["accuracy_colour"].value == pytest.approx(4 / 5)  # the second picture looks red


def test_every_average_precision_equals_its_definition():
    rng = torch.Generator().manual_seed(0)
    found = torch.rand(60, 3, generator=rng).softmax(1)
    asked = torch.randint(3, (60,), generator=rng)
    scores = attribute_match({"sleeve": found}, {"sleeve": asked}, VALUES)
    for number, word in enumerate(VALUES["sleeve"]):
        hits, total = 0, 0.0
        for rank, row in enumerate(found[:, number].argsort(descending=True).tolist(), start=1):
            if asked[row] == number:
                hits += 1
                total += hits / rank
        assert scores[f"ap_sleeve_{word}"].value == pytest.approx(total / hits, abs=1e-6)


def test_a_detector_that_says_the_same_of_all_gets_the_share_of_the_value():
    asked = {"colour": torch.tensor([0, 0, 0, 1])}
    scores = attribute_match({"colour": torch.full((4, 2), 0.5)}, asked, VALUES, least=1)
    assert scores["ap_colour_red"].value == pytest.approx(0.75)
    assert scores["ap_colour_blue"].value == pytest.approx(0.25)


def test_rare_values_are_left_out_and_named():
    asked = {"sleeve": torch.tensor([0, 0, 1, 1, 1]), "colour": torch.tensor([0, 0, 0, 1, 1])}
    found = {name: torch.rand(5, len(VALUES[name]), generator=torch.Generator().manual_seed(1)) for name in asked}
    scores = attribute_match(found, asked, VALUES, least=3)
    assert [key for key in scores if key.count("_") == 2] == ["ap_sleeve_short", "ap_colour_red"]
    assert scores["ap_sleeve"].settings == (
        "mean average precision of 1 values, 5 pictures, without none, long (asked for fewer than 3 times)"
    )
    assert scores["map"].settings == (
        "mean average precision of 2 values, 5 pictures, without sleeve none, sleeve long, colour blue "
        "(asked for fewer than 3 times)"
    )
    judged = [scores["ap_sleeve_short"].value, scores["ap_colour_red"].value]
    assert scores["map"].value == pytest.approx(sum(judged) / 2)
    assert scores["ap_colour_red"].settings == "average precision, 3 of 5 sentences ask for it"


@pytest.mark.parametrize(
    ("found", "asked", "least", "message"),
    [
        ({}, {"colour": torch.tensor([0])}, 1, r"attributes found are \[\], asked for \['colour'\]"),
        ({"colour": torch.rand(2, 3)}, {"colour": torch.tensor([0, 1])}, 1, r"colour: probabilities are \(2, 3\)"),
        ({"colour": torch.full((2, 2), 1.5)}, {"colour": torch.tensor([0, 1])}, 1, "colour: holds a probability"),
        ({"colour": torch.full((2, 2), torch.nan)}, {"colour": torch.tensor([0, 1])}, 1, "colour: holds a probability"),
        ({"colour": torch.rand(2, 2)}, {"colour": torch.tensor([0, 2])}, 1, r"colour: holds a value outside 0\.\.1"),
        ({"colour": torch.rand(2, 2)}, {"colour": torch.tensor([0, 1])}, 2, "colour: no value is asked for 2 times"),
        ({"colour": torch.rand(2, 2)}, {"colour": torch.tensor([0, 1])}, 0, "least is 0; give 1 or more"),
    ],
)
def test_what_is_refused(found, asked, least, message):
    with pytest.raises(VtonError, match=message):
        attribute_match(found, asked, VALUES, least)
