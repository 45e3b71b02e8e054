"""People and garments by name: of the wardrobe, of files, and every way to get it wrong in one line."""

import numpy as np
import pytest
from PIL import Image

from vtonlib.data.codecs import encode_labels, encode_mask
from vtonlib.data.keypoints import encode_openpose
from vtonlib.data.layout import read_sample
from vtonlib.data.mini import wardrobe_mini
from vtonlib.errors import VtonError
from vtonlib.tryon.inputs import find_garment, find_labels, garment, person

NAME = "000000"


@pytest.fixture(scope="module")
def sample():
    return read_sample(wardrobe_mini(), "test", NAME)


@pytest.fixture
def files(sample, tmp_path):
    """A person and a garment in files, with everything beside them."""
    view, cloth = sample.person, sample.cloth
    Image.fromarray(view.image).save(tmp_path / "me.png")
    (tmp_path / "me_keypoints.json").write_bytes(encode_openpose(view.keypoints))
    (tmp_path / "me_parse.png").write_bytes(encode_labels(view.parse))
    Image.fromarray(cloth.image).save(tmp_path / "shirt.png")
    (tmp_path / "shirt_mask.png").write_bytes(encode_mask(cloth.mask))
    return tmp_path


def test_samples_are_found_by_number(sample):
    assert np.array_equal(person(NAME).image, sample.person.image)
    assert np.array_equal(person(f"{NAME}.other_pose").keypoints, sample.other_pose.keypoints)
    assert garment(NAME).garment_id == sample.cloth.garment_id
    assert garment(f"{NAME}.other_cloth").category == sample.other_cloth.category


def test_files_give_what_they_hold(sample, files):
    me, shirt = person(files / "me.png"), garment(files / "shirt.png", "dress")
    assert np.array_equal(me.image, sample.person.image)
    assert np.array_equal(me.parse, sample.person.parse)
    assert np.allclose(me.keypoints, sample.person.keypoints, atol=0.01)
    assert np.array_equal(shirt.mask, sample.cloth.mask)
    assert (shirt.category, shirt.garment_id) == ("dress", "shirt")


def test_labels_and_masks_that_are_missing_are_found(sample, files):
    for name in ("me_parse.png", "shirt_mask.png"):
        (files / name).unlink()
    found, truth = person(files / "me.png").parse, sample.person.parse
    assert np.array_equal(found, find_labels(sample.person.image))
    assert ((found > 0) & (truth > 0)).sum() > 0.75 * ((found > 0) | (truth > 0)).sum()
    mask = garment(files / "shirt.png").mask
    assert np.array_equal(mask, find_garment(sample.cloth.image))
    assert (mask & sample.cloth.mask).sum() > 0.95 * (mask | sample.cloth.mask).sum()


@pytest.mark.parametrize(("name", "says"), [
    ("999999", "neither a file nor one of the"),
    ("nobody.jpg", r"nobody\.jpg: is missing; put the file there that holds the picture"),
    (f"{NAME}.cloth", f"is no view of a sample; try {NAME}.other_pose"),
])  # fmt: skip
def test_wrong_people_are_named(name, says):
    with pytest.raises(VtonError, match=says):
        person(name)


def test_wrong_garments_are_named(files):
    with pytest.raises(VtonError, match="category is 'hat'; choose one of top, bottom, dress"):
        garment(NAME, "hat")
    with pytest.raises(VtonError, match="is no garment of a sample"):
        garment(f"{NAME}.person")
    (files / "shirt_mask.png").write_bytes(encode_mask(np.zeros((128, 96), dtype=bool)))
    with pytest.raises(VtonError, match=r"no garment is seen; give shirt_mask\.png"):
        garment(files / "shirt.png")
    (files / "shirt_mask.png").write_bytes(encode_mask(np.ones((64, 48), dtype=bool)))
    with pytest.raises(VtonError, match=r"shirt_mask.png: is \(64, 48\)"):
        garment(files / "shirt.png")


def test_what_is_damaged_or_missing_beside_a_person_is_named(files):
    (files / "me_parse.png").write_bytes(b"no picture")
    with pytest.raises(VtonError, match=r"me_parse\.png: should hold the labels and is damaged or of another kind"):
        person(files / "me.png")
    (files / "me_parse.png").write_bytes(encode_labels(np.zeros((64, 48), dtype=np.uint8)))
    with pytest.raises(VtonError, match="give labels of the picture's size"):
        person(files / "me.png")
    (files / "me_keypoints.json").unlink()
    with pytest.raises(VtonError, match=r"me_keypoints\.json: is missing; put the file there that holds the joints"):
        person(files / "me.png")
