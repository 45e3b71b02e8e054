"""The fixed list of swapped sentences: its rules, and that another list is refused."""

import hashlib

import pytest

from vtonlib.data import sentence_pairs as module
from vtonlib.data.layout import read_facts
from vtonlib.data.outfits import outfits
from vtonlib.data.sentence_pairs import pair_up, sentence_pairs
from vtonlib.data.wardrobe_set import wardrobe_set
from vtonlib.errors import VtonError


def test_everybody_gets_the_sentence_of_another_of_the_same_gender_and_every_sentence_is_used_once():
    pairs = sentence_pairs()
    assert len(pairs.names) == 144
    assert pairs.names == outfits("test", 64, ("person",)).names
    assert pairs.wearers == tuple(range(144))
    assert sorted(pairs.owners) == list(range(144))
    facts = [read_facts(wardrobe_set((64, 48)), "test", name) for name in pairs.names]
    for wearer, owner in zip(pairs.wearers, pairs.owners, strict=True):
        a, b = facts[wearer], facts[owner]
        assert a["person_id"] != b["person_id"]
        assert a["attributes"]["gender"] == b["attributes"]["gender"]
        assert a["garments"]["cloth"]["garment_id"] != b["garments"]["cloth"]["garment_id"]


def test_a_small_list_by_hand():
    names, genders = ("a", "b", "c", "d", "e"), ("woman", "man", "woman", "man", "woman")
    circle = sorted("ace", key=lambda name: hashlib.sha256(f"0\n{name}".encode()).hexdigest())
    after = dict(zip(circle, [*circle[1:], circle[0]], strict=True)) | {"b": "d", "d": "b"}
    pairs = pair_up(names, genders)
    assert [names[row] for row in pairs.owners] == [after[name] for name in names]
    text = "\n".join(f"{name} {after[name]}" for name in names)
    assert pairs.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_a_changed_list_is_refused(monkeypatch):
    sentence_pairs.cache_clear()
    monkeypatch.setattr(module, "SEED", 1)
    with pytest.raises(VtonError, match="not the one that was fixed"):
        sentence_pairs()


@pytest.mark.parametrize(
    ("names", "genders", "message"),
    [
        (("a", "b", "c"), ("man", "man", "woman"), "only c is a woman"),
        (("a", "a"), ("man", "man"), "give every sample once"),
        (("a", "b"), ("man",), "a gender for each"),
    ],
)
def test_lists_that_cannot_be_made_are_refused(names, genders, message):
    with pytest.raises(VtonError, match=message):
        pair_up(names, genders)
