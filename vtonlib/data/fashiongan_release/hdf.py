"""HDF5 files through h5py, which is installed with the extra ``data`` and imported when it is needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vtonlib.errors import VtonError


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """An HDF5 file, open for reading.

    Raises:
        VtonError: if h5py is not installed, or the file is missing, cut off, damaged or of another type; also when that
            shows only while the file is being read.
    """
    try:
        import h5py
    except ModuleNotFoundError:
        raise VtonError(f"{path}: reading it needs h5py; run: pip install 'vtonlib[data]'") from None
    check_file(path)
    try:
        with h5py.File(path, "r") as file:
            yield file
    except (OSError, RuntimeError) as error:
        raise VtonError(f"{path}: is cut off, damaged or no HDF5 file ({error}); fetch it again") from error


def dataset(file: Any, path: Path, name: str) -> Any:
    """A data set of an open file; none of its numbers are read yet.

    Raises:
        VtonError: if there is none of that name.
    """
    import h5py

    found = file.get(name)
    if not isinstance(found, h5py.Dataset):
        raise VtonError(f"{path}: has no data set {name!r}; choose the file of the original release")
    return found


def read_hdf(path: Path, names: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Some data sets of a file, whole, with axes in the order of HDF5.

    Raises:
        VtonError: if the file cannot be read or lacks one of them.
    """
    with opened(path) as file:
        return {name: np.asarray(dataset(file, path, name)[()]) for name in names}


def check_file(path: Path) -> None:
    """Refuse what is no file.

    Raises:
        VtonError: if it is a folder or is not there.
    """
    if not path.is_file():
        raise VtonError(f"{path}: {'is no file' if path.exists() else 'does not exist'}; give a file of the release")
