"""Smoothing maps, keeping hair and face, balancing skin: by hand, and against scipy."""

import numpy as np
import pytest
import torch
from scipy.ndimage import uniform_filter

from vtonlib.data.label_sets import FASHIONGAN_7
from vtonlib.errors import VtonError
from vtonlib.models.fashion_gan.finish import balance_skin, keep_hair_and_face, smooth_map

HAIR, FACE, ARMS, LEGS = (FASHIONGAN_7.number(name) for name in ("hair", "face", "arms", "legs"))


def test_smoothing_is_a_mean_over_5_x_5_pixels():
    maps = torch.rand(2, 7, 20, 16).softmax(1)
    smooth = smooth_map(maps)
    expected = uniform_filter(maps.numpy(), size=(1, 1, 5, 5), mode="nearest")
    np.testing.assert_allclose(smooth[..., 2:-2, 2:-2], expected[..., 2:-2, 2:-2], atol=1e-6)
    torch.testing.assert_close(smooth.sum(1), torch.ones(2, 20, 16))


def test_at_the_corner_the_mean_is_over_the_pixels_that_exist():
    maps = torch.zeros(1, 2, 6, 6)
    maps[0, 0, :3, :3] = 1
    assert smooth_map(maps)[0, 0, 0, 0] == 1


def test_smoothing_takes_a_lone_pixel_away():
    maps = torch.zeros(1, 2, 9, 9)
    maps[:, 0], maps[0, 0, 4, 4], maps[0, 1, 4, 4] = 1, 0, 1
    assert smooth_map(maps).argmax(1).sum() == 0


def test_hair_and_face_are_the_photos_own():
    painted, photo = torch.zeros(1, 3, 2, 2), torch.ones(1, 3, 2, 2)
    labels = torch.tensor([[[HAIR, FACE], [ARMS, 0]]])
    kept = keep_hair_and_face(painted, photo, labels)
    assert kept[0, 0].tolist() == [[1, 1], [0, 0]]


def test_new_skin_comes_halfway_to_the_old_median():
    photo = torch.zeros(1, 3, 1, 5)
    photo[0, :, 0, :3] = torch.tensor([0.2, 0.4, 0.9])
    old = torch.tensor([[[ARMS, ARMS, ARMS, LEGS, 0]]])
    new = torch.tensor([[[0, ARMS, ARMS, 0, 0]]])
    painted = torch.full((1, 3, 1, 5), 0.8)
    balanced = balance_skin(painted, photo, old, new)
    torch.testing.assert_close(balanced[0, 0, 0], torch.tensor([0.8, 0.6, 0.6, 0.8, 0.8]))
    assert (painted == 0.8).all(), "the picture that was given is left alone"


@pytest.mark.parametrize(
    "finish", [lambda p, f, m: keep_hair_and_face(p, f, m), lambda p, f, m: balance_skin(p, f, m, m)]
)
def test_other_sizes_are_refused(finish):
    with pytest.raises(VtonError, match=r"map is|map \("):
        finish(torch.zeros(1, 3, 4, 4), torch.zeros(1, 3, 4, 4), torch.zeros(1, 4, 5, dtype=torch.int64))
