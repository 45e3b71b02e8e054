"""Files of named tensors: those that PyTorch writes, read without running what they hold, and safetensors."""

from __future__ import annotations

import io
import warnings
from collections import OrderedDict
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as serialise
from torch import Tensor

from vtonlib.data.atomic import write_atomically
from vtonlib.errors import VtonError


def read_torch(path: Path) -> dict[str, Tensor]:
    """The tensors of a ``.pth`` file, old or new format, on the CPU.

    Raises:
        VtonError: if the file cannot be read, is cut off, holds code (which is not run), or no plain dict of tensors.
    """
    _check_file(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a pickle that is refused right after; the reader gets one line
            content = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise VtonError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    except Exception as error:  # torch names no common class for what it cannot or will not read
        raise VtonError(
            f"{path}: is cut off, damaged, or holds other things than tensors, which are not opened; "
            "fetch it again, or choose another file"
        ) from error
    if not isinstance(content, dict) or not all(
        isinstance(key, str) and isinstance(value, Tensor) for key, value in content.items()
    ):
        raise VtonError(f"{path}: holds no plain dict of tensors; give the file that holds the state dict alone")
    return dict(content)


def write_torch(path: Path, tensors: dict[str, Tensor]) -> None:
    """Write a ``.pth`` file in the format from before PyTorch 1.6, which every version reads.

    Raises:
        VtonError: if it cannot be written, or a file of this name is there.
    """
    buffer = io.BytesIO()
    torch.save(OrderedDict(tensors), buffer, _use_new_zipfile_serialization=False)
    _write(path, buffer.getvalue())


def read_safetensors(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The tensors of a ``.safetensors`` file, on the CPU, and the words that go with them.

    Raises:
        VtonError: if the file cannot be read, is cut off or is of another type.
    """
    _check_file(path)
    try:
        with safe_open(path, framework="pt") as file:
            return {key: file.get_tensor(key) for key in file.keys()}, file.metadata() or {}  # noqa: SIM118
    except OSError as error:
        raise VtonError(f"{path}: cannot be read ({error}); check the path") from error
    except SafetensorError as error:
        raise VtonError(f"{path}: is cut off or no safetensors file ({error}); choose another file") from error


def write_safetensors(path: Path, tensors: dict[str, Tensor], about: dict[str, str]) -> None:
    """Write a ``.safetensors`` file.

    Raises:
        VtonError: if it cannot be written, or a file of this name is there.
    """
    _write(path, serialise({key: tensor.contiguous() for key, tensor in tensors.items()}, about))


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise VtonError(f"{path}: {'is no file' if path.exists() else 'does not exist'}; give a file of weights")


def _write(path: Path, data: bytes) -> None:
    if path.is_dir():
        raise VtonError(f"{path}: is a folder; name a file in it with -o")
    if path.exists():
        raise VtonError(f"{path}: is there already; delete it, or name another file with -o")
    try:
        write_atomically(path, data)
    except OSError as error:
        raise VtonError(f"{path}: cannot be written ({error.strerror}); choose another folder with -o") from error
