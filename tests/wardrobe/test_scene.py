"""Layers become a picture: colours, labels and correspondence, against scenes worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from vtonlib.wardrobe import pixels
from vtonlib.wardrobe.pixels import majority, mean_known
from vtonlib.wardrobe.scene import NECK, PARTS, Layer, compose

SIZE = (16, 12)
SS = 2
CORNERS = np.array([[0, 0], [24, 0], [24, 32], [0, 32]], np.float32)
"""Of the whole picture, in samples."""
TRIANGLES = np.array([[0, 1, 2], [0, 2, 3]], np.int32)


def plain(rgb):
    return lambda values: np.tile(np.array(rgb, np.float32), (len(values), 1))


def sheet(rgb, part=5, depth=2.0, corners=CORNERS, **more):
    """A flat layer of one colour (linear light)."""
    screen = np.column_stack([corners, np.full(4, depth)]).astype(np.float32)
    return Layer(screen, TRIANGLES, np.zeros((4, 1), np.float32), plain(rgb), part, **more)


def grey(value=0.25):
    return np.full((*SIZE, 3), value, np.float32)


def test_nothing_is_the_background():
    picture = compose([], grey(), SS)
    assert (picture.image == 128).all()  # the root of a quarter, times 255, rounded
    assert picture.image.dtype == picture.parts.dtype == np.uint8
    assert not picture.parts.any()
    assert np.isnan(picture.correspondence).all()
    assert (picture.cover == 0).all()
    assert np.isinf(picture.depth).all()
    assert picture.depth.shape == picture.frame.layer.shape == (32, 24)
    assert picture.correspondence.shape == (*SIZE, 2)


def test_a_sheet_is_painted_labelled_and_covers_its_share():
    half = CORNERS * [0.5, 1]  # 6 of 12 columns
    picture = compose([sheet((0.04, 0.16, 1.0), 7, corners=half)], grey(), SS)
    np.testing.assert_array_equal(picture.image[:, :5], np.tile([51, 102, 255], (16, 5, 1)))
    assert (picture.image[:, 7:] == 128).all()
    assert (picture.parts[:, :6] == 7).all()
    assert not picture.parts[:, 6:].any()
    assert (picture.cover[:, :6] == 1).all()
    np.testing.assert_allclose(picture.depth[:, :12], 2.0)


def test_an_edge_is_as_soft_as_the_share_of_samples_that_it_covers():
    black = np.zeros((*SIZE, 3), np.float32)
    shades = []
    for width in (12, 13, 14):  # of 24 samples: column 6 is not, half and wholly covered
        picture = compose([sheet((1, 1, 1), corners=CORNERS * [width / 24, 1])], black, SS)
        assert (picture.image[:, :5] == 255).all()
        assert (picture.image[:, 8:] == 0).all()
        assert (picture.image == picture.image[:1]).all()  # the same in all rows
        np.testing.assert_allclose(picture.cover[:, 6], (width - 12) / 2)
        shades.append(int(picture.image[0, 6, 0]))
    assert shades[0] + 60 < shades[1] < shades[2] - 30


def test_sheer_cloth_lets_its_share_shine_through_whatever_the_order():
    below, above = sheet((0.8, 0.4, 0.0), 14), sheet((0.0, 0.4, 0.8), 5, depth=1.9, alpha=0.25)
    for layers in ([below, above], [above, below]):
        picture = compose(layers, grey(), SS)
        expected = np.sqrt([0.25 * 0.8, 0.4, 0.75 * 0.8]) * 255
        np.testing.assert_allclose(picture.image, np.broadcast_to(expected, picture.image.shape), atol=0.51)
        assert (picture.parts == 5).all()
        np.testing.assert_allclose(picture.depth, 2.0)  # of the opaque layers
    hidden = compose([below, replace(above, screen=above.screen + np.array([0, 0, 1], np.float32))], grey(), SS)
    assert (hidden.parts == 14).all()
    over_nothing = compose([above], grey(), SS)
    np.testing.assert_allclose(over_nothing.image[0, 0, 0], 255 * np.sqrt(0.25 * 0.25), atol=0.51)


def test_the_nearest_opaque_layer_is_seen_and_triangles_may_have_labels_of_their_own():
    parts = np.array([3, NECK], np.uint8)
    layers = [sheet((1, 0, 0), 9, depth=3), replace(sheet((0, 1, 0)), part=parts)]
    picture = compose(layers, grey(), SS)
    assert (picture.image[..., 0] == 0).all()
    assert picture.parts[2, 10] == 3  # above the diagonal
    assert picture.parts[14, 2] == NECK
    assert set(np.unique(picture.parts)) == {3, NECK}
    assert (picture.frame.layer == 1).all()


def test_a_cut_layer_shows_what_lies_behind():
    cut = (CORNERS[:, :1] - 12).astype(np.float32)
    picture = compose([sheet((1, 0, 0), 4, depth=3), sheet((0, 1, 0), 5, cut=cut)], grey(), SS)
    np.testing.assert_array_equal(picture.parts, np.tile(np.where(np.arange(12) < 6, 4, 5), (16, 1)))


def test_a_pixel_takes_the_label_of_most_of_its_samples():
    samples = np.array([[1, 2, 7, 7, 9, 9], [2, 2, 7, 0, 9, 9]], np.uint8)
    assert majority(samples, 2, PARTS).tolist() == [[2, 7, 9]]
    three = np.zeros((3, 3), np.uint8)
    three[1] = PARTS - 1
    three[2, :2] = PARTS - 1
    assert majority(three, 3, PARTS).tolist() == [[PARTS - 1]]


@pytest.mark.parametrize(
    "samples",
    [
        [[3, 3], [1, 1]],
        [[3, 1], [3, 1]],
        [[3, 1], [1, 3]],
    ],
)  # fmt: skip
def test_of_equally_common_labels_the_first_one_wins(samples):
    assert majority(np.array(samples, np.uint8), 2, PARTS).tolist() == [[3]]


def shop_place(x, y):
    """An in-shop picture in which the sheet lies smaller and shifted: samples to samples."""
    return 0.5 * x + 4, 0.25 * y + 8


def matched(depth=1.0, shop_depth=1.0, corners=CORNERS):
    shop = np.column_stack([*shop_place(*CORNERS.T), np.full(4, depth)]).astype(np.float32)
    layer = sheet((1, 1, 1), shop=shop)
    return compose([layer], grey(), SS, np.full((32, 24), shop_depth, np.float32)).correspondence


def test_correspondence_of_a_flat_sheet_is_the_map_between_both_pictures():
    found = matched()
    assert found.dtype == np.float32
    row, column = np.mgrid[0:16, 0:12]
    # A pixel's middle lies SS * (n + 1/2) samples from the edge; pixels of both pictures have whole centres.
    x, y = shop_place(SS * (column + 0.5), SS * (row + 0.5))
    np.testing.assert_allclose(found, np.stack([x / SS - 0.5, y / SS - 0.5], axis=2), atol=1e-4)


def test_a_garment_on_its_own_picture_corresponds_to_itself():
    shop = np.column_stack([CORNERS, np.full(4, 2.0)]).astype(np.float32)
    found = compose([sheet((1, 1, 1), shop=shop)], grey(), SS, np.full((32, 24), 2, np.float32)).correspondence
    row, column = np.mgrid[0:16, 0:12]
    np.testing.assert_allclose(found, np.stack([column, row], axis=2), atol=1e-4)


def test_what_the_shop_hides_has_no_correspondence():
    assert np.isfinite(matched(depth=1.01)).all()
    assert np.isnan(matched(depth=1.05)).all()
    shop = np.column_stack([CORNERS, np.ones(4)]).astype(np.float32)
    shop_depth = np.ones((32, 24), np.float32)
    shop_depth[:, 12:] = 0.5  # something lies in front of the right half
    found = compose([sheet((1, 1, 1), shop=shop)], grey(), SS, shop_depth).correspondence
    assert np.isfinite(found[:, :6]).all()
    assert np.isnan(found[:, 6:]).all()


def test_other_layers_and_mostly_uncovered_pixels_have_no_correspondence():
    shop = np.column_stack([CORNERS, np.ones(4)]).astype(np.float32)
    cut = (13 - CORNERS[:, :1]).astype(np.float32)  # of column 6 one sample in two is covered
    layers = [sheet((1, 1, 1), shop=shop, cut=cut), sheet((1, 0, 0), 9, depth=3)]
    found = compose(layers, grey(), SS, np.ones((32, 24), np.float32)).correspondence
    assert np.isfinite(found[:, :7]).all()
    assert np.isnan(found[:, 7:]).all()
    narrower = replace(layers[0], cut=cut - 1)
    found = compose([narrower, layers[1]], grey(), SS, np.ones((32, 24), np.float32)).correspondence
    assert np.isnan(found[:, 6:]).all()
    assert np.isnan(compose([layers[0]], grey(), SS).correspondence).all()  # no in-shop picture was given


def big(corners, depth, rgb=(0.5, 0.5, 0.5)):
    """A flat layer, given its corners' rows and columns in samples and their depths."""
    (top, bottom), (left, right) = corners
    xy = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    return replace(sheet(rgb), screen=np.column_stack([xy, depth]).astype(np.float32))


def test_what_stands_in_front_casts_a_soft_shadow_beside_itself_only():
    ground = np.ones((128, 96, 3), np.float32)
    wall = big(((0, 256), (0, 192)), [2.0] * 4)
    bar = big(((0, 256), (80, 100)), [1.95] * 4, rgb=(1, 0, 0))
    alone, both = compose([wall], ground, 2).image, compose([wall, bar], ground, 2).image
    assert (alone == alone[0, 0]).all()
    assert (both[64, 51:53] < alone[64, 51:53]).any()
    np.testing.assert_array_equal(both[:, :10], alone[:, :10])


def test_a_shadow_does_not_depend_on_what_is_far_away():
    """A face must look the same whatever is worn below it."""
    ground = np.ones((256, 192, 3), np.float32)
    face = big(((20, 120), (20, 150)), [1.9, 2.0, 2.1, 2.0])
    hem = big(((440, 500), (61, 301)), [2.5] * 4)
    alone, both = (compose(layers, ground, 2).image[:70] for layers in ([face], [face, hem]))
    np.testing.assert_array_equal(alone, both)


def test_a_wall_looks_the_same_wherever_somebody_stands():
    wall = np.random.default_rng(0).uniform(0, 1, (64, 48, 3)).astype(np.float32)
    spots = [big(((row, row + 20), (column, column + 20)), [2.0] * 4) for row, column in ((10, 10), (90, 60))]
    empty, first, both = (compose(layers, wall, 2).image for layers in ([], spots[:1], spots))
    away = (slice(5, 15), slice(32, 42))  # beside the first, above the second: five pixels from both
    np.testing.assert_array_equal(first[away], both[away])
    np.testing.assert_array_equal(empty[away], both[away])


@pytest.mark.parametrize(("radius", "truncate"), [(0.7, 2.0), (2.5, 2.5), (4.5, 2.5)])
@pytest.mark.parametrize("size", [(40, 31), (7, 60), (1, 1)])
def test_blurred_values_are_those_of_scipy(size, radius, truncate):
    values = np.random.default_rng(0).random(size, np.float32)
    expected = gaussian_filter(values.astype(np.float64), radius, truncate=truncate, mode="constant")
    np.testing.assert_allclose(pixels.blur(values, radius, truncate), expected, atol=1e-6)


@pytest.mark.parametrize("ss", [2, 3])
def test_a_pixel_is_the_mean_of_its_samples_and_their_ring(ss):
    rng = np.random.default_rng(ss)
    colour = rng.uniform(-0.1, 1.1, (8 * ss, 6 * ss, 3)).astype(np.float32)
    seen = np.full(colour.shape[:2], -1, np.int8)
    seen[2 * ss, 3 * ss] = 0  # in the corner of a pixel, so that it and three others see it
    found = pixels.picture(colour, seen, ss)
    root = np.pad(np.sqrt(np.clip(colour, 0, 1)), ((1, 1), (1, 1), (0, 0)), "edge")
    weight = np.pad(np.ones(ss), 1, constant_values=0.25)
    for y in range(8):
        for x in range(6):
            window = root[y * ss : y * ss + ss + 2, x * ss : x * ss + ss + 2]
            mean = np.einsum("i,j,ijk->k", weight, weight, window) / weight.sum() ** 2
            near = y in (1, 2) and x in (2, 3)
            expected = 255 * (mean if near else root[y * ss + 1, x * ss + 1])
            assert np.abs(found[y, x] - expected).max() <= 0.51


def test_a_pixel_that_sees_two_pieces_of_the_cloth_corresponds_to_the_larger_share_of_it():
    sleeve, trunk = [20.0, 60.0], [80.0, 62.0]
    match = np.array([[sleeve, trunk, np.full(2, np.nan)], [trunk, [82.0, 62.0], trunk], [sleeve, trunk, sleeve]])
    found = mean_known(match.astype(np.float32), 3)
    # The mean of five samples of the trunk, in pixels of three samples whose centres are whole numbers.
    np.testing.assert_allclose(found, [[[80.4 / 3 - 0.5, 62 / 3 - 0.5]]], rtol=1e-6)


def test_a_pixel_of_which_less_than_half_is_cloth_corresponds_to_nothing():
    match = np.full((2, 2, 2), np.nan, np.float32)
    match[0, 0] = 5
    assert np.isnan(mean_known(match, 2)).all()
    match[0, 1] = 5
    np.testing.assert_allclose(mean_known(match, 2), 2)
