"""Files of the zoo: what is refused, and what order ``load_stage`` keeps."""

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save

from vtonlib import zoo
from vtonlib.errors import VtonError
from vtonlib.metrics.score import Score
from vtonlib.profiles import Budget
from vtonlib.training import run
from vtonlib.training.registry import build_stage
from vtonlib.training.run import TrainedStage, checkpoint_path, train_stage
from vtonlib.zoo import serve

NAME = "clothes_classifier.smoke"
PLAN = Budget(steps=2, batch_size=8, width=2, minutes=7, where="a test", peak_mib=1)


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> Path:
    """A zoo with one tiny classifier; do not change it."""
    folder = tmp_path_factory.mktemp("zoo")
    stage = build_stage("clothes_classifier", seed=1, width=2, num_features=4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(stage), "evaluate", lambda self: {"accuracy": Score(0.5, "a test", (0.4, 0.6))})
        zoo.save(TrainedStage(stage, {}, 1.25, folder), "smoke", seed=1, folder=folder)
    return folder


@pytest.fixture
def folder(saved: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(saved, tmp_path, dirs_exist_ok=True)


def test_names_are_those_of_the_cards(folder):
    assert zoo.names(folder) == [NAME]
    assert zoo.names(folder / "nothing") == []


def test_a_card_survives_its_file(folder):
    card = zoo.card(NAME, folder)
    assert zoo.Card.from_json(card.to_json(), "x") == card
    assert card.metrics == {"accuracy": Score(0.5, "a test", (0.4, 0.6))}
    assert (card.seed, card.seconds, card.profile, card.config["width"]) == (1, 1.2, "smoke", 2)


def test_loaded_weights_are_the_saved_ones_rounded_to_half(folder):
    original = build_stage("clothes_classifier", seed=1, width=2, num_features=4).networks["classifier"]
    loaded = zoo.load(NAME, folder).networks["classifier"]
    for key, tensor in original.state_dict().items():
        assert torch.equal(loaded.state_dict()[key], tensor.half().float())


def test_loading_draws_nothing_from_the_global_generator(folder):
    before = torch.get_rng_state()
    zoo.load(NAME, folder)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("function", [zoo.card, zoo.load])
def test_an_unknown_name_lists_the_known_ones(function, folder):
    with pytest.raises(VtonError, match=f"zoo: no weights named 'vgg'; choose one of {NAME}"):
        function("vgg", folder)


@pytest.mark.parametrize("position", [0, 8, 300, -1])
def test_a_flipped_byte_is_refused(folder, position):
    path = folder / f"{NAME}.safetensors"
    data = bytearray(path.read_bytes())
    data[position] ^= 1
    path.write_bytes(data)
    with pytest.raises(VtonError, match=r"safetensors: is missing or damaged .*; restore it from the repository"):
        zoo.load(NAME, folder)


def test_missing_weights_are_refused(folder):
    (folder / f"{NAME}.safetensors").unlink()
    with pytest.raises(VtonError, match="is missing or damaged"):
        zoo.load(NAME, folder)


def rewrite(folder: Path, data: bytes) -> None:
    """Other weights under a card with the right hash."""
    (folder / f"{NAME}.safetensors").write_bytes(data)
    card = replace(zoo.card(NAME, folder), weights_sha256=hashlib.sha256(data).hexdigest())
    (folder / f"{NAME}.json").write_text(card.to_json())


@pytest.mark.parametrize("change", ["missing", "reshaped", "unknown"])
def test_weights_that_do_not_fit_are_refused(folder, change):
    tensors = load_file(folder / f"{NAME}.safetensors")
    if change == "missing":
        del tensors["classifier/head.bias"]
    elif change == "reshaped":
        tensors["classifier/head.bias"] = torch.zeros(11).half()
    else:
        tensors["classifier/tail.bias"] = torch.zeros(1).half()
    rewrite(folder, save(tensors))
    with pytest.raises(VtonError, match="does not fit stage 'clothes_classifier'"):
        zoo.load(NAME, folder)


def test_a_pickle_is_no_weights_file(folder, tmp_path):
    torch.save({"classifier/head.bias": torch.zeros(10)}, tmp_path / "pickled")
    rewrite(folder, (tmp_path / "pickled").read_bytes())
    with pytest.raises(VtonError, match="does not fit stage 'clothes_classifier'"):
        zoo.load(NAME, folder)


@pytest.mark.parametrize(
    "damage",
    [
        lambda fields: "no json",
        lambda fields: "[]",
        lambda fields: json.dumps(fields | {"surprise": 1}),
        lambda fields: json.dumps({k: v for k, v in fields.items() if k != "steps"}),
        lambda fields: json.dumps(fields | {"metrics": []}),
        lambda fields: json.dumps(fields | {"metrics": {"kid": {"value": 1}}}),
    ],
    ids=["no json", "no object", "unknown field", "missing field", "metrics are no object", "score without settings"],
)
def test_a_damaged_card_is_refused(folder, damage):
    path = folder / f"{NAME}.json"
    path.write_text(damage(json.loads(path.read_text())))
    with pytest.raises(VtonError, match=r"smoke\.json: is not a card \(.*\); restore the file from the repository"):
        zoo.card(NAME, folder)


@pytest.fixture
def reader(tmp_path: Path, monkeypatch) -> list[str]:
    """A reader with tiny budgets, an empty zoo and empty runs; the list collects what is trained."""
    trained: list[str] = []

    def train(name: str, profile: str, seed: int) -> TrainedStage:
        trained.append(f"{name}.{profile}.{seed}")
        return train_stage(name, profile, seed, progress_lines=0)

    monkeypatch.setenv("VTON_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(run, "budget", lambda name, profile: PLAN)
    monkeypatch.setattr(serve, "budget", lambda name, profile: PLAN)
    monkeypatch.setattr(serve, "names", lambda: [])
    monkeypatch.setattr(serve, "train_stage", train)
    return trained


@pytest.mark.parametrize(("profile", "file"), [("cpu", "cpu"), ("smoke", "cpu"), ("gpu", "gpu")])
def test_shipped_weights_come_first_and_smoke_takes_those_of_cpu(profile, file, reader, monkeypatch):
    monkeypatch.setattr(serve, "names", lambda: [f"clothes_classifier.{file}"])
    monkeypatch.setattr(serve, "load", lambda name: f"loaded {name}")
    assert zoo.load_stage("clothes_classifier", profile) == f"loaded clothes_classifier.{file}"
    assert reader == []


def test_then_the_readers_own_run(reader, capsys):
    mine = train_stage("clothes_classifier", "gpu", 3, progress_lines=0)
    served = zoo.load_stage("clothes_classifier", "gpu", 3)
    assert reader == []
    for key, tensor in mine.stage.networks["classifier"].state_dict().items():
        assert torch.equal(served.networks["classifier"].state_dict()[key], tensor)
    assert not served.networks["classifier"].training
    assert "training it now" not in capsys.readouterr().out


def test_else_it_is_trained_now_with_the_minutes_printed_first(reader, capsys):
    stage = zoo.load_stage("clothes_classifier", "gpu", 3)
    assert reader == ["clothes_classifier.gpu.3"]
    assert stage.config.width == PLAN.width
    line = "clothes_classifier.gpu is not shipped: training it now, about 7 minutes on a test"
    assert capsys.readouterr().out.startswith(line)
    zoo.load_stage("clothes_classifier", "gpu", 3)
    assert len(reader) == 1, "the second time it is served from the reader's runs"


def test_a_run_that_was_cut_off_is_finished(reader, monkeypatch):
    monkeypatch.setattr(run, "budget", lambda name, profile: replace(PLAN, steps=1))
    train_stage("clothes_classifier", "gpu", 3, progress_lines=0)
    monkeypatch.setattr(run, "budget", lambda name, profile: PLAN)
    zoo.load_stage("clothes_classifier", "gpu", 3)
    assert reader == ["clothes_classifier.gpu.3"]


def test_a_damaged_run_is_refused_and_not_silently_trained_again(reader):
    path = checkpoint_path("clothes_classifier", "gpu", 3)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"junk")
    with pytest.raises(VtonError, match="is not a checkpoint"):
        zoo.load_stage("clothes_classifier", "gpu", 3)
    assert reader == []
