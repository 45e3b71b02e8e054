"""Profiles and budgets: who wins, and what the table must hold."""

from itertools import pairwise

import pytest

from vtonlib.errors import VtonError
from vtonlib.profiles import BUDGETS, DEFAULT, PROFILES, budget, choose_profile


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch):
    monkeypatch.delenv("VTON_PROFILE", raising=False)


@pytest.mark.parametrize("name", PROFILES)
def test_a_value_chooses_its_profile(name):
    assert choose_profile(name) is PROFILES[name]


def test_the_variable_replaces_the_default(monkeypatch):
    monkeypatch.setenv("VTON_PROFILE", "smoke")
    assert choose_profile(DEFAULT).name == "smoke"


def test_a_chosen_value_beats_the_variable(monkeypatch):
    monkeypatch.setenv("VTON_PROFILE", "smoke")
    assert choose_profile("gpu").name == "gpu"


def test_an_empty_variable_counts_as_unset(monkeypatch):
    monkeypatch.setenv("VTON_PROFILE", "")
    assert choose_profile(DEFAULT).name == DEFAULT


def test_an_unknown_value_is_refused_by_its_source(monkeypatch):
    with pytest.raises(VtonError, match="PROFILE is 'huge'; choose one of smoke, cpu, gpu, paper"):
        choose_profile("huge")
    monkeypatch.setenv("VTON_PROFILE", "tiny")
    with pytest.raises(VtonError, match="VTON_PROFILE is 'tiny'"):
        choose_profile(DEFAULT)


def test_pictures_are_portraits_of_four_to_three():
    assert DEFAULT in PROFILES
    for profile in PROFILES.values():
        height, width = profile.size
        assert height * 3 == width * 4


def test_every_stage_has_a_budget_under_every_profile_that_never_shrinks():
    for stage in {stage for stage, _ in BUDGETS}:
        row = [budget(stage, profile) for profile in PROFILES]
        for small, large in pairwise(row):
            assert small.steps <= large.steps
            assert small.width <= large.width
            assert small.peak_mib <= large.peak_mib
        assert all(b.steps > 0 and b.batch_size > 0 for b in row)


@pytest.mark.parametrize(("stage", "profile"), [("dcgan", "huge"), ("unheard_of", "cpu")])
def test_a_missing_budget_names_what_there_is(stage, profile):
    with pytest.raises(VtonError, match=r"no budget for stage .*stages: .*dcgan.*; profiles: smoke"):
        budget(stage, profile)
