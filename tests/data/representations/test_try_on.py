"""VITON, CP-VTON and CP-VTON+: every channel of a person of rectangles, and Pillow as oracle for what it resizes."""

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from vtonlib.data.keypoints import COCO, COCO_18
from vtonlib.data.representations import cp_vton, cp_vton_plus, viton

from .figure import JOINTS, NECK, PARTS, SIZE, figure, signed

VIEW = figure()


def parts(*names: str) -> np.ndarray:
    mask = np.zeros(SIZE, bool)
    for name in names:
        mask[PARTS[name]] = True
    return mask


def through_pillow(mask: np.ndarray, shrink: Image.Resampling) -> np.ndarray:
    """Down to 12 x 16 and up again, as the papers' Python code does, in [0, 1]."""
    small = Image.fromarray(mask.astype(np.uint8) * 255).resize((12, 16), shrink)
    return np.array(small.resize((192, 256), Image.Resampling.BILINEAR)) / 255


def check_colours(picture: Tensor, kept: tuple[str, ...], elsewhere: float) -> None:
    assert picture.shape == (3, *SIZE)
    for name, region in PARTS.items():
        expected = signed(name) if name in kept else [elsewhere] * 3
        found = picture[:, region[0].start + 3, region[1].start + 5]
        torch.testing.assert_close(found, torch.tensor(expected, dtype=torch.float32), rtol=0, atol=1e-6)
    assert (picture[:, ~torch.from_numpy(parts(*kept))] == elsewhere).all()


def check_squares(maps: Tensor, low: float) -> None:
    for number, name in enumerate(COCO_18):
        expected = torch.full(SIZE, low)
        if name in JOINTS:
            x, y = JOINTS[name]
            expected[y - 5 : y + 6, x - 5 : x + 6] = 1
        assert torch.equal(maps[number], expected), name


def test_viton_has_pose_then_shape_then_face_and_hair():
    p = viton.person_representation(VIEW)
    assert p.shape == (22, *SIZE)
    assert p.dtype == torch.float32
    check_squares(p[viton.CHANNELS["pose"]], 0)
    assert torch.equal(p[18:19], viton.body_shape(VIEW))
    check_colours(p[19:22], ("hair", "face"), 0)
    assert torch.equal(p[:18], viton.pose(VIEW))
    assert torch.equal(p[19:], viton.face_and_hair(VIEW))


def test_the_body_of_viton_has_neither_head_nor_neck():
    shape = viton.body_shape(VIEW)
    body = parts(*(name for name in PARTS if name not in ("hair", "face")))
    assert np.abs(shape[0].numpy() - through_pillow(body, Image.Resampling.BOX)).max() <= 1.01 / 255
    assert shape[0, :56].max() == 0
    assert shape[0, 100, 96] == 1
    assert shape[0, 104, 40] == 1
    # The edge of the trousers lies between cells whose centres are 16 pixels apart.
    assert shape[0, 180, 56:72].tolist() == pytest.approx([(n + 0.5) / 16 for n in range(16)])


def test_the_mask_of_viton_is_upper_clothes_alone():
    assert np.array_equal(viton.clothing_mask(VIEW)[0].numpy(), parts("upper_clothes"))
    assert np.array_equal(viton.clothing_mask(VIEW, ("pants", "skirt"))[0].numpy(), parts("pants"))


def test_cp_vton_has_shape_then_head_then_pose_with_other_values():
    p = cp_vton.person_representation(VIEW)
    assert p.shape == (22, *SIZE)
    assert torch.equal(p[0:1], cp_vton.body_shape(VIEW))
    check_colours(p[cp_vton.CHANNELS["head"]], ("hair", "face"), -1)
    check_squares(p[4:], -1)
    assert torch.equal(p[1:4], cp_vton.head(VIEW))
    assert torch.equal(p[4:], cp_vton.pose(VIEW))


@pytest.mark.parametrize(("representation", "neck"), [(cp_vton, False), (cp_vton_plus, True)])
def test_the_silhouette_of_cp_vton_equals_pillows(representation, neck):
    person = parts(*PARTS)
    person[NECK] |= neck
    expected = 2 * through_pillow(person, Image.Resampling.BILINEAR) - 1
    shape = representation.body_shape(VIEW)[0].numpy()
    assert np.abs(shape - expected).max() <= 3 / 255  # Pillow rounds to bytes twice
    assert (shape.min(), shape.max()) == (-1, 1)


def test_area_and_triangle_differ():
    """Pillow's bilinear filter reaches into the next cell when it shrinks; a mistake here would pass a loose test."""
    person = parts(*PARTS)
    difference = through_pillow(person, Image.Resampling.BOX) - through_pillow(person, Image.Resampling.BILINEAR)
    assert np.abs(difference).max() > 0.1


def test_the_worn_cloth_stands_before_white():
    check_colours(cp_vton.worn_cloth(VIEW), ("upper_clothes",), 1)
    check_colours(cp_vton.worn_cloth(VIEW, ("pants",)), ("pants",), 1)
    assert np.array_equal(cp_vton.worn_mask(VIEW)[0].numpy(), parts("upper_clothes"))


def test_cp_vton_plus_keeps_less_for_matching_and_more_for_try_on():
    matching, try_on = cp_vton_plus.matching_representation(VIEW), cp_vton_plus.try_on_representation(VIEW)
    for p, kept in ((matching, ("face",)), (try_on, ("hair", "face", "pants", "left_leg", "right_leg"))):
        assert p.shape == (22, *SIZE)
        assert torch.equal(p[:1], cp_vton_plus.body_shape(VIEW))
        check_colours(p[1:4], kept, -1)
        check_squares(p[4:], -1)
    assert np.array_equal(cp_vton_plus.composition_target(VIEW)[0].numpy(), parts("upper_clothes"))


def test_an_unseen_joint_leaves_an_empty_channel_and_nothing_in_the_corner():
    assert viton.pose(VIEW)[COCO["left_ear"]].max() == 0
    assert cp_vton.pose(VIEW)[COCO["left_ear"]].max() == -1
