"""People in described outfits: fields, sentences and attributes that belong together."""

import pytest
import torch

from vtonlib.data.design import design_coding, someone_else, with_text_of
from vtonlib.data.label_sets import FASHIONGAN_7
from vtonlib.data.layout import read_facts, read_sample
from vtonlib.data.outfits import ATTRIBUTES, SENTENCE_VIEWS, outfits, vocabulary
from vtonlib.data.representations.fashiongan import human_attributes
from vtonlib.data.resize import pad_sample, resize_sample
from vtonlib.data.text import words_of
from vtonlib.data.wardrobe_set import wardrobe_set
from vtonlib.errors import VtonError

PEOPLE = outfits("test", 64, SENTENCE_VIEWS)
ROOT = wardrobe_set((64, 48))
HALF = len(PEOPLE) // 2


def test_tops_and_dresses_only_and_every_sample_in_each_view():
    for name, row in zip(PEOPLE.names[:HALF], range(HALF), strict=True):
        facts = read_facts(ROOT, "test", name)["garments"]
        assert facts["cloth"]["category"] != "bottom"
        assert PEOPLE.sentences[row] == facts["cloth"]["caption"]
        assert PEOPLE.sentences[HALF + row] == facts["other_cloth"]["caption"]
        for attribute in ("kind", "colour", "sleeve"):
            told = ATTRIBUTES[attribute][PEOPLE.tensors[attribute][HALF + row]]
            assert told == facts["other_cloth"]["attributes"][attribute]
    assert PEOPLE.names[:HALF] == PEOPLE.names[HALF:]
    assert HALF == 144


@pytest.mark.parametrize("slot", SENTENCE_VIEWS)
def test_the_ten_numbers_are_those_of_the_view(slot):
    row = 5
    sample = pad_sample(resize_sample(read_sample(ROOT, "test", PEOPLE.names[row]), (64, 48)))
    expected = human_attributes(sample, getattr(sample, slot))
    got = PEOPLE.tensors["human"][row + SENTENCE_VIEWS.index(slot) * HALF]
    torch.testing.assert_close(got[[0, 1, 2, 3, 8, 9]], expected[[0, 1, 2, 3, 8, 9]])
    # The colour is read from the first view: the same skin in the same light.
    torch.testing.assert_close(got[4:8], expected[4:8], atol=0.1, rtol=0)


def test_labels_are_seven_and_hair_lies_above_the_face():
    labels = PEOPLE.tensors["labels"]
    assert labels.shape == (288, 64, 64)
    assert int(labels.max()) == 6
    rows = torch.arange(64).float()[None, :, None]
    place = {
        name: (rows * (labels == FASHIONGAN_7.number(name))).sum((1, 2))
        / (labels == FASHIONGAN_7.number(name)).sum((1, 2))
        for name in ("hair", "face")
    }
    both = place["hair"].isfinite() & place["face"].isfinite()
    assert both.sum() > 200
    assert (place["hair"] < place["face"])[both].float().mean() > 0.8  # long hair hangs below


def test_people_and_garments_of_the_splits_are_others():
    train = outfits("train", 64)
    people = [
        {read_facts(ROOT, split, name)["person_id"] for name in described.names}
        for split, described in (("train", train), ("test", PEOPLE))
    ]
    assert not people[0] & people[1]
    assert len(train) == 4068


def test_the_vocabulary_knows_every_training_sentence():
    known = set(vocabulary().words)
    assert all(word in known for sentence in outfits("train", 64).sentences for word in words_of(sentence))
    assert len(vocabulary()) == 84


def test_only_keeps_rows_together():
    some = PEOPLE.only([3, 200])
    assert some.sentences == (PEOPLE.sentences[3], PEOPLE.sentences[200])
    assert torch.equal(some.tensors["labels"][1], PEOPLE.tensors["labels"][200])


def test_a_view_that_does_not_exist_is_refused():
    with pytest.raises(VtonError, match="'side'"):
        outfits("test", 64, ("side",))


def test_the_design_coding_is_the_wearer_then_the_sentence():
    wearers = PEOPLE.only([0, 1])
    coding = design_coding(wearers)
    swapped = design_coding(wearers, wearers.sentences[::-1])
    assert coding.shape == (2, 50)
    torch.testing.assert_close(coding[:, :10], wearers.tensors["human"])
    torch.testing.assert_close(swapped[:, :10], coding[:, :10])
    torch.testing.assert_close(swapped[:, 10:], coding.flip(0)[:, 10:])
    torch.testing.assert_close(with_text_of(coding, torch.tensor([1, 0])), swapped)
    assert coding[:, 10:].abs().max() < 1
    assert not torch.equal(coding[0, 10:], coding[1, 10:])
    with pytest.raises(VtonError, match="1 sentences for 2"):
        design_coding(wearers, ["a red dress"])


def test_someone_else_says_something_else_where_anybody_does():
    rng = torch.Generator().manual_seed(0)
    said = torch.tensor([0, 0, 0, 1, 2, 2])
    drawn = torch.stack([someone_else(said, rng) for _ in range(200)])
    assert (said[drawn] != said).all()
    assert all(len(set(drawn[:, row].tolist())) > 1 for row in range(6))
    assert someone_else(torch.zeros(3, dtype=torch.int64), rng).max() < 3
