"""The five files as samples, wherever they lie; a file that does not fit the others is named."""

import numpy as np
import pytest
import torch

from vtonlib.data.fashiongan_release.release import LIP_LABELS, Release, to_lip_labels
from vtonlib.data.label_sets import FASHIONGAN_7, convert
from vtonlib.data.labels import LIP
from vtonlib.data.representations.fashiongan import human_attributes, labels_7
from vtonlib.data.views import Views
from vtonlib.errors import VtonError

from .release_files import NAMES, SENTENCES, people, write_annotations, write_pictures, write_release


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_release(tmp_path_factory.mktemp("release"))


@pytest.fixture
def own(tmp_path):
    """A release that a test may damage."""
    return write_release(tmp_path, nested=False)


def test_seven_labels_come_back_through_lip():
    seven = np.arange(7, dtype=np.uint8)
    lip = to_lip_labels(seven)
    assert lip.tolist() == [LIP[name] for name in LIP_LABELS]
    assert convert(lip, None, FASHIONGAN_7).tolist() == seven.tolist()


def test_a_sample_has_what_the_release_has(written):
    sample = Release(written.folder).sample(2)
    np.testing.assert_array_equal(sample.person.image, written.images[2])
    np.testing.assert_array_equal(labels_7(Views.of([sample.person]))[0], torch.from_numpy(written.labels[2]).long())
    assert sample.person_id == NAMES[2]
    assert sample.cloth.caption == SENTENCES[2]
    assert sample.attributes == {"gender": "man"}
    assert sample.other_cloth is None
    assert sample.person.keypoints is None
    with pytest.raises(VtonError, match=r"has no field 'cloth\.image'; use a data set that provides it"):
        sample.require("cloth.image")
    with pytest.raises(VtonError, match="attributes have no 'hair_length'"):
        human_attributes(sample)


def test_a_test_row_is_dressed_after_the_sentence_of_its_pair(written):
    release = Release(written.folder)
    sentence_of = release.splits.sentence_of()
    found = {row: release.sample(row, sentence_of[row]) for row in release.splits.test.tolist()}
    assert {row: sample.other_cloth.caption for row, sample in found.items()} == {0: SENTENCES[5], 4: SENTENCES[0]}
    assert {row: sample.cloth.caption for row, sample in found.items()} == {0: SENTENCES[0], 4: SENTENCES[4]}
    assert found[4].other_cloth.attributes == {"kind": "blouse", "colour": "blue", "sleeve": "long"}
    assert found[0].swap is None


def test_codes_are_at_hand(written):
    release = Release(written.folder)
    assert len(release) == 6
    np.testing.assert_allclose(release.merged[4, 1, 2, 7], written.merged[2, 7, 0, 4], rtol=1e-6)
    np.testing.assert_allclose(release.text_codes, written.codes, atol=1e-7)


def test_files_are_found_in_each_of_their_places(written, own):
    for folder in (written.folder, written.folder / "data_release", own.folder):
        np.testing.assert_array_equal(Release(folder).sample(1).person.image, written.images[1])


def test_nothing_is_read_before_it_is_asked_for(own):
    for name in ("G2.h5", "sr1_8.mat", "encode_hn2_rnn_100_2_full.mat", "ind.mat"):
        (own.folder / name).unlink()
    assert Release(own.folder).annotations.sentences == SENTENCES


@pytest.mark.parametrize(
    ("name", "ask"),
    [
        ("G2.h5", lambda release: release.sample(0)),
        ("language_original.mat", len),
        ("ind.mat", lambda release: release.splits),
        ("sr1_8.mat", lambda release: release.merged),
        ("encode_hn2_rnn_100_2_full.mat", lambda release: release.text_codes),
    ],
)
def test_a_missing_or_damaged_file_is_named(own, name, ask):
    data = (own.folder / name).read_bytes()
    (own.folder / name).write_bytes(data[: len(data) // 3])
    with pytest.raises(VtonError, match=rf"{name}: .+; (fetch it again|choose the file of the original release)"):
        ask(Release(own.folder))
    (own.folder / name).unlink()
    with pytest.raises(VtonError, match=rf"{own.folder}: has no {name}, neither there nor in data_release/\w+; put it"):
        ask(Release(own.folder))


@pytest.mark.parametrize("rows", [(-1, None), (6, None), (0, 6), (0, -1)])
def test_a_row_that_is_not_there_is_refused(written, rows):
    with pytest.raises(VtonError, match=r"language_original\.mat: row (-1|6) is asked for; give one from 0 to 5"):
        Release(written.folder).sample(*rows)


def test_files_of_different_lengths_do_not_go_together(own):
    write_annotations(own.folder / "language_original.mat", SENTENCES[:5])
    release = Release(own.folder)
    with pytest.raises(VtonError, match=r"G2\.h5: has 6 rows and .+language_original\.mat has 5; choose files of the"):
        release.sample(0)
    with pytest.raises(VtonError, match=r"'train_ind' holds 6 .+ from 1 to 5"):
        _ = release.splits
    with pytest.raises(VtonError, match=r"'hn2' has shape \(6, 100\) and should have \(5, 100\)"):
        _ = release.text_codes


def test_an_upright_release_passes(written):
    Release(written.folder).check_orientation()


def test_turned_labels_are_noticed(own):
    images, labels = people()
    write_pictures(own.folder / "G2.h5", images / 255, labels.transpose(0, 2, 1), own.mean)
    with pytest.raises(VtonError, match=r"G2\.h5: data set 'b_' has hair above .+ in only 0 of the 6 maps"):
        Release(own.folder).check_orientation()


def test_turned_pictures_are_noticed(own):
    images, labels = people()
    write_pictures(own.folder / "G2.h5", images.transpose(0, 2, 1, 3) / 255, labels, own.mean)
    with pytest.raises(
        VtonError, match=r"G2\.h5: data set 'b_' covers the people in 'ih' no better .+ 'ih' are others"
    ):
        Release(own.folder).check_orientation()


def test_maps_without_people_are_noticed(own):
    images, labels = people()
    write_pictures(own.folder / "G2.h5", images / 255, 0 * labels, own.mean)
    with pytest.raises(VtonError, match="in only 0 of the 0 maps that show all three"):
        Release(own.folder).check_orientation()
