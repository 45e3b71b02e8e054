"""Files that are whole or absent, whenever the process that writes them is killed."""

from __future__ import annotations

import os
from pathlib import Path


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file under a hidden temporary name and move it into place; an older file stays until then.

    Raises:
        OSError: if it cannot be written; then nothing of it is left.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(data)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
