"""G2.h5: rows and columns change places, the mean comes back, and one row is read at a time."""

import pickle
import sys

import h5py
import numpy as np
import pytest

from vtonlib.data.fashiongan_release.pictures import Pictures
from vtonlib.errors import VtonError

from .release_files import SIDE, mean_picture, people, write_pictures

IMAGES, LABELS = people(2)


def written(path, images=IMAGES / 255, labels=LABELS, **other):
    write_pictures(path / "G2.h5", images, labels, mean_picture(), **other)
    return Pictures(path / "G2.h5")


def test_what_was_stored_comes_back(tmp_path):
    pictures = written(tmp_path)
    assert len(pictures) == 2
    for row in range(2):
        image, labels = pictures.read(row)
        assert (image.dtype, labels.dtype) == (np.uint8, np.uint8)
        np.testing.assert_array_equal(image, IMAGES[row])
        np.testing.assert_array_equal(labels, LABELS[row])
    np.testing.assert_allclose(pictures.mean, mean_picture(), atol=1e-6)


def test_the_last_axis_of_the_file_is_the_row(tmp_path):
    """By hand: column 100 of row 7, in green, in a picture that is the mean elsewhere."""
    ih, b_ = np.zeros((1, 3, SIDE, SIDE), np.float32), np.zeros((1, 1, SIDE, SIDE), np.uint8)
    ih[0, 1, 100, 7], b_[0, 0, 100, 7] = -0.25, 6
    mean = np.full((3, SIDE, SIDE), 0.8, np.float32)
    image, labels = written(tmp_path, ih=ih, b_=b_, ih_mean=mean).read(0)
    assert np.argwhere(labels).tolist() == [[7, 100]]
    assert np.argwhere(image != 204).tolist() == [[7, 100, 1]]
    assert image[7, 100, 1] == 140  # 255 * (0.8 - 0.25) = 140.25


def test_the_mean_has_its_axes_changed_too(tmp_path):
    ih, mean = np.zeros((2, 3, SIDE, SIDE), np.float32), np.full((3, SIDE, SIDE), 0.8, np.float32)
    mean[2, 100, 7] = 0.4
    image, _ = written(tmp_path, ih=ih, ih_mean=mean).read(1)
    assert np.argwhere(image != 204).tolist() == [[7, 100, 2]]
    assert image[7, 100, 2] == 102


def test_what_leaves_the_range_is_cut_off(tmp_path):
    images = np.full((1, SIDE, SIDE, 3), 0.5)
    images[0, 0, 0], images[0, 0, 1] = 1.2, -0.1
    image, _ = written(tmp_path, images, LABELS[:1]).read(0)
    assert image[0, :3, 0].tolist() == [255, 0, 128]


@pytest.mark.parametrize("kind", [np.uint8, np.int64, np.float64])
def test_labels_may_have_any_type(tmp_path, kind):
    pictures = written(tmp_path, b_=LABELS.transpose(0, 2, 1)[:, None].astype(kind))
    np.testing.assert_array_equal(pictures.read(1)[1], LABELS[1])


def test_only_the_row_that_is_asked_for_is_read(tmp_path, monkeypatch):
    pictures = written(tmp_path)
    assert pictures.mean.shape == (SIDE, SIDE, 3)
    asked = []
    original = h5py.Dataset.__getitem__

    def watched(self, index, *rest):
        asked.append((self.name, index))
        return original(self, index, *rest)

    monkeypatch.setattr(h5py.Dataset, "__getitem__", watched)
    pictures.read(1)
    assert asked == [("/ih", 1), ("/b_", 1)]


def test_it_can_be_sent_to_another_process(tmp_path):
    pictures = written(tmp_path)
    pictures.read(0)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(pictures)).read(1)[0], IMAGES[1])


@pytest.mark.parametrize("row", [-1, 2])
def test_a_row_that_is_not_there_is_refused(tmp_path, row):
    with pytest.raises(VtonError, match=rf"G2\.h5: row {row} is asked for; give one from 0 to 1"):
        written(tmp_path).read(row)


@pytest.mark.parametrize("name", ["ih", "b_", "ih_mean"])
def test_a_missing_data_set_is_named(tmp_path, name):
    with pytest.raises(VtonError, match=rf"G2\.h5: has no data set '{name}'; choose the file of the original release"):
        written(tmp_path, **{name: None}).read(0)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("ih", (2, SIDE, SIDE, 3)), ("ih", (2, 3, 64, 64)), ("ih", ()), ("b_", (2, SIDE, SIDE)),
        ("b_", (3, 1, SIDE, SIDE)), ("ih_mean", (SIDE, SIDE, 3)), ("ih_mean", (1, 3, SIDE, SIDE)),
    ],
)  # fmt: skip
def test_another_shape_is_refused(tmp_path, name, shape):
    with pytest.raises(VtonError, match=r"G2\.h5: data set '.+' is float32 of shape .+ and should be numbers of shape"):
        len(written(tmp_path, **{name: np.zeros(shape, np.float32)}))


@pytest.mark.parametrize("wrong", [7, -1, 2.5, np.nan])
def test_other_labels_are_named_with_their_row(tmp_path, wrong):
    labels = LABELS.astype(np.float32)
    labels[1, 3, 4] = wrong
    pictures = written(tmp_path, labels=labels)
    pictures.read(0)
    with pytest.raises(VtonError, match=r"G2\.h5: data set 'b_' holds other labels than 0 to 6 in row 1; fetch"):
        pictures.read(1)


def test_what_is_no_number_is_refused(tmp_path):
    images = IMAGES / 255
    images[1, 3, 4] = np.nan
    with pytest.raises(VtonError, match=r"data set 'ih' holds no number in row 1"):
        written(tmp_path, images).read(1)
    with pytest.raises(VtonError, match=r"data set 'ih_mean' is no picture in \[0, 1\]"):
        written(tmp_path, ih_mean=np.full((3, SIDE, SIDE), 110, np.float32)).read(1)


@pytest.mark.parametrize("share", [0, 0.1, 0.9])
def test_a_file_that_is_cut_off_is_named(tmp_path, share):
    path = written(tmp_path).path
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    with pytest.raises(VtonError, match=r"G2\.h5: is cut off, damaged or no HDF5 file .+; fetch it again") as caught:
        Pictures(path).read(0)
    assert "\n" not in str(caught.value)


def test_damage_that_shows_only_in_a_row_is_named(tmp_path):
    path = written(tmp_path).path
    with h5py.File(path, "a") as file:
        stored = file["ih"][()]
        del file["ih"]
        file.create_dataset("ih", data=stored, chunks=(1, 3, SIDE, SIDE), compression="gzip", fletcher32=True)
        chunk = file["ih"].id.get_chunk_info(1)
    with path.open("r+b") as file:
        file.seek(chunk.byte_offset + chunk.size // 2)
        file.write(b"damaged")
    Pictures(path).read(0)
    with pytest.raises(VtonError, match=r"G2\.h5: is cut off, damaged or no HDF5 file .+; fetch it again"):
        Pictures(path).read(1)


def test_without_h5py_the_extra_is_named(tmp_path, monkeypatch):
    pictures = written(tmp_path)
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(VtonError, match=r"G2\.h5: reading it needs h5py; run: pip install 'vtonlib\[data\]'"):
        pictures.read(0)
