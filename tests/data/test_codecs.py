"""Each array comes back from its file, exactly or within its step."""

import json

import numpy as np
import pytest

from vtonlib.data import codecs
from vtonlib.data.keypoints import decode_openpose, encode_openpose
from vtonlib.errors import VtonError

from .hand_made import make_sample

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(("image_format", "error"), [("webp", 6), ("jpg", 6), ("png", 0)])
def test_pictures(image_format, error):
    image = make_sample().person.image
    data = codecs.encode_picture(image, image_format, 92)
    read = codecs.decode_picture(data)
    assert (read.shape, read.dtype) == (image.shape, np.uint8)
    assert np.abs(read.astype(int) - image).max() <= error


@pytest.mark.parametrize("image_format", codecs.FORMATS)
@pytest.mark.parametrize("share", [0, 0.5, 1])
def test_a_cloth_mask_is_exact_in_each_file_type(image_format, share):
    mask = RNG.random((64, 48)) < share
    assert np.array_equal(codecs.decode_mask(codecs.encode_cloth_mask(mask, image_format)), mask)


def test_masks_and_labels_are_exact_and_small():
    mask, labels = RNG.random((64, 48)) < 0.5, RNG.integers(0, 20, (64, 48), np.uint8)
    assert np.array_equal(codecs.decode_mask(codecs.encode_mask(mask)), mask)
    assert np.array_equal(codecs.decode_labels(codecs.encode_labels(labels)), labels)
    for largest in range(20):  # the file's bits a pixel depend on it
        few = labels % (largest + 1)
        assert np.array_equal(codecs.decode_labels(codecs.encode_labels(few)), few)
    assert len(codecs.encode_mask(mask)) <= 64 * (48 / 8 + 1) + 100


def test_a_label_beyond_the_last_is_refused():
    with pytest.raises(VtonError, match="'parse' holds label 20"):
        codecs.encode_labels(np.full((8, 6), 20, np.uint8))


@pytest.mark.parametrize("size", [(64, 48), (128, 96), (256, 192), (1024, 768)])
def test_correspondence_is_off_by_a_quarter_pixel_at_most(size):
    points = (RNG.random((*size, 2)) * (size[1] - 1, size[0] - 1)).astype(np.float32)
    points[RNG.random(size) < 0.3] = np.nan
    points[0, :4] = [[0, 0], [size[1] - 1, size[0] - 1], [0, size[0] - 1], [size[1] - 1, 0]]
    read = codecs.decode_correspondence(codecs.encode_correspondence(points))
    assert (read.dtype, read.shape) == (np.float32, points.shape)
    assert np.array_equal(np.isnan(read), np.isnan(points))
    assert np.nanmax(np.abs(read - points)) <= 0.25
    assert np.array_equal(read[0, :4], points[0, :4])


def test_smooth_correspondence_takes_little_room():
    points = make_sample(size=(128, 96)).person.correspondence
    assert len(codecs.encode_correspondence(points)) <= 2600


def test_correspondence_outside_the_picture_is_refused():
    for value in (-1.0, codecs.LARGEST_SIDE + 1.0):
        with pytest.raises(VtonError, match="'correspondence' holds coordinates outside"):
            codecs.encode_correspondence(np.full((8, 6, 2), value, np.float32))


def test_parts_are_exact_but_for_the_steps_of_alpha():
    collar, label = RNG.random((64, 48)) < 0.2, RNG.random((64, 48)) < 0.1
    alpha = RNG.random((64, 48)).astype(np.float32)
    alpha[0, :2] = [0, 1]
    read_collar, read_label, read_alpha = codecs.decode_parts(codecs.encode_parts(collar, label, alpha))
    assert np.array_equal(read_collar, collar)
    assert np.array_equal(read_label, label)
    assert read_alpha.dtype == np.float32
    assert np.abs(read_alpha - alpha).max() <= 1 / 126 + 1e-6
    assert read_alpha[0, :2].tolist() == [0, 1]


def test_alpha_outside_its_range_is_refused():
    nowhere = np.zeros((8, 6), bool)
    for value in (-0.1, 1.1, np.nan):
        with pytest.raises(VtonError, match="'alpha' leaves"):
            codecs.encode_parts(nowhere, nowhere, np.full((8, 6), value, np.float32))


def test_keypoints_come_back_to_a_hundredth_with_hidden_ones():
    keypoints = make_sample().person.keypoints
    read = decode_openpose(encode_openpose(keypoints))
    assert (read.dtype, read.shape) == (np.float32, (18, 3))
    assert np.abs(read - keypoints).max() <= 0.0051
    assert np.array_equal(read[:, 2], keypoints[:, 2])


def test_keypoints_are_written_in_the_order_of_body_25():
    keypoints = np.column_stack([np.arange(18), np.zeros(18), np.ones(18)]).astype(np.float32)
    body = np.reshape(json.loads(encode_openpose(keypoints))["people"][0]["pose_keypoints_2d"], (25, 3))
    assert body[:, 0].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 9.5, *range(8, 18), 0, 0, 0, 0, 0, 0]
    assert body[8].tolist() == [9.5, 0, 1]


def test_keypoints_of_openposes_older_model_are_read():
    numbers = np.column_stack([np.arange(18), np.zeros(18), np.linspace(0, 0.9, 18)]).ravel().tolist()
    read = decode_openpose(json.dumps({"people": [{"pose_keypoints_2d": numbers}]}).encode())
    assert read[:, 0].tolist() == list(range(18))
    assert read[:, 2].tolist() == [0, *[1] * 17]
