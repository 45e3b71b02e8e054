"""Fields in memory are those of the samples, decoded once, and whole whatever happens to the cache."""

import multiprocessing
import os
from dataclasses import replace

import numpy as np
import pytest
import torch

from vtonlib.data import memory
from vtonlib.data.layout import read_sample, write_sample
from vtonlib.data.memory import FIELDS, HUMAN_ATTRIBUTES, load_fields, names_where
from vtonlib.data.representations.fashiongan import human_attributes
from vtonlib.errors import VtonError

from .hand_made import SIZE, make_sample

NAMES = ["000000", "000001", "000002"]
SOME = ("person.image", "person.parse", "person.keypoints", "other_cloth.mask", "person.correspondence", "cloth.alpha")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("set")
    for number, name in enumerate(NAMES):
        write_sample(folder, "train", name, make_sample(number), "png")
    return folder


def test_fields_are_those_of_the_samples(root, tmp_path):
    fields = [field for field in FIELDS if field != HUMAN_ATTRIBUTES]
    loaded = load_fields(root, "train", fields, SIZE, cache=tmp_path)
    assert set(loaded) == set(fields)
    for number, name in enumerate(NAMES):
        sample = read_sample(root, "train", name)
        for field, tensor in loaded.items():
            slot, kind = field.split(".")
            expected = getattr(getattr(sample, slot), kind)
            found = tensor[number].numpy()
            if kind == "image":
                found = found.transpose(1, 2, 0)
            if kind in ("correspondence", "alpha"):
                np.testing.assert_allclose(found, expected, rtol=0, atol=1 / 32 if kind == "correspondence" else 5e-4)
            else:
                assert np.array_equal(found, expected), field
    types = {field: tensor.dtype for field, tensor in loaded.items()}
    assert types["person.image"] == types["swap.parse"] == torch.uint8
    assert types["cloth.mask"] == types["person.neck"] == torch.bool
    assert types["person.keypoints"] == torch.float32
    assert types["person.correspondence"] == types["cloth.alpha"] == torch.float16


def test_names_choose_and_order_the_samples(root, tmp_path):
    everything = load_fields(root, "train", ["person.parse", "person.image"], SIZE, cache=tmp_path)
    chosen = load_fields(root, "train", ["person.image"], SIZE, ["000002", "000000"], cache=tmp_path)
    assert torch.equal(chosen["person.image"], everything["person.image"][[2, 0]])


def test_pictures_are_resized(root, tmp_path):
    small = load_fields(root, "train", SOME, (32, 24), cache=tmp_path)
    assert small["person.image"].shape == (3, 3, 32, 24)
    assert small["person.parse"].shape == (3, 32, 24)
    assert small["person.keypoints"][..., 0].max() <= 23.5


def test_portraits_become_squares(root, tmp_path):
    portraits = load_fields(root, "train", SOME, SIZE, cache=tmp_path)
    squares = load_fields(root, "train", SOME, SIZE, square=True, cache=tmp_path)
    assert squares["person.image"].shape == (3, 3, 64, 64)
    assert torch.equal(squares["person.image"][..., 8:56], portraits["person.image"])
    assert torch.equal(squares["person.keypoints"][..., 0], portraits["person.keypoints"][..., 0] + 8)


def test_samples_are_decoded_once(root, tmp_path, monkeypatch):
    first = load_fields(root, "train", SOME[:3], SIZE, cache=tmp_path)
    monkeypatch.setattr(memory, "read_sample", None)
    again = load_fields(root, "train", SOME[:3], SIZE, cache=tmp_path)
    assert all(torch.equal(first[field], again[field]) for field in SOME[:3])
    with pytest.raises(TypeError):  # another field needs the files once more
        load_fields(root, "train", SOME, SIZE, cache=tmp_path)


def test_the_cache_lies_where_the_reader_says(root, tmp_path, monkeypatch):
    monkeypatch.setenv("VTON_CACHE", str(tmp_path / "mine"))
    load_fields(root, "train", ["person.parse"], SIZE)
    assert len(list((tmp_path / "mine/arrays").glob("*/person.parse.npy"))) == 1


def test_another_set_of_the_same_names_has_its_own_arrays(root, tmp_path):
    other = tmp_path / "other"
    for number, name in enumerate(NAMES):
        write_sample(other, "train", name, make_sample(10 + number), "png")
    fields = ["person.image"]
    a = load_fields(root, "train", fields, SIZE, cache=tmp_path)
    b = load_fields(other, "train", fields, SIZE, cache=tmp_path)
    assert not torch.equal(a["person.image"], b["person.image"])
    write_sample(other, "train", NAMES[0], make_sample(0), "png")
    c = load_fields(other, "train", fields, SIZE, cache=tmp_path)
    assert torch.equal(c["person.image"][0], a["person.image"][0])


@pytest.mark.parametrize("damage", ["cut off", "empty", "junk", "pickle"])
def test_a_damaged_file_of_the_cache_is_made_again(root, tmp_path, damage):
    first = load_fields(root, "train", ["person.image"], SIZE, cache=tmp_path)
    (path,) = tmp_path.glob("arrays/*/person.image.npy")
    whole = path.read_bytes()
    path.write_bytes({"cut off": whole[:-9], "empty": b"", "junk": b"junk" * 99, "pickle": b"\x80\x04N."}[damage])
    again = load_fields(root, "train", ["person.image"], SIZE, cache=tmp_path)
    assert torch.equal(first["person.image"], again["person.image"])
    assert path.read_bytes() == whole


def load_in_child(root, cache, answers):
    loaded = load_fields(root, "train", SOME, SIZE, cache=cache)
    answers.put((os.getpid(), int(loaded["person.image"].long().sum())))


def test_two_processes_may_start_at_once(root, tmp_path):
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    children = [context.Process(target=load_in_child, args=(root, tmp_path, answers)) for _ in range(3)]
    for child in children:
        child.start()
    sums = {answers.get(timeout=60)[1] for _ in children}
    for child in children:
        child.join()
        assert child.exitcode == 0
    assert sums == {int(load_fields(root, "train", SOME, SIZE, cache=tmp_path)["person.image"].long().sum())}


def test_what_cannot_be_loaded_is_named(root, tmp_path):
    with pytest.raises(VtonError, match=r"field 'person\.colour': cannot be loaded; choose from person\.image"):
        load_fields(root, "train", ["person.colour"], SIZE, cache=tmp_path)
    write_sample(tmp_path, "test", "a", make_sample(), "png")
    with pytest.raises(VtonError, match="no such sample"):
        load_fields(tmp_path, "test", SOME, SIZE, ["b"], cache=tmp_path)
    (tmp_path / "train").mkdir()
    with pytest.raises(VtonError, match="has no samples"):
        load_fields(tmp_path, "train", SOME, SIZE, cache=tmp_path)


def test_a_sample_without_the_field_is_named(tmp_path):
    write_sample(tmp_path, "train", "a", replace(make_sample(), swap=None), "png")
    with pytest.raises(VtonError, match=r"person p0: has no field 'swap\.image'"):
        load_fields(tmp_path, "train", ["swap.image"], SIZE, cache=tmp_path)


def test_a_cache_that_cannot_be_written_is_named(root, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(VtonError, match=r"cannot be written .*; free some space, or set VTON_CACHE"):
        load_fields(root, "train", SOME, SIZE, cache=tmp_path / "file")


def test_the_ten_numbers_of_every_person(tmp_path):
    person = {"gender": "man", "hair_length": "short", "sunglasses": "yes", "hat": "none"}
    view = make_sample().person
    parse = view.parse.copy()
    parse[40:44] = 13
    sample = replace(make_sample(), attributes=person, person=replace(view, parse=parse))
    write_sample(tmp_path, "train", "a", sample, "png")
    loaded = load_fields(tmp_path, "train", [HUMAN_ATTRIBUTES], SIZE, cache=tmp_path)
    assert loaded[HUMAN_ATTRIBUTES].shape == (1, 10)
    assert torch.equal(loaded[HUMAN_ATTRIBUTES][0], human_attributes(sample))


def test_samples_are_chosen_by_what_is_said_about_them(tmp_path):
    for number, category in enumerate(("top", "dress", "top")):
        sample = make_sample(number)
        garment = replace(sample.cloth, category=category)
        write_sample(tmp_path, "train", f"{number}", replace(sample, cloth=garment), "png")
    for picture in (tmp_path / "train/image").iterdir():
        picture.unlink()  # no picture is opened
    assert names_where(tmp_path, "train", lambda facts: facts["garments"]["cloth"]["category"] == "top") == ["0", "2"]
    assert names_where(tmp_path, "train", lambda facts: facts["views"]["person"]["framing"] == "whole") == []
    assert names_where(tmp_path, "train", lambda facts: facts["person_id"] != "p1") == ["0", "2"]
