"""Which modules of vtonlib a notebook used, and a hash of each that only a change of behaviour can change."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import vtonlib

PACKAGE = Path(vtonlib.__file__).resolve().parent
"""The folder that the running vtonlib was imported from."""

_NOT_COUNTED = ("vtonlib.cli", "vtonlib.book")


def counts(module: str) -> bool:
    """Whether a module can change what a notebook shows: the command line and the book's tools cannot."""
    inside = module == "vtonlib" or module.startswith("vtonlib.")
    return inside and not any(module == n or module.startswith(n + ".") for n in _NOT_COUNTED)


def code_hash(code: str) -> str:
    """Hash of what code does, as its text says it: comments, formatting and docstrings do not count.

    Args:
        code: Python source. Where it does not parse (a cell with a magic command), its text itself counts.

    Returns:
        The first 16 hexadecimal digits of a SHA-256, the same under every Python that the project supports.
    """
    try:
        tokens: Iterable[str] = _walk(ast.parse(code))
    except SyntaxError:
        tokens = [code]
    return hashlib.sha256("\0".join(tokens).encode()).hexdigest()[:16]


def module_hash(module: str, package: Path = PACKAGE) -> str | None:
    """Hash of one module of vtonlib as it is on disk now.

    Args:
        module: dotted name that starts with ``vtonlib``.
        package: the folder of vtonlib.

    Returns:
        See :func:`code_hash`; None if there is no such module any more.
    """
    stem = package.joinpath(*module.split(".")[1:])
    for file in (stem.with_suffix(".py"), stem / "__init__.py"):
        if file.is_file():
            return code_hash(file.read_text(encoding="utf-8"))
    return None


def hashes(modules: Iterable[str], package: Path = PACKAGE) -> dict[str, str]:
    """Hash every module that counts, sorted by name; names without a source file are left out."""
    found = {m: module_hash(m, package) for m in sorted(modules) if counts(m)}
    return {m: h for m, h in found.items() if h is not None}


def changed(recorded: dict[str, str], package: Path = PACKAGE) -> list[str]:
    """The recorded modules whose code is no longer what it was, sorted by name."""
    return [m for m, h in sorted(recorded.items()) if module_hash(m, package) != h]


def _walk(node: object) -> Iterator[str]:
    """Flatten a syntax tree into words; what differs between Python versions is left out."""
    if isinstance(node, ast.AST):
        yield type(node).__name__
        for name in sorted(set(node._fields) - {"ctx", "kind", "type_comment"}):
            value = getattr(node, name, None)
            if isinstance(value, list):
                value = [item for item in value if not _idle(item, node)]
            if value is not None and value != []:  # newer Pythons add fields that are mostly empty
                yield name
                yield from _walk(value)
    elif isinstance(node, list):
        yield "["
        for item in node:
            yield from _walk(item)
        yield "]"
    else:
        yield ascii(node)


def _idle(node: object, parent: ast.AST) -> bool:
    """Whether a node does nothing: a docstring, or the empty piece that Python 3.12.1 puts into f-strings."""
    if isinstance(parent, ast.JoinedStr):
        return isinstance(node, ast.Constant) and node.value == ""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
