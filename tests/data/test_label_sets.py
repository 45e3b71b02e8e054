"""Each label goes where its name says, and comes back where it can."""

import numpy as np
import pytest

from vtonlib.data.label_sets import (
    ATR_18,
    CIHP_20,
    FASHIONGAN_7,
    LABEL_SETS,
    LIP_SET,
    MERGED_4,
    convert,
    to_lip,
    voc_palette,
)
from vtonlib.data.labels import LIP_20
from vtonlib.errors import VtonError

EVERY_LABEL = np.arange(20, dtype=np.uint8)
NOWHERE = np.zeros(20, bool)

# Typed from the papers' own tables: the number that each label of LIP-20 gets, in LIP's order.
CIHP = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 6, 11, 12, 13, 14, 15, 16, 17, 18, 19]
ATR = [0, 1, 2, 4, 3, 4, 7, 4, 6, 6, 7, 17, 5, 11, 14, 15, 12, 13, 9, 10]
SEVEN = [0, 1, 1, 6, 2, 3, 4, 3, 5, 4, 4, 3, 4, 2, 6, 6, 5, 5, 5, 5]
FOUR = [0, 1, 1, 3, 2, 3, 3, 3, 3, 3, 3, 3, 3, 2, 3, 3, 3, 3, 3, 3]


@pytest.mark.parametrize(
    ("target", "expected"),
    [(LIP_SET, range(20)), (CIHP_20, CIHP), (ATR_18, ATR), (FASHIONGAN_7, SEVEN), (MERGED_4, FOUR)],
)
def test_every_label_of_lip_goes_where_the_table_says(target, expected):
    converted = convert(EVERY_LABEL, NOWHERE, target)
    assert converted.tolist() == list(expected)
    assert converted.dtype == np.uint8
    assert np.array_equal(convert(EVERY_LABEL, None, target), converted)


@pytest.mark.parametrize(("target", "number"), [(LIP_SET, 0), (CIHP_20, 10), (ATR_18, 11), (FASHIONGAN_7, 2)])
def test_the_neck_counts_where_nothing_lies_before_it(target, number):
    parse = np.array([[0, 2], [14, 0]], np.uint8)
    neck = np.array([[True, True], [True, False]])
    alone = convert(parse, None, target)
    assert convert(parse, neck, target).tolist() == [[number, alone[0, 1]], [alone[1, 0], 0]]


def test_cihp_comes_back_without_loss():
    everything = np.arange(20, dtype=np.uint8)
    parse, neck = to_lip(everything, CIHP_20)
    assert neck.tolist() == [number == 10 for number in range(20)]
    assert parse[10] == 0
    assert np.array_equal(convert(parse, neck, CIHP_20), everything)


def test_atr_comes_back_but_for_belts_and_bags():
    parse, neck = to_lip(np.arange(18, dtype=np.uint8), ATR_18)
    assert neck is None
    again = convert(parse, neck, ATR_18)
    lost = [ATR_18.labels[number] for number in range(18) if again[number] != number]
    assert lost == ["belt", "bag"]
    for number, name in enumerate(ATR_18.labels):
        if name not in lost:
            assert LIP_20[parse[number]] == name


def test_four_labels_are_a_merger_of_the_seven():
    """Going through the seven must give the same, or m(S0) would depend on the way."""
    rng = np.random.default_rng(0)
    parse, neck = rng.integers(0, 20, (30, 40), np.uint8), rng.random((30, 40)) < 0.3
    merged = np.array([0, 1, 2, 3, 3, 3, 3])[convert(parse, neck, FASHIONGAN_7)]
    assert np.array_equal(merged, convert(parse, neck, MERGED_4))


@pytest.mark.parametrize("source", [FASHIONGAN_7, MERGED_4])
def test_merged_labels_do_not_come_back(source):
    with pytest.raises(VtonError, match=f"{source.name}: .* too coarse .*; convert from"):
        to_lip(np.zeros((2, 2), np.uint8), source)


def test_a_label_beyond_the_last_is_refused():
    with pytest.raises(VtonError, match="label 20: LIP-20 has labels below 20"):
        convert(np.array([20], np.uint8), None, CIHP_20)
    with pytest.raises(VtonError, match="label 18: ATR-18 has labels below 18"):
        to_lip(np.array([18], np.uint8), ATR_18)
    with pytest.raises(VtonError, match="has no label 'collar'; choose one of background"):
        ATR_18.number("collar")


@pytest.mark.parametrize(
    ("labels", "pairs"),
    [
        (LIP_SET, [(14, 15), (16, 17), (18, 19)]),
        (CIHP_20, [(14, 15), (16, 17), (18, 19)]),
        (ATR_18, [(9, 10), (12, 13), (14, 15)]),
        (FASHIONGAN_7, []),
        (MERGED_4, []),
    ],
)
def test_a_flip_swaps_left_and_right(labels, pairs):
    expected = list(range(len(labels)))
    for a, b in pairs:
        expected[a], expected[b] = b, a
    assert labels.mirrored().tolist() == expected


def test_conversion_and_flip_commute():
    for target in LABEL_SETS.values():
        flipped_last = target.mirrored()[convert(EVERY_LABEL, NOWHERE, target)]
        assert np.array_equal(convert(LIP_SET.mirrored()[EVERY_LABEL], NOWHERE, target), flipped_last)


def test_every_set_has_a_colour_of_its_own_for_each_label():
    for labels in LABEL_SETS.values():
        assert len(set(labels.palette)) == len(set(labels.labels)) == len(labels)
        assert labels.paint(np.array([[0, len(labels) - 1]])).tolist() == [[[0, 0, 0], list(labels.palette[-1])]]


def test_the_palette_of_voc():
    assert voc_palette(18)[:5] == ((0, 0, 0), (128, 0, 0), (0, 128, 0), (128, 128, 0), (0, 0, 128))
    assert voc_palette(18)[8] == (64, 0, 0)
    assert voc_palette(18)[16] == (0, 64, 0)
    assert voc_palette(256)[255] == (224, 224, 192)
