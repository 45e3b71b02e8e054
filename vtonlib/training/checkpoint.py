"""Checkpoint files that are whole or absent, and that know when they were damaged.

A file is one header line, ``vtonlib-checkpoint 1 <SHA-256>``, and then what ``torch.save`` wrote. It is written beside
its target and moved over it when it is safely on disk, so a process killed at any moment leaves the old file or the new
one. It is loaded without unpickling code.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

import torch

from vtonlib.errors import VtonError

MAGIC = b"vtonlib-checkpoint 1 "
HEADER_LENGTH = len(MAGIC) + 64 + 1


class _HashingWriter:
    """A file whose every byte also goes through SHA-256."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self.file.write(data)

    def flush(self) -> None:
        self.file.flush()


def sweep(path: Path) -> None:
    """Remove what a process that was killed while writing left beside a checkpoint; nobody else may be writing."""
    for left in path.parent.glob(f".{path.name}.*"):
        left.unlink()


def save_checkpoint(path: Path, content: dict[str, Any]) -> None:
    """Write a checkpoint, or leave the one that is there.

    Args:
        path: the file; its folder is made.
        content: tensors, numbers, strings, and dicts and lists of them.

    Raises:
        VtonError: if the disk is full or the folder cannot be written.
    """
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # The same folder, hence the same file system: only there is os.replace atomic.
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(MAGIC + b"0" * 64 + b"\n")
            writer = _HashingWriter(file)
            torch.save(content, writer)  # type: ignore[arg-type]
            file.seek(len(MAGIC))
            file.write(writer.digest.hexdigest().encode())
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        _sync_folder(path.parent)
    except (OSError, RuntimeError) as error:
        # torch.save turns a failed write into a RuntimeError.
        kept = "; the previous checkpoint is kept" if path.exists() else ""
        raise VtonError(
            f"{path}: cannot be written ({error}){kept}; free some space or choose another folder"
        ) from error
    finally:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Read a checkpoint to the CPU, after checking its hash.

    Raises:
        VtonError: if the file is missing, is not one of ours, or is damaged.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise VtonError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    if not data.startswith(MAGIC):
        raise VtonError(f"{path}: is not a checkpoint of vtonlib; choose another file")
    header, body = data[:HEADER_LENGTH], memoryview(data)[HEADER_LENGTH:]
    if header[len(MAGIC) :] != hashlib.sha256(body).hexdigest().encode() + b"\n":
        raise VtonError(f"{path}: is damaged (its SHA-256 differs); delete it to start again")
    try:
        content: dict[str, Any] = torch.load(io.BytesIO(body), map_location="cpu", weights_only=True)
    except Exception as error:  # torch names no common class for what it cannot or will not read
        raise VtonError(
            f"{path}: holds something other than tensors and plain values, and is not opened; choose another file"
        ) from error
    return content


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut, where the system can sync a folder."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
