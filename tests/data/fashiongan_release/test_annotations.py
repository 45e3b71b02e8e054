"""language_original.mat: sentences, numbers of words, and attributes in words."""

import numpy as np
import pytest

from vtonlib.data.fashiongan_release.annotations import Annotations
from vtonlib.data.fashiongan_release.words import CATEGORIES, COLOURS
from vtonlib.errors import VtonError

from .release_files import NAMES, SENTENCES, cells, column, numbered, write_annotations


def read(tmp_path, sentences=SENTENCES, **other):
    write_annotations(tmp_path / "language_original.mat", sentences, **other)
    return Annotations.read(tmp_path / "language_original.mat")


def test_sentences_words_and_names_come_back(tmp_path):
    found = read(tmp_path)
    assert len(found) == len(SENTENCES)
    assert found.sentences == SENTENCES
    assert found.names == NAMES
    assert [numbers.tolist() for numbers in found.word_numbers] == numbered(SENTENCES)
    assert found.vocabulary.words[:4] == ("<pad>", "<unk>", "the", "lady")
    tokens, lengths = found.vocabulary.encode(SENTENCES)
    for row, numbers in enumerate(numbered(SENTENCES)):
        assert tokens[row, : lengths[row]].tolist() == [number + 1 for number in numbers]


def test_numbers_above_255_have_two_bytes_in_the_file(tmp_path):
    sentences = tuple(" ".join(f"w{15 * row + place}" for place in range(15)) + "." for row in range(18))
    found = read(tmp_path, sentences)
    assert found.word_numbers[17].tolist() == list(range(256, 271))
    assert found.word_numbers[16].max() == 255
    assert len(found.vocabulary) == 272


def test_attributes_are_in_words(tmp_path):
    found = read(tmp_path)
    expected = [
        ("top", {"kind": "blouse", "colour": "blue", "sleeve": "long"}),
        ("dress", {"kind": "dress", "colour": "white", "sleeve": "none"}),
        ("top", {"kind": "tee", "colour": "black", "sleeve": "short"}),
        ("top", {"kind": "cardigan", "colour": "red", "sleeve": "long"}),
        ("dress", {"kind": "romper", "colour": "gray"}),
        ("top", {"kind": "kimono", "colour": "multicolor", "sleeve": "short"}),
    ]
    for row, (category, attributes) in enumerate(expected):
        garment = found.garment(row)
        assert (garment.category, garment.attributes) == (category, attributes)
        assert garment.caption == SENTENCES[row]
        assert garment.garment_id == f"img/Item_{row // 2}"
        assert garment.image is None
    assert [found.gender_of(row) for row in range(6)] == ["woman", "woman", "man", "woman", "woman", "woman"]


def test_the_tables_have_the_lengths_of_the_release():
    assert (len(set(CATEGORIES)), len(set(COLOURS))) == (19, 17)
    assert (CATEGORIES[0], CATEGORIES[15], CATEGORIES[18]) == ("blazer", "dress", "romper")
    assert (COLOURS[0], COLOURS[11], COLOURS[16]) == ("red", "gray", "multicolor")


def test_an_empty_sentence_is_read(tmp_path):
    found = read(tmp_path, engJ=cells(("", *SENTENCES[1:])))
    assert found.sentences == ("", *SENTENCES[1:])


@pytest.mark.parametrize("name", ["engJ", "codeJ", "nameList", "cate_new", "color_", "gender_", "sleeve_"])
def test_a_missing_variable_is_named(tmp_path, name):
    with pytest.raises(VtonError, match=rf"language_original\.mat: has no variable '{name}'; choose the file"):
        read(tmp_path, **{name: None})


@pytest.mark.parametrize("name", ["codeJ", "nameList", "cate_new", "color_", "gender_", "sleeve_"])
def test_another_length_is_named(tmp_path, name):
    short = cells(["a", "b"]) if name in ("codeJ", "nameList") else column((1, 1), np.uint8)
    with pytest.raises(VtonError, match=rf"'{name}' has shape \(2, 1\) and should have \(6, 1\)"):
        read(tmp_path, **{name: short})


@pytest.mark.parametrize(
    ("name", "wrong", "bounds"),
    [("cate_new", 20, "1 to 19"), ("color_", 0, "1 to 17"), ("gender_", 2, "0 to 1"), ("sleeve_", 5, "1 to 4")],
)
def test_a_number_without_a_word_is_named_with_its_row(tmp_path, name, wrong, bounds):
    with pytest.raises(VtonError, match=rf"'{name}' holds {wrong} in row 3 and should hold whole .+ from {bounds};"):
        read(tmp_path, **{name: column((1, 1, 1, wrong, 1, 1), np.uint8)})


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("engJ", np.ones((1, 2))), ("engJ", np.array(["two", "row"])), ("nameList", np.ones((1, 2))),
        ("codeJ", "a word"), ("codeJ", np.array([[1.5]])), ("codeJ", np.array([[0]], np.uint8)),
    ],
)  # fmt: skip
def test_a_cell_with_something_else_is_named_with_its_row(tmp_path, name, wrong):
    right = {"engJ": SENTENCES, "nameList": NAMES, "codeJ": [np.array([row], np.uint8) for row in range(1, 7)]}[name]
    with pytest.raises(VtonError, match=rf"variable '{name}' holds something else in row 2; fetch the file again"):
        read(tmp_path, **{name: cells([*right[:2], wrong, *right[3:]])})


def test_words_and_numbers_that_do_not_fit_are_named(tmp_path):
    numbers = numbered(SENTENCES)
    for wrong in (numbers[1][:-1], [*numbers[1][:-1], 1]):
        codes = cells([np.array(row, np.uint8)[:, None] for row in [numbers[0], wrong, *numbers[2:]]])
        with pytest.raises(VtonError, match="'engJ' and 'codeJ' tell different words in row 1"):
            _ = read(tmp_path, codeJ=codes).vocabulary


def test_a_number_that_no_word_has_is_named(tmp_path):
    codes = cells([np.array([number + (number > 4) for number in row])[:, None] for row in numbered(SENTENCES)])
    with pytest.raises(VtonError, match="variable 'codeJ' never uses number 5"):
        _ = read(tmp_path, codeJ=codes).vocabulary
