"""FashionGAN's release as a data set in our layout: what was in it is in there, and a cut-off one is completed."""

import numpy as np
import pytest
from typer.testing import CliRunner

from tests.data.fashiongan_release.release_files import NAMES, SENTENCES, write_pictures, write_release
from tests.data.hand_made import make_sample
from vtonlib.cli import app
from vtonlib.convert.fashiongan import convert_release
from vtonlib.data.label_sets import FASHIONGAN_7, convert
from vtonlib.data.layout import is_intact, read_facts, read_sample, sample_names, write_sample
from vtonlib.data.memory import load_fields
from vtonlib.errors import VtonError


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_release(tmp_path_factory.mktemp("release"))


def test_both_splits_are_written(written, tmp_path):
    done = convert_release(written.folder, tmp_path / "set", image_format="png")
    assert done == (tmp_path / "set", 6, 0)
    assert sample_names(done.folder, "train") == ["000001", "000002", "000003", "000005"]
    assert sample_names(done.folder, "test") == ["000000", "000004"]
    for split in ("train", "test"):
        for name in sample_names(done.folder, split):
            sample, row = read_sample(done.folder, split, name), int(name)
            assert is_intact(done.folder, split, name)
            np.testing.assert_array_equal(sample.person.image, written.images[row])
            np.testing.assert_array_equal(convert(sample.person.parse, None, FASHIONGAN_7), written.labels[row])
            assert (sample.person_id, sample.cloth.caption) == (NAMES[row], SENTENCES[row])
            assert sample.cloth.image is None
            assert (sample.other_cloth is None) == (split == "train")
    facts = read_facts(done.folder, "test", "000004")["garments"]["other_cloth"]
    assert facts["caption"] == SENTENCES[0]
    assert facts["attributes"] == {"kind": "blouse", "colour": "blue", "sleeve": "long"}


def test_stages_can_load_it(written, tmp_path):
    convert_release(written.folder, tmp_path / "set", image_format="png")
    loaded = load_fields(
        tmp_path / "set", "train", ("person.image", "person.parse"), (64, 64), square=True, cache=tmp_path
    )
    assert loaded["person.image"].shape == (4, 3, 64, 64)
    with pytest.raises(VtonError, match=r"has no field 'cloth\.image'"):
        load_fields(tmp_path / "set", "train", ("cloth.image",), (64, 64), cache=tmp_path)


def test_a_cut_off_set_is_completed(written, tmp_path):
    assert convert_release(written.folder, tmp_path, limit=1)[1:] == (2, 0)
    (tmp_path / "test/image/000000_00.webp").write_bytes(b"half")
    assert convert_release(written.folder, tmp_path)[1:] == (5, 1)
    assert convert_release(written.folder, tmp_path)[1:] == (0, 6)


def test_a_folder_with_something_else_is_left_alone(written, tmp_path):
    for name in ("000001", "000077"):
        write_sample(tmp_path / name, "train", name, make_sample())
        before = sorted(tmp_path.rglob("*"))
        with pytest.raises(VtonError, match=rf"train: holds sample {name} of another data set; choose another folder"):
            convert_release(written.folder, tmp_path / name)
        assert sorted(tmp_path.rglob("*")) == before
    (tmp_path / "file").touch()
    with pytest.raises(VtonError, match="file: is no folder; choose another"):
        convert_release(written.folder, tmp_path / "file")


def test_a_turned_release_is_not_converted(tmp_path):
    own = write_release(tmp_path / "release")
    path = own.folder / "data_release/test_phase_inputs/G2.h5"
    write_pictures(path, own.images / 255, own.labels.transpose(0, 2, 1), own.mean)
    with pytest.raises(VtonError, match=r"G2\.h5: data set 'b_' has hair above"):
        convert_release(own.folder, tmp_path / "set")
    assert not (tmp_path / "set").exists()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"limit": 0}, "limit is 0; give 1 or more"),
        ({"image_format": "gif"}, "format is 'gif'; choose one of webp, jpg, png"),
        ({"quality": 101}, "quality is 101; give 1 to 100"),
    ],
)
def test_wrong_settings_are_refused(written, tmp_path, settings, message):
    with pytest.raises(VtonError, match=message):
        convert_release(written.folder, tmp_path, **settings)


def test_the_command_passes_its_options_on(written, tmp_path):
    words = ["convert", "fashiongan", str(written.folder), str(tmp_path / "set"), "--limit", "1", "--format", "jpg"]
    result = CliRunner().invoke(app, [*words, "--quality", "80"])
    assert (result.exit_code, result.stdout) == (0, f"2 converted, 0 kept: {tmp_path / 'set'}\n")
    assert (tmp_path / "set/train/image/000001_00.jpg").is_file()


@pytest.mark.parametrize("damage", [None, b"", b"junk" * 1000])
@pytest.mark.parametrize("name", ["test_phase_inputs/G2.h5", "benchmark/ind.mat", "benchmark/language_original.mat"])
def test_a_bad_file_costs_the_command_one_line(tmp_path, name, damage):
    own = write_release(tmp_path / "release")
    path = own.folder / "data_release" / name
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
    result = CliRunner().invoke(app, ["convert", "fashiongan", str(own.folder), str(tmp_path / "set")])
    assert result.exit_code == 2
    assert result.stderr.startswith(f"vtonlib: {own.folder}")
    assert path.name in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "set").exists()
