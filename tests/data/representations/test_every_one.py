"""What holds for the representation of every paper."""

from dataclasses import replace

import pytest
import torch

from vtonlib.data.flip import MIRRORED_JOINTS, flip_view
from vtonlib.data.representations import agnostic, cp_vton, cp_vton_plus, fashiongan, mg_vton, viton
from vtonlib.data.resize import pad_view
from vtonlib.data.views import Views
from vtonlib.errors import VtonError

from .figure import figure

VIEW = figure()

# Function, and the fields that it needs beside the picture.
NEEDS = {
    viton.person_representation: ("parse", "keypoints"),
    viton.pose: ("keypoints",),
    viton.body_shape: ("parse",),
    viton.face_and_hair: ("parse",),
    viton.clothing_mask: ("parse",),
    cp_vton.person_representation: ("parse", "keypoints"),
    cp_vton.head: ("parse",),
    cp_vton.body_shape: ("parse",),
    cp_vton.pose: ("keypoints",),
    cp_vton.worn_cloth: ("parse",),
    cp_vton.worn_mask: ("parse",),
    cp_vton_plus.matching_representation: ("parse", "neck", "keypoints"),
    cp_vton_plus.try_on_representation: ("parse", "neck", "keypoints"),
    cp_vton_plus.body_shape: ("parse", "neck"),
    cp_vton_plus.composition_target: ("parse",),
    mg_vton.reference_masks: ("parse",),
    mg_vton.body_shape: ("parse",),
    mg_vton.pose: ("keypoints",),
    mg_vton.clothes_mask: ("parse",),
    mg_vton.reference_without_clothes: ("parse",),
    mg_vton.parsing: ("parse",),
    fashiongan.segmentation: ("parse",),
    fashiongan.merged_segmentation: ("parse",),
    agnostic.agnostic_picture: ("parse", "keypoints"),
}
OF_MANY = [function for function in NEEDS if function is not agnostic.agnostic_picture]
POSES = {
    viton.person_representation: 0, viton.pose: 0, cp_vton.person_representation: 4, cp_vton.pose: 0,
    cp_vton_plus.matching_representation: 4, cp_vton_plus.try_on_representation: 4, mg_vton.pose: 0,
}  # fmt: skip
"""Where the 18 maps of joints begin."""


def name_of(function) -> str:
    return f"{function.__module__.split('.')[-1]}.{function.__name__}"


@pytest.mark.parametrize("function", NEEDS, ids=name_of)
def test_values_are_in_range(function):
    values = function(VIEW)
    assert values.dtype == torch.float32
    low, high = (-1, 1) if function is not fashiongan.merged_segmentation else (-0.15, 1.15)
    assert low <= values.min()
    assert values.max() <= high


@pytest.mark.parametrize("function", NEEDS, ids=name_of)
def test_a_missing_field_is_named_with_its_mend(function):
    for field in ("parse", "neck", "keypoints"):
        less = replace(VIEW, **{field: None})
        if field in NEEDS[function]:
            with pytest.raises(VtonError, match=f"view: has no field '{field}'; use a data set that provides it"):
                function(less)
        else:
            function(less)


@pytest.mark.parametrize("function", OF_MANY, ids=name_of)
def test_many_views_give_what_each_gives(function):
    other = flip_view(VIEW, 192)
    together = function(Views.of([VIEW, other]))
    assert torch.equal(together[0], function(VIEW))
    assert torch.equal(together[1], function(other))


@pytest.mark.parametrize("function", NEEDS, ids=name_of)
def test_the_mirrored_view_has_the_mirrored_representation(function):
    expected = function(VIEW).flip(-1)
    if function is mg_vton.parsing:
        expected = expected[[*range(14), 15, 14, 17, 16, 19, 18]]
    if function in POSES:
        start = POSES[function]
        expected[start : start + 18] = expected[start : start + 18][list(MIRRORED_JOINTS)]
    torch.testing.assert_close(function(flip_view(VIEW, 192)), expected, rtol=0, atol=1e-5)


def test_views_that_lack_a_field_lack_it_together():
    views = Views.of([VIEW, replace(VIEW, neck=None)])
    assert views.neck is None
    assert views.parse.shape == (2, 256, 192)


def test_a_batch_without_the_view_is_refused():
    with pytest.raises(VtonError, match=r"no field 'swap\.image'; add it to the fields"):
        Views.inside({}, "swap")


def test_views_of_two_sizes_are_refused():
    with pytest.raises(VtonError, match=r"views of sizes \[\(256, 192\), \(256, 256\)\]: resize"):
        Views.of([VIEW, pad_view(VIEW)])
