"""The in-shop picture and its truth."""

import functools

import numpy as np
import pytest
from scipy.ndimage import binary_dilation, label

from vtonlib.wardrobe.garment_spec import draw_garment
from vtonlib.wardrobe.outfit import look_of
from vtonlib.wardrobe.shop import shop_view
from wardrobe.worlds import VARIETY, garment, needs_anny

pytestmark = needs_anny

SIZE = (128, 96)
UPPER = [name for name, spec in VARIETY.items() if spec.category != "bottom"]


@functools.cache
def view(spec, female=True):
    return shop_view(spec, look_of(spec), female, SIZE, 2)


@functools.cache
def stock(count=24):
    """Garments as a shop would stock them."""
    rng = np.random.default_rng(5)
    return [draw_garment(rng, category) for category in ("top", "top", "dress", "bottom") * (count // 4)]


def middle(mask):
    rows = np.flatnonzero(mask.any(axis=1))
    return (rows[0] + rows[-1]) / 2


def test_shapes_and_types():
    shown = view(garment())
    assert (shown.image.shape, shown.image.dtype) == ((*SIZE, 3), np.uint8)
    for mask in (shown.mask, shown.inner, shown.tag):
        assert (mask.shape, mask.dtype) == (SIZE, bool)
    assert (shown.alpha.shape, shown.alpha.dtype) == (SIZE, np.float32)
    assert shown.depth.shape == (256, 192)
    assert all(points.shape[1] == 3 for points in shown.points)


@pytest.mark.parametrize("female", [True, False])
@pytest.mark.parametrize("name", VARIETY)
def test_the_garment_lies_whole_and_alone_on_white(name, female):
    shown = view(VARIETY[name], female)
    rows, columns = np.flatnonzero(shown.mask.any(axis=1)), np.flatnonzero(shown.mask.any(axis=0))
    assert min(rows[0], columns[0]) >= 2
    assert rows[-1] <= SIZE[0] - 3
    assert columns[-1] <= SIZE[1] - 3
    assert max(len(rows) / SIZE[0], len(columns) / SIZE[1]) > 0.75  # it fills the picture
    assert label(shown.mask, np.ones((3, 3)))[1] == 1
    assert (shown.image[~binary_dilation(shown.mask, np.ones((3, 3)), 2)] == 255).all()
    assert (shown.image[shown.mask].astype(int).sum(axis=1) < 3 * 250).mean() > 0.95  # grey cloth is no white
    assert np.isfinite(shown.depth[shown.mask.repeat(2, 0).repeat(2, 1)]).mean() > 0.96


@pytest.mark.parametrize("name", ["tee", "tank", "sweater", "shirt", "dress", "trousers", "skirt"])
def test_the_garment_is_as_symmetric_as_its_wearer(name):
    mask = view(VARIETY[name]).mask
    columns = np.flatnonzero(mask.any(axis=0))
    centred = np.roll(mask, SIZE[1] // 2 - round(columns.mean() + 0.5), axis=1)
    twin = centred[:, ::-1]
    assert (centred & twin).sum() / (centred | twin).sum() > 0.9


def test_truth_lies_inside_the_garment():
    for spec in (*VARIETY.values(), *stock()):
        shown = view(spec)
        assert not (shown.inner & ~shown.mask).any()
        assert not (shown.tag & ~shown.inner).any()
        np.testing.assert_array_equal(shown.alpha, np.where(shown.mask, np.float32(spec.sheer), 0))


def test_every_top_and_dress_shows_its_back_collar_and_label_above_the_middle():
    for spec in [*(VARIETY[name] for name in UPPER), *(spec for spec in stock() if spec.category != "bottom")]:
        shown = view(spec)
        assert shown.tag.any(), spec.kind
        assert np.nonzero(shown.tag)[0].max() < middle(shown.mask)
        across = np.nonzero(shown.tag)[1].mean() - np.flatnonzero(shown.mask.any(axis=0)).mean()
        assert abs(across) < 3
        above = np.arange(SIZE[0])[:, None] < middle(shown.mask)
        assert (shown.inner & above).sum() >= shown.tag.sum()


def test_the_inner_collar_lies_above_the_middle():
    for name in UPPER:
        shown = view(VARIETY[name])
        assert np.nonzero(shown.inner)[0].max() < middle(shown.mask), name


def test_bottoms_have_no_label():
    for spec in [VARIETY["trousers"], VARIETY["skirt"], *(spec for spec in stock() if spec.category == "bottom")]:
        assert not view(spec).tag.any()


def test_a_longer_garment_is_taller_for_its_width():
    def shape(mask):
        return np.ptp(np.flatnonzero(mask.any(axis=1))) / np.ptp(np.flatnonzero(mask.any(axis=0)))

    shapes = [shape(view(garment(hem_drop=drop)).mask) for drop in (-0.08, 0.08, 0.25)]
    assert shapes[0] < shapes[1] < shapes[2]


def test_sheer_cloth_is_paler_and_says_so():
    plain, sheer = view(garment()), view(garment(sheer=0.5))
    assert (plain.mask & sheer.mask).sum() / (plain.mask | sheer.mask).sum() > 0.9
    assert sheer.image[sheer.mask].mean() > plain.image[plain.mask].mean() + 5
    assert (plain.alpha == 0).all()
    assert set(np.unique(sheer.alpha)) == {0, 0.5}


def test_points_are_where_the_picture_shows_them():
    """Vertices of the cloth that are seen lie in the mask, at the depth of the buffer."""
    spec = VARIETY["tee"]
    shown = view(spec)
    points = np.concatenate(shown.points)
    column, row = np.floor(points[:, 0]).astype(int), np.floor(points[:, 1]).astype(int)
    inside = (row >= 0) & (row < 256) & (column >= 0) & (column < 192)
    assert inside.mean() > 0.98
    depth = shown.depth[np.clip(row, 0, 255), np.clip(column, 0, 191)]
    seen = inside & (np.abs(points[:, 2] - depth) < 0.005)
    assert seen.mean() > 0.3
    assert (points[:, 2] > 4).all()
    assert shown.mask[row[seen] // 2, column[seen] // 2].mean() > 0.95


def test_the_same_garment_gives_the_same_picture():
    first, again = view(garment()), shop_view(garment(), look_of(garment()), True, SIZE, 2)
    np.testing.assert_array_equal(first.image, again.image)
    np.testing.assert_array_equal(first.depth, again.depth)
