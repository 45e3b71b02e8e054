"""The agnostic picture: what it hides, what it keeps, and that it forgets the old garment."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from vtonlib.data.keypoints import COCO
from vtonlib.data.representations.agnostic import agnostic_mask, agnostic_picture
from vtonlib.errors import VtonError

from .figure import JOINTS, NECK, PARTS, SIZE, figure, signed

VIEW = figure()
UNIT = 64 / 16  # the shoulders are 64 pixels apart


def test_clothes_arms_and_neck_are_hidden_head_and_legs_are_kept():
    mask = agnostic_mask(VIEW)
    assert mask.shape == SIZE
    assert mask.dtype == bool
    for name in ("upper_clothes", "right_arm", "left_arm"):
        assert mask[PARTS[name]].mean() > 0.85, name
    assert mask[PARTS["upper_clothes"]].all()
    assert mask[NECK].all()
    for name in ("face", "pants", "left_leg", "right_leg"):
        assert not mask[PARTS[name]].any(), name
    assert not mask[:8].any()
    assert not mask[240:].any()


def test_the_picture_is_grey_where_it_is_hidden_and_itself_elsewhere():
    picture, mask = agnostic_picture(VIEW), torch.from_numpy(agnostic_mask(VIEW))
    assert picture.shape == (3, *SIZE)
    assert (picture[:, mask] == 0).all()
    assert picture[:, 40, 96].tolist() == pytest.approx(signed("face"))
    original = torch.from_numpy(VIEW.image).permute(2, 0, 1) / 127.5 - 1
    assert torch.equal(picture[:, ~mask], original[:, ~mask])


def test_strokes_equal_pillows_at_the_arm():
    """Five units on each side of the line from elbow to wrist, as code of the same line draws it."""
    page = Image.new("1", (192, 256))
    (x0, y0), (x1, y1) = JOINTS["right_elbow"], JOINTS["right_wrist"]
    draw = ImageDraw.Draw(page)
    draw.line((x0, y0, x1, y1), fill=1, width=int(10 * UNIT))
    drawn = np.array(page)[y0:y1, :60]
    found = agnostic_mask(VIEW)[y0:y1, :60]
    assert (drawn != found).mean() < 0.03  # Pillow has no middle pixel in an even width


def test_short_and_long_sleeves_leave_the_same_picture_of_the_same_pose():
    """Labels of an arm may change, pixels under the strokes too: nothing of it may show."""
    sleeves = np.isin(VIEW.parse, [14, 15]) & (np.arange(256)[:, None] < 110) & agnostic_mask(VIEW)
    assert sleeves.sum() > 2000
    parse, image = VIEW.parse.copy(), VIEW.image.copy()
    parse[sleeves], image[sleeves] = 5, (1, 2, 3)
    long_sleeves = replace(VIEW, parse=parse, image=image)
    assert torch.equal(agnostic_picture(long_sleeves), agnostic_picture(VIEW))


def test_a_loose_garment_is_hidden_beyond_the_strokes():
    parse = VIEW.parse.copy()
    parse[100:128, 170:185] = 5
    assert agnostic_mask(replace(VIEW, parse=parse))[100:128, 170:185].all()
    assert not agnostic_mask(VIEW)[100:128, 176:185].any()


def test_the_torso_is_as_wide_at_the_hips_as_at_the_shoulders():
    keypoints, bare = VIEW.keypoints.copy(), np.zeros_like(VIEW.parse)
    for name in ("left_elbow", "right_elbow"):
        keypoints[COCO[name], 2] = 0
    mask = agnostic_mask(replace(VIEW, parse=bare, keypoints=keypoints))
    for row in (100, 120, 132):  # three units beyond the joints on each side
        assert np.flatnonzero(mask[row]).tolist() == list(range(64 - 12, 128 + 12 + 1)), row
    assert np.flatnonzero(mask[:, 96]).tolist() == list(range(60 - 28, 132 + 24 + 1))  # neck to hips


def test_hidden_hips_and_arms_are_no_hindrance():
    keypoints = VIEW.keypoints.copy()
    keypoints[[COCO["left_hip"], COCO["right_wrist"], COCO["neck"]], 2] = 0
    mask = agnostic_mask(replace(VIEW, keypoints=keypoints))
    assert mask[PARTS["upper_clothes"]].all()
    assert not mask[136:144, 32:40].any()


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_shoulder_that_cannot_be_seen_is_named(side):
    keypoints = VIEW.keypoints.copy()
    keypoints[COCO[f"{side}_shoulder"], 2] = 0
    with pytest.raises(VtonError, match=f"'keypoints' has no visible {side} shoulder"):
        agnostic_picture(replace(VIEW, keypoints=keypoints))
