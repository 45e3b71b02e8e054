"""Arrays as bytes of NumPy's own file type, and back, without pickle."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def to_npy(array: NDArray[np.generic]) -> bytes:
    """The bytes of a ``.npy`` file."""
    buffer = io.BytesIO()
    np.save(buffer, np.ascontiguousarray(array), allow_pickle=False)
    return buffer.getvalue()


def read_npy(path: Path) -> NDArray[np.generic] | None:
    """The array of a file, or None if it is missing or damaged."""
    try:
        array: NDArray[np.generic] = np.load(path, allow_pickle=False)
        return array
    except (FileNotFoundError, ValueError, EOFError):
        return None
