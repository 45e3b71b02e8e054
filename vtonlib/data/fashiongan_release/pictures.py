"""Pictures and label maps of the release, one row at a time: ``G2.h5`` as 32-bit numbers takes 20 GB.

Two things in it are easily missed. Rows and columns have changed places: the last two axes are (W, H). And a picture is
stored less the mean picture of the set, which has its axes changed in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vtonlib.data.fashiongan_release.hdf import dataset, opened
from vtonlib.data.label_sets import FASHIONGAN_7
from vtonlib.errors import VtonError

SIDE = 128
SHAPES = {"ih": (3, SIDE, SIDE), "b_": (1, SIDE, SIDE)}
"""For pictures and labels the shape of a row: channel, column, row."""

MEAN = "ih_mean"


@dataclass(frozen=True)
class Pictures:
    """The file ``G2.h5``, which is opened for each reading: an object can be sent to other processes.

    Attributes:
        path: of the file.
    """

    path: Path

    def __len__(self) -> int:
        """Rows in the file.

        Raises:
            VtonError: as :meth:`read` does.
        """
        return self._rows_and_mean[0]

    @property
    def mean(self) -> NDArray[np.float32]:
        """The mean picture of the set: (128, 128, 3), RGB in [0, 1], about 0.84.

        Raises:
            VtonError: as :meth:`read` does.
        """
        return self._rows_and_mean[1]

    def read(self, row: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """A picture and its labels.

        Args:
            row: from 0.

        Returns:
            The picture (128, 128, 3) uint8, RGB, with the mean added and what leaves [0, 1] cut off; and the labels
            (128, 128) uint8, numbers of :data:`vtonlib.data.label_sets.FASHIONGAN_7`.

        Raises:
            VtonError: if there is no such row, h5py is not installed, the file is missing or damaged, a data set is
                missing or has another shape, or the row holds what is no picture or no label.
        """
        if not 0 <= row < len(self):
            raise VtonError(f"{self.path}: row {row} is asked for; give one from 0 to {len(self) - 1}")
        with opened(self.path) as file:
            less_mean, labels = (np.asarray(dataset(file, self.path, name)[row]) for name in SHAPES)
        picture = _upright(less_mean) + self.mean
        if not np.isfinite(picture).all():
            raise VtonError(f"{self.path}: data set 'ih' holds no number in row {row}; fetch the file again")
        numbers = _upright(labels)[..., 0]
        if not np.isin(numbers, np.arange(len(FASHIONGAN_7))).all():
            raise VtonError(
                f"{self.path}: data set 'b_' holds other labels than 0 to {len(FASHIONGAN_7) - 1} in row {row}; "
                "fetch the file again"
            )
        return (picture.clip(0, 1) * 255).round().astype(np.uint8), numbers.astype(np.uint8)

    @cached_property
    def _rows_and_mean(self) -> tuple[int, NDArray[np.float32]]:
        with opened(self.path) as file:
            rows = dataset(file, self.path, "ih").shape[:1]
            for name, shape in SHAPES.items():
                self._expect(name, dataset(file, self.path, name), rows + shape)
            mean = dataset(file, self.path, MEAN)
            self._expect(MEAN, mean, SHAPES["ih"])
            upright = _upright(np.asarray(mean[()])).astype(np.float32)
        if not ((upright >= 0) & (upright <= 1)).all():
            raise VtonError(f"{self.path}: data set {MEAN!r} is no picture in [0, 1]; fetch the file again")
        return (rows[0] if rows else 0), upright

    def _expect(self, name: str, found: Any, shape: tuple[int, ...]) -> None:
        if found.shape != shape or not np.issubdtype(found.dtype, np.number):
            raise VtonError(
                f"{self.path}: data set {name!r} is {found.dtype} of shape {found.shape} and should be numbers of shape"
                f" {shape}; choose the file of the original release"
            )


def _upright(stored: NDArray[Any]) -> NDArray[Any]:
    """(channel, column, row) as (row, column, channel)."""
    return stored.transpose(2, 1, 0)
