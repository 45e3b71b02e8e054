"""Variables of MATLAB files, old (version 5) and new (version 7.3, which is HDF5), with one line for what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.io import loadmat

from vtonlib.data.fashiongan_release.hdf import check_file, read_hdf
from vtonlib.errors import VtonError


def read_matlab(path: Path, names: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Some variables of a ``.mat`` file.

    Args:
        path: the file.
        names: of the variables; the others are skipped.

    Returns:
        By name an array of two or more axes in MATLAB's order. A cell array is an array of objects; in a file of
        version 7.3 only numbers can be read.

    Raises:
        VtonError: if the file is missing, damaged or of another type, a variable is missing, or h5py is needed and not
            installed.
    """
    check_file(path)
    try:
        content = loadmat(path, variable_names=list(names))
    except NotImplementedError:  # how scipy says that a file has version 7.3
        return {name: _numbers(path, name, array) for name, array in read_hdf(path, names).items()}
    except OSError as error:
        raise VtonError(f"{path}: cannot be read ({error}); fetch it again") from error
    except Exception as error:  # scipy names no common class for what it cannot read
        raise VtonError(f"{path}: is cut off, damaged or no MATLAB file ({error}); fetch it again") from error
    for name in names:
        if name not in content:
            raise VtonError(f"{path}: has no variable {name!r}; choose the file of the original release")
    return {name: content[name] for name in names}


def _numbers(path: Path, name: str, array: NDArray[Any]) -> NDArray[Any]:
    """An array of a file of version 7.3, whose axes HDF5 has in reversed order, as MATLAB has it."""
    if not np.issubdtype(array.dtype, np.number):
        raise VtonError(f"{path}: variable {name!r} is no array of numbers; save the file in MATLAB with -v7")
    return array.transpose()


def expect_shape(path: Path, name: str, array: NDArray[Any], shape: tuple[int, ...]) -> None:
    """Refuse a variable of another shape.

    Raises:
        VtonError: if it has one.
    """
    if array.shape != shape:
        raise VtonError(
            f"{path}: variable {name!r} has shape {array.shape} and should have {shape}; choose the file of the "
            "original release"
        )


def whole_numbers(path: Path, name: str, array: NDArray[Any], first: int, last: int) -> NDArray[np.int64]:
    """An array of any shape as a flat one of whole numbers within bounds.

    Raises:
        VtonError: if it holds anything else; the row is named.
    """
    flat = array.ravel()
    if not (np.issubdtype(flat.dtype, np.integer) or np.issubdtype(flat.dtype, np.floating)):
        raise VtonError(f"{path}: variable {name!r} holds no numbers; choose the file of the original release")
    # Written so that NaN counts as wrong.
    wrong = np.flatnonzero(~((flat >= first) & (flat <= last) & (flat == np.floor(flat))))
    if len(wrong):
        raise VtonError(
            f"{path}: variable {name!r} holds {flat[wrong[0]]} in row {wrong[0]} and should hold whole numbers from "
            f"{first} to {last}; fetch the file again"
        )
    return flat.astype(np.int64)
