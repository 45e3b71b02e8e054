"""The release as samples: a person, the sentence about their clothes, and for the test somebody else's sentence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vtonlib.data.fashiongan_release.annotations import Annotations
from vtonlib.data.fashiongan_release.codes import read_merged, read_text_codes
from vtonlib.data.fashiongan_release.orientation import agreement, is_upright
from vtonlib.data.fashiongan_release.pictures import Pictures
from vtonlib.data.fashiongan_release.splits import Splits
from vtonlib.data.label_sets import FASHIONGAN_7
from vtonlib.data.labels import LIP
from vtonlib.data.sample import Sample, View
from vtonlib.errors import VtonError

PLACES = {
    "G2.h5": ("test_phase_inputs", "supervision_signals"),
    "language_original.mat": ("benchmark",),
    "ind.mat": ("benchmark",),
    "sr1_8.mat": ("test_phase_inputs",),
    "encode_hn2_rnn_100_2_full.mat": ("test_phase_inputs",),
}
"""Folders of the files in the authors' ``data_release``."""

LIP_LABELS = ("background", "hair", "face", "upper_clothes", "pants", "left_leg", "left_arm")
"""For each of the seven labels the one of LIP-20 that stands for it: going back gives the seven again.

The other way is lost: the release tells neither left from right, nor a hat from hair, a dress from trousers or shoes
from legs.
"""

LOOKS = 64
"""Rows that :meth:`Release.check_orientation` looks at."""


@dataclass(frozen=True)
class Release:
    """The authors' files in a folder, each of which is read when something of it is asked for.

    Attributes:
        folder: that holds ``data_release``, is it, or holds the files themselves.

    Raises:
        VtonError: from every property and method, if a file that it needs is missing or damaged, or has another number
            of rows than the sentences.
    """

    folder: Path

    @cached_property
    def annotations(self) -> Annotations:
        """Sentences and attributes."""
        return Annotations.read(self._find("language_original.mat"))

    @cached_property
    def pictures(self) -> Pictures:
        """Pictures and label maps."""
        pictures = Pictures(self._find("G2.h5"))
        if len(pictures) != len(self):
            raise VtonError(
                f"{pictures.path}: has {len(pictures)} rows and {self.annotations.path} has {len(self)}; "
                "choose files of the same release"
            )
        return pictures

    @cached_property
    def splits(self) -> Splits:
        """Which rows are for training and which for the test."""
        return Splits.read(self._find("ind.mat"), len(self))

    @cached_property
    def merged(self) -> NDArray[np.float32]:
        """m(S0) of every row: (N, 4, 8, 8), see :func:`~vtonlib.data.fashiongan_release.codes.read_merged`."""
        return read_merged(self._find("sr1_8.mat"), len(self))

    @cached_property
    def text_codes(self) -> NDArray[np.float32]:
        """Code of every sentence: (N, 100), see :func:`~vtonlib.data.fashiongan_release.codes.read_text_codes`."""
        return read_text_codes(self._find("encode_hn2_rnn_100_2_full.mat"), len(self))

    def __len__(self) -> int:
        """Rows of the release: 78,979."""
        return len(self.annotations)

    def sample(self, row: int, sentence_row: int | None = None) -> Sample:
        """One row of the release.

        What the release does not have is None or left out: in-shop pictures, joints, the neck, and of the person's
        attributes all but ``gender``. Nobody knows which pictures show the same person, so ``person_id`` is the name of
        the picture.

        Args:
            row: from 0.
            sentence_row: whose sentence makes ``other_cloth``, the garment to try on; for the test it is given by
                :meth:`~vtonlib.data.fashiongan_release.splits.Splits.sentence_of`.

        Returns:
            ``person`` with picture and ``parse``, ``cloth`` and ``other_cloth`` without picture.
        """
        for asked in (row, row if sentence_row is None else sentence_row):
            if not 0 <= asked < len(self):
                raise VtonError(
                    f"{self.annotations.path}: row {asked} is asked for; give one from 0 to {len(self) - 1}"
                )
        image, labels = self.pictures.read(row)
        return Sample(
            person_id=self.annotations.names[row],
            cloth=self.annotations.garment(row),
            person=View(image=image, parse=to_lip_labels(labels)),
            other_cloth=None if sentence_row is None else self.annotations.garment(sentence_row),
            attributes={"gender": self.annotations.gender_of(row)},
        )

    def check_orientation(self, looks: int = LOOKS) -> None:
        """Look at some rows, evenly over the release: do heads point up, and do the labels cover the person?

        Args:
            looks: how many rows.

        Raises:
            VtonError: if most maps are not upright, or the maps would cover the people better with rows and columns
                exchanged.
        """
        rows = sorted({int(row) for row in np.linspace(0, len(self) - 1, looks)})
        read = [self.pictures.read(row) for row in rows]
        path = self.pictures.path
        found = [upright for _, labels in read if (upright := is_upright(labels)) is not None]
        if 2 * sum(found) <= len(found):
            raise VtonError(
                f"{path}: data set 'b_' has hair above the face and the body below it in only {sum(found)} of the "
                f"{len(found)} maps that show all three, so its axes or labels are others; choose the original G2.h5"
            )
        as_read = sum(agreement(image, labels) for image, labels in read) / len(read)
        exchanged = sum(agreement(image, labels.T) for image, labels in read) / len(read)
        if as_read <= exchanged:
            raise VtonError(
                f"{path}: data set 'b_' covers the people in 'ih' no better than with rows and columns exchanged "
                f"(correlation {as_read:.2f} and {exchanged:.2f}), so the axes of 'ih' are others; choose the original "
                "G2.h5"
            )

    def _find(self, name: str) -> Path:
        folders = [self.folder, *(self.folder / place for place in PLACES[name])]
        folders += [self.folder / "data_release" / place for place in PLACES[name]]
        found = next((folder / name for folder in folders if (folder / name).is_file()), None)
        if found is None:
            raise VtonError(
                f"{self.folder}: has no {name}, neither there nor in data_release/{PLACES[name][0]}; put it there, or "
                "choose the folder of the original release"
            )
        return found


def to_lip_labels(labels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Numbers of FashionGAN-7 (H, W) as those of LIP-20, after :data:`LIP_LABELS`.

    Through :func:`vtonlib.data.label_sets.convert` the same numbers come back.
    """
    table = np.array([LIP[LIP_LABELS[number]] for number in range(len(FASHIONGAN_7))], np.uint8)
    return table[labels]
