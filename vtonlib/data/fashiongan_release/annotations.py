"""Sentences and attributes of the release: ``language_original.mat``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from vtonlib.data.fashiongan_release.matlab import expect_shape, read_matlab, whole_numbers
from vtonlib.data.fashiongan_release.words import CATEGORIES, COLOURS, GENDERS, ONE_PIECE, SLEEVES
from vtonlib.data.sample import Garment
from vtonlib.data.text import PAD, UNKNOWN, Vocabulary, words_of
from vtonlib.errors import VtonError

CELLS = ("engJ", "codeJ", "nameList")
NUMBERS = {
    "cate_new": (1, len(CATEGORIES)), "color_": (1, len(COLOURS)), "gender_": (0, len(GENDERS) - 1),
    "sleeve_": (1, len(SLEEVES)),
}  # fmt: skip
"""For each variable its least and its greatest number."""

Content = TypeVar("Content")


@dataclass(frozen=True, eq=False)
class Annotations:
    """What is written about each picture.

    Attributes:
        path: of the file, for messages.
        sentences: lower case, with a full stop.
        word_numbers: for each sentence its words (L,) int64, as the release numbers them: from 1 to 539.
        names: where DeepFashion has the picture: ``img/ITEM/img_00000001.jpg``.
        category: (N,) int64, index into :data:`~vtonlib.data.fashiongan_release.words.CATEGORIES`.
        colour: (N,) int64, index into its ``COLOURS``.
        gender: (N,) int64, index into its ``GENDERS``.
        sleeve: (N,) int64, index into its ``SLEEVES``.
    """

    path: Path
    sentences: tuple[str, ...]
    word_numbers: tuple[NDArray[np.int64], ...]
    names: tuple[str, ...]
    category: NDArray[np.int64]
    colour: NDArray[np.int64]
    gender: NDArray[np.int64]
    sleeve: NDArray[np.int64]

    @classmethod
    def read(cls, path: Path) -> Annotations:
        """Read the file, which takes some seconds.

        Raises:
            VtonError: if it is missing or damaged, or a variable is missing, has another shape, or holds what it should
                not.
        """
        content = read_matlab(path, (*CELLS, *NUMBERS))
        rows = len(content["engJ"])
        for name, array in content.items():
            expect_shape(path, name, array, (rows, 1))
        numbers = {
            name: whole_numbers(path, name, content[name], least, most) - least
            for name, (least, most) in NUMBERS.items()
        }
        return cls(
            path,
            sentences=_cells(path, "engJ", content, _text),
            word_numbers=_cells(path, "codeJ", content, _numbers),
            names=_cells(path, "nameList", content, _text),
            category=numbers["cate_new"],
            colour=numbers["color_"],
            gender=numbers["gender_"],
            sleeve=numbers["sleeve_"],
        )

    def __len__(self) -> int:
        return len(self.sentences)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The release's words, found by laying its numbers beside its sentences.

        A word's number here is its number there and 1 more, since padding and unknown words come first.

        Raises:
            VtonError: if sentences and numbers do not fit each other, or a number has no word.
        """
        words: dict[int, str] = {}
        for row, (sentence, numbers) in enumerate(zip(self.sentences, self.word_numbers, strict=True)):
            found = words_of(sentence)
            if len(found) != len(numbers) or any(
                words.setdefault(int(number), word) != word for number, word in zip(numbers, found, strict=True)
            ):
                raise VtonError(
                    f"{self.path}: variables 'engJ' and 'codeJ' tell different words in row {row}; fetch the file again"
                )
        last = max(words, default=0)
        if len(words) < last:
            missing = next(number for number in range(1, last) if number not in words)
            raise VtonError(f"{self.path}: variable 'codeJ' never uses number {missing}; fetch the file again")
        return Vocabulary((PAD, UNKNOWN, *(words[number] for number in range(1, last + 1))))

    def garment(self, row: int) -> Garment:
        """What a sentence and its attributes say of the garment. There is no in-shop picture in this data set.

        Returns:
            ``garment_id`` is DeepFashion's folder of the item, ``category`` is ``dress`` for whatever is in one piece
            and ``top`` else; attributes are ``kind``, ``colour``, and ``sleeve`` where the sentence says it.
        """
        kind = CATEGORIES[self.category[row]]
        sleeve = SLEEVES[self.sleeve[row]]
        attributes: dict[str, str | float] = {"kind": kind, "colour": COLOURS[self.colour[row]]}
        if sleeve is not None:
            attributes["sleeve"] = sleeve
        return Garment(
            garment_id=self.names[row].rpartition("/")[0],
            category="dress" if kind in ONE_PIECE else "top",
            attributes=attributes,
            caption=self.sentences[row],
        )

    def gender_of(self, row: int) -> str:
        """``woman`` or ``man``, the word that the wardrobe has for it."""
        return GENDERS[self.gender[row]]


def _cells(
    path: Path, name: str, content: dict[str, NDArray[Any]], read: Callable[[NDArray[Any]], Content | None]
) -> tuple[Content, ...]:
    """The cells of a variable (N, 1), each read by a function that gives None for what it cannot read."""
    found = []
    for row, cell in enumerate(content[name].ravel()):
        value = read(np.asarray(cell))
        if value is None:
            raise VtonError(f"{path}: variable {name!r} holds something else in row {row}; fetch the file again")
        found.append(value)
    return tuple(found)


def _text(cell: NDArray[Any]) -> str | None:
    """A string, which scipy gives as an array of one, or of none if it is empty."""
    if cell.dtype.kind != "U" or cell.size > 1:
        return None
    return str(cell.item()) if cell.size else ""


def _numbers(cell: NDArray[Any]) -> NDArray[np.int64] | None:
    """Numbers from 1, stored in the smallest type that holds them."""
    if not np.issubdtype(cell.dtype, np.integer) or (cell.size and cell.min() < 1):
        return None
    return cell.ravel().astype(np.int64)
