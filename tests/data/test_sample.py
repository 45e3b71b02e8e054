"""What a sample refuses, and how it says that a field is not there."""

from dataclasses import replace

import numpy as np
import pytest

from vtonlib.data.keypoints import COCO_18
from vtonlib.data.labels import LIP_20, LIP_PALETTE
from vtonlib.data.sample import Garment, Sample
from vtonlib.errors import VtonError

from .hand_made import SIZE, make_sample


def test_a_field_that_is_there_is_given():
    sample = make_sample()
    assert sample.require("swap") is sample.swap
    assert sample.require("swap.parse") is sample.swap.parse
    assert sample.require("other_cloth.caption") == sample.other_cloth.caption


@pytest.mark.parametrize("path", ["swap", "swap.parse", "person.neck", "cloth.alpha"])
def test_a_field_that_is_not_there_is_named(path):
    full = make_sample(3)
    garment = Garment("g", full.cloth.image)
    sample = Sample(full.person_id, garment, replace(full.person, neck=None))
    with pytest.raises(VtonError, match=rf"sample of person p3: has no field '{path}'; use a data set that"):
        sample.require(path)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("parse", np.zeros(SIZE, np.int64)),
        ("parse", np.zeros((SIZE[0], SIZE[1] + 1), np.uint8)),
        ("neck", np.zeros(SIZE, np.uint8)),
        ("keypoints", np.zeros((25, 3), np.float32)),
        ("correspondence", np.zeros((*SIZE, 2), np.float64)),
        ("image", np.zeros((*SIZE, 4), np.uint8)),
        ("framing", "quarter"),
    ],
)
def test_a_field_of_another_type_or_shape_is_refused(field, value):
    with pytest.raises(VtonError, match=f"field '{field}' is .+; give "):
        replace(make_sample().person, **{field: value})


@pytest.mark.parametrize(("field", "value"), [("mask", np.zeros(SIZE)), ("alpha", np.zeros(SIZE)), ("category", "hat")])
def test_so_it_is_for_garments(field, value):
    with pytest.raises(VtonError, match=f"field '{field}' is .+; give "):
        replace(make_sample().cloth, **{field: value})


def test_a_garment_may_lack_its_picture_and_then_has_no_map_of_it():
    words = Garment("g", category="dress", caption="a red dress.")
    with pytest.raises(VtonError, match="garment g: has no field 'image'; use a data set that provides it"):
        words.require("image")
    for name in ("mask", "inner_collar", "label_tag", "alpha"):
        with pytest.raises(VtonError, match=f"field '{name}' is there and 'image' is not; give both, or neither"):
            replace(words, **{name: getattr(make_sample().cloth, name)})
    with pytest.raises(VtonError, match="field 'category' is 'hat'"):
        replace(words, category="hat")


def test_labels_and_joints_stand_where_their_makers_put_them():
    assert len(LIP_20) == len(LIP_PALETTE) == 20
    assert (LIP_20.index("upper_clothes"), LIP_20.index("face"), LIP_20.index("right_shoe")) == (5, 13, 19)
    assert len(COCO_18) == 18
    assert (COCO_18.index("right_wrist"), COCO_18.index("left_hip"), COCO_18.index("left_ear")) == (4, 11, 17)
