"""What the release has computed beforehand: m(S0) of each picture, and a code of each sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vtonlib.data.fashiongan_release.matlab import expect_shape, read_matlab
from vtonlib.errors import VtonError

CELLS = (8, 8)
CODE = 100
"""Numbers in the code of a sentence."""

BACKGROUND_FIRST = (3, 0, 1, 2)
"""The release has hair, face, rest, background; everything here has the background first."""


def read_merged(path: Path, rows: int) -> NDArray[np.float32]:
    """m(S0) of every picture, as ``sr1_8.mat`` holds it.

    It was made from label maps of 224 x 224, so :func:`vtonlib.data.representations.fashiongan.merged_segmentation`,
    which sees 128 x 128, gives slightly other numbers.

    Args:
        path: the file.
        rows: pictures in the release.

    Returns:
        (N, 4, 8, 8), about in [0, 1], in the order of that function: background, hair, face, rest.

    Raises:
        VtonError: if the file is missing or damaged, the variable is missing or has another shape, or holds no numbers.
    """
    stored = read_matlab(path, ["d"])["d"]
    expect_shape(path, "d", stored, (*CELLS, 4, rows))
    # MATLAB has row, column, channel, picture.
    return _numbers(path, "d", stored.transpose(3, 2, 0, 1)[:, BACKGROUND_FIRST])


def read_text_codes(path: Path, rows: int) -> NDArray[np.float32]:
    """The code of every sentence, as ``encode_hn2_rnn_100_2_full.mat`` holds it.

    It is the last state of a recurrent network that was trained to tell category, colour, gender and sleeve.

    Args:
        path: the file.
        rows: sentences in the release.

    Returns:
        (N, 100) in [-1, 1].

    Raises:
        VtonError: if the file is missing or damaged, the variable is missing or has another shape, or holds what is no
            such code.
    """
    stored = read_matlab(path, ["hn2"])["hn2"]
    expect_shape(path, "hn2", stored, (rows, CODE))
    codes = _numbers(path, "hn2", stored)
    if codes.size and np.abs(codes).max() > 1:
        raise VtonError(f"{path}: variable 'hn2' leaves [-1, 1]; choose the file of the original release")
    return codes


def _numbers(path: Path, name: str, array: NDArray[np.generic]) -> NDArray[np.float32]:
    if not np.issubdtype(array.dtype, np.number) or not np.isfinite(array).all():
        raise VtonError(f"{path}: variable {name!r} holds something else than numbers; fetch the file again")
    return np.ascontiguousarray(array, np.float32)
