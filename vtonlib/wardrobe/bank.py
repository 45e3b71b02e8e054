"""Arrays that take seconds to make and are the same on every run: kept on disk, made once for all processes."""

from __future__ import annotations

import ast
import functools
import hashlib
import io
import zipfile
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

import vtonlib
from vtonlib.data.atomic import write_atomically
from vtonlib.data.cache import cache_folder

_ROOT = Path(vtonlib.__file__).parents[1]
_MADE_WITH = ("anny", "numpy", "scipy", "numba")


def banked(module: str, name: str, make: Callable[[], dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """What ``make`` gives, from the disk if it was made before.

    Args:
        module: full name of the module that holds the code which makes it, usually ``__name__``. When it, or anything
            of vtonlib that it imports, changes, the arrays are made anew.
        name: of these arrays among the module's; a file name.
        make: makes the arrays; called where there is no whole file of them.
    """
    path = cache_folder() / f"{module.rpartition('.')[2]}-{digest(module)}" / f"{name}.npz"
    try:
        with np.load(path, allow_pickle=False) as stored:
            return {key: stored[key] for key in stored.files}  # zip files hold checksums, which reading checks
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        arrays = make()
    data = io.BytesIO()
    np.savez(data, **arrays)  # type: ignore[arg-type]  # its stubs take the names for its own options
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, data.getvalue())  # of two processes that start at once the later one's stays; both are equal
    return arrays


@functools.cache
def digest(module: str) -> str:
    """Sixteen characters that change with the source of a module, of all of vtonlib that it imports, and with tools."""
    found = hashlib.sha256(" ".join(map(_version, _MADE_WITH)).encode())
    for path in sources(module):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def sources(module: str) -> list[Path]:
    """The source file of a module of vtonlib and those of all that it imports from vtonlib, sorted."""
    found: set[Path] = set()
    waiting = [module]
    while waiting:
        path = _file(waiting.pop())
        if path is None or path in found:
            continue
        found.add(path)
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("vtonlib"):
                waiting += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return sorted(found)


def _file(module: str) -> Path | None:
    """The file of a module; ``None`` for a name that is no module, such as a function that is imported from one."""
    path = _ROOT.joinpath(*module.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.exists():
            return candidate
    return None


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # anny, when it is not installed; what needs it says so
        return ""
