"""Sentences as numbers: how words are cut, round trips, and odd sentences."""

import pytest
import torch

from vtonlib.data.text import ALPHABET, PAD, UNKNOWN, Vocabulary, encode_characters, words_of
from vtonlib.errors import VtonError

CAPTIONS = [
    "the lady was wearing a blue long-sleeved blouse.",
    "the man wore a black short-sleeved tee with a plain look.",
    "the lady wore an orange sleeveless dress, printed with letters.",
]


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("The Lady wore a blue long-sleeved blouse.", ["the", "lady", "wore", "a", "blue", "long-sleeved", "blouse"]),
        ("a red,  white\tand\nblue tee . ", ["a", "red", "white", "and", "blue", "tee"]),
        ("red,blue", ["red", "blue"]),
        ("size 1.5 tee.", ["size", "1.5", "tee"]),
        ("", []),
        (" ., ", []),
        ("ÉTÉ 👗!", ["été", "👗!"]),
    ],
)
def test_words(sentence, words):
    assert words_of(sentence) == words


def test_a_vocabulary_is_sorted_and_begins_with_padding_and_unknown():
    vocabulary = Vocabulary.of(CAPTIONS)
    assert vocabulary.words[:2] == (PAD, UNKNOWN) == ("<pad>", "<unk>")
    assert list(vocabulary.words[2:]) == sorted({word for caption in CAPTIONS for word in words_of(caption)})
    assert Vocabulary.of(reversed(CAPTIONS)) == vocabulary


def test_rare_words_can_be_left_out():
    assert Vocabulary.of(["a b", "a b", "a c"], least=2).words == (PAD, UNKNOWN, "a", "b")
    assert Vocabulary.of(["a b", "a b", "a c"], least=3).words == (PAD, UNKNOWN, "a")


def test_captions_survive_the_round_trip():
    vocabulary = Vocabulary.of(CAPTIONS)
    tokens, lengths = vocabulary.encode(CAPTIONS)
    assert (tokens.shape, tokens.dtype, lengths.dtype) == ((3, 17), torch.int64, torch.int64)
    assert lengths.tolist() == [8, 11, 10]
    assert vocabulary.decode(tokens) == [" ".join(words_of(caption)) for caption in CAPTIONS]
    for row, length in zip(tokens, lengths, strict=True):
        assert (row[:length] > 1).all()
        assert not row[length:].any()


def test_any_sentence_is_accepted():
    vocabulary = Vocabulary.of(CAPTIONS)
    odd = ["", ".", "the zebra wore a <pad> <unk>", "blue " * 30, "👗 été"]
    tokens, lengths = vocabulary.encode(odd, length=6)
    assert lengths.tolist() == [0, 0, 6, 6, 2]
    assert not tokens[:2].any()
    assert vocabulary.decode(tokens) == [
        "", "", "the <unk> wore a <unk> <unk>", "blue blue blue blue blue blue", "<unk> <unk>",
    ]  # fmt: skip


def test_words_that_spell_the_first_entries_stay_unknown_even_if_captions_hold_them():
    vocabulary = Vocabulary.of(["<pad> a", "<unk> a"])
    assert vocabulary.words == (PAD, UNKNOWN, "a")
    assert vocabulary.encode(["<pad> a"], 2)[0].tolist() == [[1, 2]]


def test_no_sentences_at_all():
    tokens, lengths = Vocabulary.of([]).encode([], 5)
    assert (tokens.shape, lengths.shape) == ((0, 5), (0,))
    assert encode_characters([]).shape == (0, 201, 70)


def test_a_broken_vocabulary_is_refused():
    with pytest.raises(VtonError, match=r"vocabulary begins with \('a', 'b'\); put '<pad>', '<unk>' first"):
        Vocabulary(("a", "b"))
    with pytest.raises(VtonError, match="vocabulary has 'a' twice"):
        Vocabulary((PAD, UNKNOWN, "a", "b", "a"))
    with pytest.raises(VtonError, match="tokens reach from 0 to 2; this vocabulary has 2 words"):
        Vocabulary.of([]).decode(torch.tensor([[0, 2]]))


def test_the_alphabet_has_seventy_channels_for_sixty_nine_symbols():
    assert len(ALPHABET) == 70
    assert len(set(ALPHABET)) == 69
    assert ALPHABET.count("-") == 2


def test_characters_survive_the_round_trip():
    sentence = "The Lady's 2 long-sleeved tees (red/blue), 100% {cotton}!"
    encoded = encode_characters([sentence])
    assert encoded.shape == (1, 201, 70)
    assert encoded.sum().item() == len(sentence)
    assert "".join(ALPHABET[row.argmax()] for row in encoded[0, : len(sentence)]) == sentence.lower()


def test_the_hyphen_takes_its_second_channel():
    first, second = (place for place, symbol in enumerate(ALPHABET) if symbol == "-")
    channels = encode_characters(["-"])[0, 0]
    assert (channels[first], channels[second]) == (0, 1)


def test_unknown_characters_and_what_follows_the_end_are_zero():
    encoded = encode_characters(["aé👗b", "", "x" * 300])
    assert encoded[0, :5].sum(1).tolist() == [1, 0, 0, 1, 0]
    assert not encoded[1].any()
    assert encoded[2].sum().item() == 201
    assert encode_characters(["abc"], 2).shape == (1, 2, 70)
