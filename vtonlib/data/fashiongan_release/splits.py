"""Splits of the release, and whose sentence each test picture is given: ``ind.mat``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vtonlib.data.fashiongan_release.matlab import expect_shape, read_matlab, whole_numbers
from vtonlib.errors import VtonError

NAMES = ("train_ind", "test_ind", "test_set_pair_ind")


@dataclass(frozen=True, eq=False)
class Splits:
    """Rows of the two splits, from 0.

    The split goes by picture and not by item: nearly every item of the test split has other pictures in training, and
    who is in a picture is not known. Scores on it say nothing about new garments.

    Attributes:
        train: (70000,) int64 in the release.
        test: (8979,) int64.
        test_sentences: (8979,) int64: for each row of ``test`` the row whose sentence it is to be dressed after.
    """

    train: NDArray[np.int64]
    test: NDArray[np.int64]
    test_sentences: NDArray[np.int64]

    @classmethod
    def read(cls, path: Path, rows: int) -> Splits:
        """Read the file, whose numbers count from 1.

        Args:
            path: the file.
            rows: pictures in the release.

        Raises:
            VtonError: if it is missing or damaged, a variable is missing, has another shape or names a row that is not
                there, or the splits share a row.
        """
        content = read_matlab(path, NAMES)
        for name, array in content.items():
            length = content["test_ind"].size if name == "test_set_pair_ind" else array.size
            # Columns in the release; old versions of it are said to have rows.
            expect_shape(path, name, array, (1, length) if array.shape[:1] == (1,) else (length, 1))
        train, test, sentences = (whole_numbers(path, name, content[name], 1, rows) - 1 for name in NAMES)
        shared = np.intersect1d(train, test)
        if len(shared):
            raise VtonError(f"{path}: row {shared[0]} is in both splits; fetch the file again")
        return cls(train, test, sentences)

    def sentence_of(self) -> dict[int, int]:
        """For each row of the test split the row of its sentence."""
        return dict(zip(self.test.tolist(), self.test_sentences.tolist(), strict=True))
