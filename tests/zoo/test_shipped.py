"""Every card of the zoo, recomputed."""

from dataclasses import asdict

import pytest
import torch
from safetensors.torch import load_file

from vtonlib import zoo
from vtonlib.profiles import budget
from vtonlib.training.registry import stage_class
from vtonlib.zoo.store import FOLDER, count_parameters

shipped = pytest.mark.parametrize("name", zoo.names())


def test_the_zoo_holds_what_the_book_relies_on():
    assert set(zoo.names()) >= {"clothes_classifier.cpu", "dcgan.cpu"}


def test_every_file_belongs_to_a_card():
    files = {path.name for path in FOLDER.iterdir() if path.suffix in (".json", ".safetensors")}
    assert files == {f"{name}{suffix}" for name in zoo.names() for suffix in (".json", ".safetensors")}


@shipped
def test_the_card_agrees_with_the_library(name):
    card = zoo.card(name)
    cls, plan = stage_class(card.stage), budget(card.stage, card.profile)
    assert name == f"{card.stage}.{card.profile}"
    assert (card.paper, card.deviation) == (cls.paper, cls.deviation)
    assert card.config == asdict(cls.configure(plan)), "retrain: the profile now trains something else"
    assert card.steps == plan.steps
    assert card.command == f"vtonlib train {card.stage} --profile {card.profile} --seed {card.seed}"
    assert card.data_sha256 == cls.batches(plan, card.seed).fingerprint()
    assert card.seconds > 0
    assert card.hardware
    assert card.commit
    assert set(card.versions) >= {"vtonlib", "torch", "numpy", "python"}


@shipped
def test_parameters_are_recounted(name):
    card, stage = zoo.card(name), zoo.load(name)
    assert card.parameters == count_parameters(stage)
    stored = load_file(FOLDER / f"{name}.safetensors")
    for network, module in stage.shipped().items():
        wanted = {key for key, _ in module.named_parameters()}
        sizes = [
            t.numel()
            for key, t in stored.items()
            if key.split("/", 1)[0] == network and key[len(network) + 1 :] in wanted
        ]
        assert sum(sizes) == card.parameters[network]


@shipped
def test_weights_are_stored_in_half_precision_and_loaded_in_single(name):
    assert {t.dtype for t in load_file(FOLDER / f"{name}.safetensors").values()} <= {torch.float16, torch.int64}
    for module in zoo.load(name).shipped().values():
        assert not module.training
        assert {p.dtype for p in module.parameters()} == {torch.float32}
        assert all(torch.isfinite(p).all() for p in module.parameters())


@shipped
def test_figures_are_measured_again(name):
    stored, measured = zoo.card(name).metrics, zoo.load(name).evaluate()
    assert stored.keys() == measured.keys()
    assert stored
    for key, score in measured.items():
        assert stored[key].settings == score.settings
        assert stored[key].value == pytest.approx(score.value, abs=1e-3)
        if score.interval:
            assert stored[key].interval == pytest.approx(score.interval, abs=1e-3)


def test_the_classifier_knows_clothes():
    """Chance is 0.1."""
    assert zoo.card("clothes_classifier.cpu").metrics["accuracy"].value > 0.8
