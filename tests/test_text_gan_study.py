"""Chapter 03's questions: who obeys passes, who does not listen is found out, and partners really differ."""

import pytest
import torch

from vtonlib.data.outfits import GARMENT_ATTRIBUTES
from vtonlib.data.upper_bodies import upper_bodies
from vtonlib.errors import VtonError
from vtonlib.metrics.said import said
from vtonlib.studies import text_gan


def values(count=40):
    rng = torch.Generator().manual_seed(0)
    return {name: torch.randint(4, (count,), generator=rng) for name in GARMENT_ATTRIBUTES}


def test_partners_say_another_colour_and_another_sleeve():
    said_of = values()
    partner = text_gan.partners(said_of, seed=1)
    assert (said_of["colour"] != said_of["colour"][partner]).all()
    assert (said_of["sleeve"] != said_of["sleeve"][partner]).all()
    assert torch.equal(partner, text_gan.partners(said_of, seed=1))
    assert not torch.equal(partner, text_gan.partners(said_of, seed=2))


def tell(pictures):
    return {name: pictures[:, i] for i, name in enumerate(GARMENT_ATTRIBUTES)}


def test_who_obeys_is_right_after_the_swap_and_wrong_before():
    """The 'picture' is its sentence's three values."""
    said_of = values()
    codes = torch.stack([said_of[name] for name in GARMENT_ATTRIBUTES], 1)
    scores = text_gan.swap_accuracy(lambda c: c, tell, codes, said_of)
    assert [scores["swapped"][name].value for name in GARMENT_ATTRIBUTES] == [1, 1, 1]
    assert [scores["before"][name].value for name in text_gan.SWAPPED] == [0, 0]


def test_who_does_not_listen_gains_nothing_by_the_swap():
    said_of = values()
    codes = torch.stack([said_of[name] for name in GARMENT_ATTRIBUTES], 1)
    scores = text_gan.swap_accuracy(lambda c: torch.ones_like(c), tell, codes, said_of)
    assert scores["swapped"] == scores["before"]
    assert scores["swapped"]["colour"].value < 0.5


def test_the_commonest_value_by_hand():
    train, test = upper_bodies("train"), upper_bodies("test", once=True)
    share = (test.tensors["sleeve"] == 3).float().mean().item()  # long
    assert text_gan.commonest(train, {"sleeve": test.tensors["sleeve"]})["sleeve"] == pytest.approx(share)


def test_accuracy_by_hand_and_a_detector_that_is_silent():
    scores = said({"a": torch.tensor([1, 2, 3, 4]), "more": torch.zeros(4)}, {"a": torch.tensor([1, 2, 0, 0])})
    assert scores["a"].value == 0.5
    assert set(scores) == {"a"}
    with pytest.raises(VtonError, match="attribute 'b' is missing"):
        said({"a": torch.zeros(4)}, {"b": torch.zeros(4)})
    with pytest.raises(VtonError, match=r"attribute 'a' is \(3,\); the detector must tell it of all 4"):
        said({"a": torch.zeros(3)}, {"a": torch.zeros(4)})
