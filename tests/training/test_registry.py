"""Stages by name."""

import pytest

from vtonlib.errors import VtonError
from vtonlib.profiles import BUDGETS
from vtonlib.training import registry
from vtonlib.training.registry import build_stage, register, stage_class, stage_names
from vtonlib.training.stages.dcgan import DCGANStage


def test_the_books_stages_are_there_in_order():
    assert set(stage_names()) >= {"clothes_classifier", "dcgan"}
    assert stage_names() == sorted(stage_names())


def test_every_stage_has_budgets():
    assert {stage for stage, _ in BUDGETS} >= set(stage_names())


def test_a_name_finds_its_class():
    assert stage_class("dcgan") is DCGANStage
    assert DCGANStage.name == "dcgan"


def test_a_taken_name_is_refused_and_keeps_its_owner():
    class Other(DCGANStage):
        pass

    stage_names()
    with pytest.raises(ValueError, match="stage name 'dcgan' is taken by DCGANStage"):
        register("dcgan")(Other)
    assert stage_class("dcgan") is DCGANStage


def test_a_new_name_is_entered(monkeypatch):
    stage_names()
    monkeypatch.setattr(registry, "_STAGES", dict(registry._STAGES))

    @register("another")
    class Another(DCGANStage):
        pass

    assert stage_class("another") is Another
    assert "another" in stage_names()


@pytest.mark.parametrize("function", [stage_class, build_stage])
def test_an_unknown_name_lists_the_known_ones(function):
    with pytest.raises(VtonError, match=r"stage is 'dcgam'; choose one of attribute_detector, .*, dcgan, "):
        function("dcgam")


def test_settings_reach_the_configuration():
    stage = build_stage("dcgan", width=4, objective="hinge")
    assert (stage.config.width, stage.config.objective, stage.config.latent) == (4, "hinge", 100)


def test_an_unknown_setting_lists_the_fields():
    with pytest.raises(VtonError, match=r"stage 'dcgan' was given widht; its fields are width, latent, objective"):
        build_stage("dcgan", widht=4)


def test_every_stage_says_where_it_comes_from():
    for name in stage_names():
        cls = stage_class(name)
        assert len(cls.paper) > 20
        assert len(cls.deviation) > 20
        assert cls.__doc__
