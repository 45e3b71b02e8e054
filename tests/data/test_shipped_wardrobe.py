"""The data set in the package: what the book promises of it."""

import json

import numpy as np
import pytest

from vtonlib.data.layout import read_facts, read_sample, sample_names
from vtonlib.data.lists import TASKS, read_list
from vtonlib.data.mini import ARCHIVE, wardrobe_mini
from vtonlib.data.sample import GARMENTS, VIEWS
from vtonlib.data.wardrobe_set import PEOPLE, SEED, SHIPPED


@pytest.fixture(scope="module")
def root():
    return wardrobe_mini()


@pytest.fixture(scope="module")
def facts(root):
    return {split: [read_facts(root, split, name) for name in sample_names(root, split)] for split in PEOPLE}


def test_the_archive_is_small_enough():
    assert ARCHIVE.stat().st_size <= 45e6


def test_there_are_as_many_people_as_promised(facts, root):
    assert {split: len(found) for split, found in facts.items()} == PEOPLE
    assert PEOPLE["train"] >= 1200
    assert PEOPLE["test"] >= 200
    settings = json.loads((root / "settings.json").read_text())
    assert settings["seed"] == SEED
    assert tuple(settings["size"]) == SHIPPED


def test_splits_share_neither_people_nor_garments(facts):
    for taken in (
        lambda fact: [fact["person_id"]],
        lambda fact: [fact["garments"][slot]["garment_id"] for slot in GARMENTS],
    ):
        train, test = ({name for fact in facts[split] for name in taken(fact)} for split in ("train", "test"))
        assert train
        assert test
        assert not train & test


def test_what_is_swapped_has_the_promised_shares(facts):
    found = [fact["garments"]["cloth"]["category"] for split in facts.values() for fact in split]
    for category, share in (("top", 0.6), ("bottom", 0.2), ("dress", 0.2)):
        assert found.count(category) / len(found) == pytest.approx(share, abs=0.04)


@pytest.mark.parametrize(("split", "index"), [("train", 0), ("train", 700), ("test", 0), ("test", 199)])
def test_every_view_and_garment_has_all_its_fields(root, split, index):
    sample = read_sample(root, split, sample_names(root, split)[index])
    for slot in VIEWS:
        view = sample.require(slot)
        assert view.image.shape == (*SHIPPED, 3)
        for field in ("parse", "neck", "keypoints", "correspondence", "framing", "turn_deg"):
            assert getattr(view, field) is not None, (slot, field)
        assert np.isfinite(view.correspondence).all(axis=2).sum() > 50
    for slot in GARMENTS:
        garment = sample.require(slot)
        for field in ("mask", "inner_collar", "label_tag", "alpha", "category", "attributes", "caption"):
            assert getattr(garment, field) is not None, (slot, field)
        assert garment.mask.sum() > 400


@pytest.mark.parametrize("name", TASKS)
def test_its_lists_are_the_ones_that_were_fixed(root, name):
    found = len(read_list(root, name).samples)
    if name in ("paired", "unpaired", "multi_pose", "multi_pose_unpaired"):
        assert found == PEOPLE["test"]
    else:  # a hard subset: some, but not all
        assert 5 <= found < PEOPLE["test"]
