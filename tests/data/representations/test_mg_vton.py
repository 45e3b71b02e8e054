"""MG-VTON: masks, discs, labels, and the reference without its clothes."""

import numpy as np
import pytest
import torch

from vtonlib.data.keypoints import COCO_18
from vtonlib.data.labels import LIP, LIP_20
from vtonlib.data.representations import mg_vton, viton

from .figure import JOINTS, PARTS, SIZE, figure, signed

VIEW = figure()


def test_masks_are_hair_face_and_the_whole_body():
    masks = mg_vton.reference_masks(VIEW)
    assert masks.shape == (3, *SIZE)
    for channel, name in ((0, "hair"), (1, "face")):
        expected = torch.zeros(SIZE)
        expected[PARTS[name]] = 1
        assert torch.equal(masks[channel], expected)
    assert torch.equal(masks[2:], mg_vton.body_shape(VIEW))
    assert masks[2, 30, 96] == 1  # the head is part of it
    assert masks[2, 100, 96] == 1
    below = torch.equal(masks[2, 80:], viton.body_shape(VIEW)[0, 80:])
    assert below  # elsewhere it is VITON's


def test_pose_is_discs_of_radius_four():
    maps = mg_vton.pose(VIEW)
    y, x = np.mgrid[: SIZE[0], : SIZE[1]]
    for number, name in enumerate(COCO_18):
        expected = np.zeros(SIZE, bool)
        if name in JOINTS:
            expected = (x - JOINTS[name][0]) ** 2 + (y - JOINTS[name][1]) ** 2 <= 16
        assert np.array_equal(maps[number].numpy(), expected), name


def test_labels_have_a_channel_each_and_the_background_too():
    parsing = mg_vton.parsing(VIEW)
    assert parsing.shape == (len(LIP_20), *SIZE)
    assert torch.equal(parsing.sum(0), torch.ones(SIZE))
    assert np.array_equal(parsing.argmax(0).numpy(), VIEW.parse)
    assert parsing[0, 0, 0] == 1
    assert parsing[LIP["left_arm"], 100, 140] == 1


def test_the_reference_without_clothes_is_grey_where_they_were():
    reference = mg_vton.reference_without_clothes(VIEW)
    clothes = mg_vton.clothes_mask(VIEW)
    assert clothes.sum() == 64 * 64
    assert (reference[:, clothes[0] > 0] == 0).all()
    assert reference[:, 100, 40].tolist() == pytest.approx(signed("right_arm"), abs=1e-6)
    assert reference[:, 0, 0].tolist() == pytest.approx([250 / 127.5 - 1] * 3)
    without_trousers = mg_vton.reference_without_clothes(VIEW, ("pants",))
    assert (without_trousers[:, 160, 96] == 0).all()
    assert (without_trousers[:, 100, 96] != 0).any()
