"""Arrays kept on disk: what comes back is what was made, whatever happened to the file."""

import numpy as np
import pytest

from vtonlib.wardrobe import bank, hair_growth, skin_maps
from vtonlib.wardrobe.bank import banked, digest, sources
from wardrobe.worlds import needs_anny

ARRAYS = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "with space": np.array([1, -1], np.int32)}


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Makes ARRAYS and counts how often; the cache folder is empty at first."""
    monkeypatch.setenv("VTON_CACHE", str(tmp_path / "cache"))
    calls = []

    def make():
        calls.append(1)
        return ARRAYS

    return make, calls, tmp_path / "cache"


def same(found):
    assert found.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


def test_arrays_are_made_once_and_come_back_as_they_were(made):
    make, calls, folder = made
    for _ in range(3):
        same(banked(bank.__name__, "some", make))
    assert len(calls) == 1
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["some.npz"]
    banked(bank.__name__, "other", make)
    assert len(calls) == 2


@pytest.mark.parametrize("damage", ["empty", "half", "flipped", "text"])
def test_a_damaged_file_is_made_again(made, damage):
    make, calls, folder = made
    banked(bank.__name__, "some", make)
    (path,) = folder.rglob("*.npz")
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[whole.index(ARRAYS["a"].tobytes()) + 5] ^= 1
    path.write_bytes({"empty": b"", "half": whole[: len(whole) // 2], "flipped": flipped, "text": b"no"}[damage])
    same(banked(bank.__name__, "some", make))
    assert len(calls) == 2
    same(banked(bank.__name__, "some", make))
    assert len(calls) == 2


def test_changed_code_makes_its_arrays_anew(made, tmp_path, monkeypatch):
    make, calls, _ = made
    package = tmp_path / "vtonlib"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "top.py").write_text("from vtonlib.below import value\nfrom vtonlib import beside\nimport numpy\n")
    (package / "below.py").write_text("value = 1\n")
    (package / "beside.py").write_text("")
    (package / "apart.py").write_text("")
    monkeypatch.setattr(bank, "_ROOT", tmp_path)
    assert [path.stem for path in sources("vtonlib.top")] == ["__init__", "below", "beside", "top"]
    for name, again in (("below", True), ("apart", False), ("top", True), ("beside", True)):
        banked("vtonlib.top", "some", make)
        before = len(calls)
        with (package / f"{name}.py").open("a") as file:
            file.write("# changed\n")
        digest.cache_clear()
        banked("vtonlib.top", "some", make)
        assert (len(calls) > before) == again, name
    digest.cache_clear()


def test_the_hair_depends_on_all_that_grows_it():
    names = {path.stem for path in sources(hair_growth.__name__)}
    assert {"hair_growth", "hair_shaping", "hair_styles", "hats", "scalp", "mesh", "body", "landmarks"} <= names
    assert not {"render", "cloth", "people"} & names


@needs_anny
def test_hair_from_the_bank_is_hair_that_has_just_grown():
    banked_hair = hair_growth.grow("bob", 1)
    fresh = hair_growth._grown("bob", 1, "")
    assert vars(banked_hair).keys() == vars(fresh).keys()
    for name, value in vars(fresh).items():
        assert getattr(banked_hair, name).dtype == value.dtype, name
        np.testing.assert_array_equal(getattr(banked_hair, name), value, name)


@needs_anny
def test_skin_maps_from_the_bank_are_those_that_were_just_made():
    stored, fresh = skin_maps.skin_maps(64, skin_maps.FACE_BOX), skin_maps._mapped(64, skin_maps.FACE_BOX)
    assert stored.size == fresh.size
    for field in ("lookup", "places", "points", "noises"):
        np.testing.assert_array_equal(getattr(stored, field), getattr(fresh, field), field)
    assert stored.masks.keys() == fresh.masks.keys()
    for name, mask in fresh.masks.items():
        np.testing.assert_array_equal(stored.masks[name], mask, name)
