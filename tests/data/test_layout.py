"""A sample comes back from disk with every field; what is damaged is named with its mend."""

from dataclasses import replace

import numpy as np
import pytest

from vtonlib.data import layout
from vtonlib.data.layout import is_intact, read_sample, sample_files, sample_names, write_pairs, write_sample
from vtonlib.data.sample import GARMENTS, VIEWS, Garment, Sample, View
from vtonlib.errors import VtonError

from .hand_made import make_sample, same


@pytest.mark.parametrize("image_format", ["webp", "jpg", "png"])
def test_every_field_comes_back(tmp_path, image_format):
    sample = make_sample(5)
    write_sample(tmp_path, "test", "000005", sample, image_format)
    read = read_sample(tmp_path, "test", "000005")
    for field in ("person_id", "attributes", "skin_rgb", "background_id"):
        assert getattr(read, field) == getattr(sample, field)
    for slot in VIEWS:
        new, old = getattr(read, slot), getattr(sample, slot)
        assert np.abs(new.image.astype(int) - old.image).max() <= (0 if image_format == "png" else 6)
        assert same(new.parse, old.parse)
        assert same(new.neck, old.neck)
        assert np.abs(new.keypoints - old.keypoints).max() <= 0.0051
        assert np.array_equal(np.isnan(new.correspondence), np.isnan(old.correspondence))
        assert np.nanmax(np.abs(new.correspondence - old.correspondence)) <= 0.25
        assert (new.framing, new.turn_deg) == (old.framing, old.turn_deg)
    for slot in GARMENTS:
        new, old = getattr(read, slot), getattr(sample, slot)
        for field in ("garment_id", "mask", "inner_collar", "label_tag", "category", "attributes", "caption"):
            assert same(getattr(new, field), getattr(old, field)), field
        assert np.abs(new.alpha - old.alpha).max() <= 1 / 126 + 1e-6


def test_the_least_sample_comes_back_without_what_it_lacks(tmp_path):
    full = make_sample()
    sample = Sample("p", Garment("g", full.cloth.image, alpha=full.cloth.alpha), View(full.person.image))
    write_sample(tmp_path, "train", "a", sample, "png")
    read = read_sample(tmp_path, "train", "a")
    alpha = read.cloth.alpha
    assert same(replace(read, cloth=replace(read.cloth, alpha=full.cloth.alpha)), sample)
    assert np.abs(alpha - full.cloth.alpha).max() <= 1 / 126 + 1e-6
    assert len(sample_files(tmp_path, "train", "a")) == 4


def test_a_garment_without_a_picture_has_no_files_and_no_line_among_the_pairs(tmp_path):
    full = make_sample()
    sample = replace(full, cloth=Garment("g", category="top", attributes={"kind": "tee"}, caption="a red tee."))
    write_sample(tmp_path, "train", "a", sample, "png")
    write_sample(tmp_path, "train", "b", full, "png")
    read = read_sample(tmp_path, "train", "a")
    assert same(read.cloth, sample.cloth)
    assert same(read.other_cloth.mask, full.other_cloth.mask)
    assert is_intact(tmp_path, "train", "a")
    assert {path.name for path in tmp_path.glob("train/cloth*/a*")} == {"a_02.png"}
    write_pairs(tmp_path, "train")
    assert (tmp_path / "train_pairs.txt").read_text() == "b_00.png b_00.png\n"


def test_the_folders_are_those_of_viton_hd_and_ours(tmp_path):
    write_sample(tmp_path, "test", "000005", make_sample())
    found = {path.relative_to(tmp_path / "test").as_posix() for path in sample_files(tmp_path, "test", "000005")}
    assert found == {path.relative_to(tmp_path / "test").as_posix() for path in tmp_path.rglob("*.*")}
    person, other = "000005_00", "000005_02"
    for stem in (person, other):  # the person of a garment has the garment's name
        assert {f"{folder}/{stem}.webp" for folder in ("image", "cloth", "cloth-mask")} <= found
        assert {f"image-parse-v3/{stem}.png", f"openpose_json/{stem}_keypoints.json"} <= found
    assert len(found) == 4 * 5 + 2 * 3 + 1


def test_pairs_name_the_own_garment_for_training_and_the_other_one_for_the_test(tmp_path):
    for split in ("train", "test"):
        for name in ("000000", "000001"):
            write_sample(tmp_path, split, name, make_sample())
        write_pairs(tmp_path, split)
    train, test = ((tmp_path / f"{split}_pairs.txt").read_text() for split in ("train", "test"))
    assert train == "000000_00.webp 000000_00.webp\n000001_00.webp 000001_00.webp\n"
    assert test == "000000_00.webp 000000_02.webp\n000001_00.webp 000001_02.webp\n"


def test_the_same_sample_gives_the_same_bytes(tmp_path):
    for folder in ("a", "b"):
        write_sample(tmp_path / folder, "train", "x", make_sample(9))
    for a in sample_files(tmp_path / "a", "train", "x"):
        assert a.read_bytes() == (tmp_path / "b" / a.relative_to(tmp_path / "a")).read_bytes()


def test_a_sample_without_its_meta_file_is_not_there(tmp_path):
    write_sample(tmp_path, "train", "a", make_sample())
    write_sample(tmp_path, "train", "b", make_sample())
    assert sample_names(tmp_path, "train") == ["a", "b"]
    (tmp_path / "train/meta/a.json").rename(tmp_path / "train/meta/.a.json.123")
    assert sample_names(tmp_path, "train") == ["b"]
    with pytest.raises(VtonError, match=r"a\.json: no such sample; choose one that sample_names lists"):
        read_sample(tmp_path, "train", "a")


def test_a_full_disk_leaves_the_samples_before_and_nothing_half(tmp_path, monkeypatch):
    write_sample(tmp_path, "train", "a", make_sample())
    before = sorted(tmp_path.rglob("*.*"))
    write_bytes = layout.Path.write_bytes

    def full(path, data):
        if path.parent.name == "correspondence":
            write_bytes(path, data[:10])
            raise OSError(28, "No space left on device")
        return write_bytes(path, data)

    monkeypatch.setattr(layout.Path, "write_bytes", full)
    with pytest.raises(VtonError, match=r"sample b cannot be written \(No space left.+the samples before it are kept"):
        write_sample(tmp_path, "train", "b", make_sample())
    assert sorted(tmp_path.rglob("*.*")) == before
    assert is_intact(tmp_path, "train", "a")


def every_file() -> list[str]:
    stem = "a_00"
    return [
        f"image/{stem}.webp", f"image-parse-v3/{stem}.png", f"neck/{stem}.png", f"correspondence/{stem}.png",
        f"openpose_json/{stem}_keypoints.json", f"cloth/{stem}.webp", f"cloth-mask/{stem}.webp",
        f"cloth-parts/{stem}.png", "meta/a.json",
    ]  # fmt: skip


DAMAGES = {
    "missing": None,
    "empty": lambda data: b"",
    "cut off": lambda data: data[: len(data) // 2],
    "other": lambda data: b"junk" * 100,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_file_is_named_with_its_mend(tmp_path, damage):
    for relative in every_file():
        write_sample(tmp_path, "train", "a", make_sample())
        assert is_intact(tmp_path, "train", "a")
        path = tmp_path / "train" / relative
        if damage:
            path.write_bytes(damage(path.read_bytes()))
        else:
            path.unlink()
        assert not is_intact(tmp_path, "train", "a")
        with pytest.raises(VtonError, match=rf"{path}: .+; (restore it|choose one)"):
            read_sample(tmp_path, "train", "a")


@pytest.mark.parametrize("relative", every_file())
def test_one_changed_bit_is_noticed(tmp_path, relative):
    write_sample(tmp_path, "train", "a", make_sample())
    path = tmp_path / "train" / relative
    data = bytearray(path.read_bytes())
    data[-12] ^= 1
    path.write_bytes(data)
    assert not is_intact(tmp_path, "train", "a")


def test_a_map_of_another_size_is_refused(tmp_path):
    write_sample(tmp_path, "train", "a", make_sample())
    write_sample(tmp_path, "train", "b", make_sample(size=(32, 24)))
    folder = tmp_path / "train/neck"
    (folder / "b_00.png").replace(folder / "a_00.png")
    with pytest.raises(VtonError, match=r"a\.json: person: field 'neck' is bool of shape \(32, 24\); .+restore it"):
        read_sample(tmp_path, "train", "a")


def test_unknown_splits_and_folders_are_refused(tmp_path):
    with pytest.raises(VtonError, match="split is 'validation'; choose one of train, test"):
        sample_names(tmp_path, "validation")
    with pytest.raises(VtonError, match="no such folder; choose the folder of a data set"):
        sample_names(tmp_path / "nowhere", "train")


def test_some_fields_are_read_and_the_rest_is_left_alone(tmp_path):
    sample = make_sample()
    write_sample(tmp_path, "train", "000000", sample)
    for path in (tmp_path / "train").rglob("*correspondence*/*"):
        path.write_bytes(b"not opened")
    found = read_sample(tmp_path, "train", "000000", ("person.parse", "cloth.label_tag"))
    np.testing.assert_array_equal(found.person.parse, sample.person.parse)
    np.testing.assert_array_equal(found.cloth.label_tag, sample.cloth.label_tag)
    assert found.person.image.shape == sample.person.image.shape
    assert found.person.neck is None
    assert found.person.correspondence is None
    assert found.cloth.mask is None
    assert found.swap.parse is None
    assert found.cloth.caption == sample.cloth.caption
