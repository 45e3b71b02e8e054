"""Whether a head points up, and whether labels cover what is seen: drawn by hand, and turned."""

import numpy as np
import pytest

from vtonlib.data.fashiongan_release.orientation import agreement, is_upright


def figure(long_hair: bool = False) -> np.ndarray:
    """(32, 32): hair around a face, a blouse, one arm, legs; long hair falls over the shoulders, below the face."""
    labels = np.zeros((32, 32), np.uint8)
    labels[2 : 16 if long_hair else 6, 12:20] = 1
    labels[5:9, 14:18] = 2
    labels[10:20, 14 if long_hair else 12 : 18 if long_hair else 20] = 3
    labels[12:19, 21:23] = 6
    labels[20:30, 13:19] = 5
    return labels


@pytest.mark.parametrize("long_hair", [False, True])
def test_upright_is_upright_and_no_other_way_is(long_hair):
    labels = figure(long_hair)
    assert is_upright(labels) is True
    assert is_upright(labels[:, ::-1]) is True
    assert is_upright(labels.T) is False
    assert is_upright(labels.T[:, ::-1]) is False
    assert is_upright(labels[::-1]) is False


@pytest.mark.parametrize("lacking", [(1,), (2,), (3, 5, 6)])
def test_a_map_that_lacks_a_part_says_nothing(lacking):
    labels = figure()
    labels[np.isin(labels, lacking)] = 0
    assert is_upright(labels) is None


def test_labels_that_cover_the_person_agree():
    labels = figure()
    image = np.full((32, 32, 3), 240, np.uint8)
    image[labels > 0] = (30, 60, 90)
    assert agreement(image, labels) == pytest.approx(1)
    assert agreement(image, labels.T) < 0.6
    assert agreement(image, 3 - 3 * (labels > 0).astype(np.uint8)) == pytest.approx(-1)


def test_nothing_to_compare_is_0():
    assert agreement(np.full((32, 32, 3), 240, np.uint8), figure()) == 0
    image = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
    assert agreement(image, np.zeros((32, 32), np.uint8)) == 0
