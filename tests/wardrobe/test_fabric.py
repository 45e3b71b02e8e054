"""Fabrics: seamless, in range, the same again, and of every sort that a shop has."""

import time
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from vtonlib.errors import VtonError
from vtonlib.wardrobe.fabric import GRAPHICS, MATERIALS, PATTERNS, bake, draw_fabric
from vtonlib.wardrobe.fabrics import palettes
from vtonlib.wardrobe.fabrics.draw import PATTERN_SHARES
from vtonlib.wardrobe.fabrics.recipes import RECIPES, recipe_of

PAIRS = [(material, pattern) for material, patterns in PATTERN_SHARES.items() for pattern in patterns]


def fabrics(material, pattern, count=3, **more):
    rng = np.random.default_rng([count, *material.encode(), *pattern.encode()])
    return [draw_fabric(rng, material, pattern, **more) for _ in range(count)]


@pytest.fixture(scope="module")
def drawn():
    rng = np.random.default_rng(5)
    return [draw_fabric(rng) for _ in range(2000)]


@pytest.mark.parametrize(("material", "pattern"), PAIRS)
def test_tiles_are_in_range_and_seamless(material, pattern):
    for spec in fabrics(material, pattern):
        fabric = bake(spec)
        assert fabric.albedo.shape == (256, 256, 3)
        assert fabric.height.shape == (256, 256)
        assert fabric.albedo.dtype == fabric.height.dtype == np.float32
        assert fabric.albedo.min() >= 0
        assert fabric.albedo.max() <= 1
        assert np.abs(fabric.height).max() <= 1
        assert 0.15 < fabric.extent < 0.5
        for tile in (fabric.albedo, fabric.height):
            for axis in (0, 1):
                steps = np.abs(np.diff(tile, axis=axis, append=tile.take([0], axis)))
                # The step across the seam is like those inside; 1.4 is what an edge's place within a pixel can make.
                means = np.moveaxis(steps, axis, 0).reshape(256, -1).mean(1)
                assert means[-1] <= 1.4 * means[:-1].max()


@pytest.mark.parametrize(("material", "pattern"), PAIRS)
def test_the_same_spec_gives_the_same_fabric(material, pattern):
    for spec in fabrics(material, pattern, 1):
        one, two = bake(spec), bake(replace(spec))
        assert np.array_equal(one.albedo, two.albedo)
        assert np.array_equal(one.height, two.height)
        assert not np.array_equal(one.height, bake(replace(spec, seed=spec.seed + 60)).height)


def test_drawing_is_decided_by_the_generator():
    one, two = (draw_fabric(np.random.default_rng(3)) for _ in range(2))
    assert one == two


@pytest.mark.parametrize("pattern", ["h_stripes", "v_stripes", "plaid", "dots"])
def test_repeats_fit_the_tile_exactly(pattern):
    for spec in fabrics("jersey" if pattern != "plaid" else "woven", pattern, 8):
        repeats = bake(spec).extent / spec.scale
        assert repeats == pytest.approx(round(repeats))


def test_edges_of_stripes_are_soft():
    for spec in fabrics("jersey", "h_stripes", 12):
        clean = bake(spec).albedo.mean(1)
        span = np.ptp(clean, axis=0).max()
        assert np.abs(np.diff(clean, axis=0)).max() < 0.65 * span


@pytest.mark.parametrize("graphic", ["logo", "letters"])
def test_prints_are_clean_and_stand_out(graphic):
    for spec in fabrics("jersey", "plain", 40, graphic=graphic):
        fabric = bake(spec)
        assert fabric.decal.shape == (192, 192, 4)
        assert 0 <= fabric.decal.min() <= fabric.decal.max() <= 1
        assert 0.06 <= fabric.decal_size <= 0.28
        cover = fabric.decal[..., 3]
        assert cover.max() > 0.99
        # Nothing is cut off at the edge, and the edges are anti-aliased.
        assert max(cover[0].max(), cover[-1].max(), cover[:, 0].max(), cover[:, -1].max()) == 0
        assert ((cover > 0.05) & (cover < 0.95)).any()
        light = [palettes.lightness(colour) for colour in spec.colours]
        assert abs(light[0] - light[1]) > 25
        across, down = fabric.decal_centre
        assert (across > 0.06) == (fabric.decal_size < 0.1)
        assert 0.13 < down < 0.32


def test_only_fabrics_with_a_graphic_have_a_print_and_only_blocks_have_bands(drawn):
    for spec in drawn[:150]:
        fabric = bake(spec)
        assert (fabric.decal is None) == (spec.graphic == "none")
        assert (fabric.block is None) == (spec.pattern != "blocks")
        if fabric.block:
            offsets = [offset for offset, _ in fabric.block]
            assert offsets == sorted(offsets)
            assert 0.15 < offsets[0] < 0.45


def test_every_sort_occurs(drawn):
    for field, names in (("pattern", PATTERNS), ("graphic", GRAPHICS), ("material", MATERIALS)):
        counts = Counter(getattr(spec, field) for spec in drawn)
        assert set(counts) == set(names)
        assert min(counts.values()) >= 20, field


def test_every_colour_word_occurs(drawn):
    counts = Counter(spec.colour_name for spec in drawn)
    assert set(counts) == set(palettes.COLOUR_WORDS)
    assert min(counts.values()) >= 14


def test_every_recipe_can_be_baked():
    for pattern, recipes in RECIPES.items():
        for index, recipe in enumerate(recipes):
            assert recipe_of(pattern, "jersey", index) is recipe
            for combination in recipe.combinations:
                assert set(palettes.shades_of(combination)) <= set(palettes.SHADES)


def test_colours_of_patterns_contrast():
    for recipes in RECIPES.values():
        for combination in {combination for recipe in recipes for combination in recipe.combinations}:
            light = [
                palettes.lightness(palettes.hexadecimal(palettes.SHADES[shade][0]))
                for shade in palettes.shades_of(combination)
            ]
            assert max(light) - min(light) > 15, combination


def test_the_word_for_a_fabric():
    assert palettes.word_for(["white", "blue"], [0.7, 0.3]) == "white"
    assert palettes.word_for(["white", "blue"], [0.5, 0.5]) == "multicolor"
    assert palettes.word_for(["blue", "blue"], [0.5, 0.5]) == "blue"


def test_what_is_not_sold_is_refused():
    rng = np.random.default_rng(0)
    with pytest.raises(VtonError, match="leather with 'plaid'"):
        draw_fabric(rng, "leather", "plaid")
    with pytest.raises(VtonError, match="material 'silk'"):
        draw_fabric(rng, "silk")
    with pytest.raises(VtonError, match="graphic 'photo'"):
        draw_fabric(rng, "jersey", graphic="photo")
    with pytest.raises(VtonError, match="fabric pattern 'paisley'"):
        bake(replace(draw_fabric(rng), pattern="paisley"))


def test_a_bake_is_quick(drawn):
    for spec in drawn[:60]:
        bake(spec)
    times = []
    for spec in drawn[:60]:
        start = time.process_time()
        bake(spec)
        times.append(time.process_time() - start)
    # 3 ms on a free core; four times that for a busy one.
    assert np.median(times) < 0.012
