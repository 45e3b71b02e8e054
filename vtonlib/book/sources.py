"""Which modules of vtonlib a notebook used, and a hash of each that only a change of behaviour can change."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import vtonlib

PACKAGE = Path(vtonlib.__file__).resolve().parent
"""The folder that the running vtonlib was imported from."""

_TABLE = "BUDGETS"
"""The table of ``vtonlib.profiles`` to which every new stage adds rows."""
_STAGES = "vtonlib.training.stages."
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
        module: dotted name that starts with ``vtonlib``; ``vtonlib.profiles[x]`` stands for the budgets of stage x.
            They are left out of ``vtonlib.profiles``, since a notebook depends on its own stages' budgets only.
        package: the folder of vtonlib.

    Returns:
        See :func:`code_hash`; None if there is no such module any more.
    """
    name, _, stage = module.removesuffix("]").partition("[")
    stem = package.joinpath(*name.split(".")[1:])
    for file in (stem.with_suffix(".py"), stem / "__init__.py"):
        if file.is_file():
            code = file.read_text(encoding="utf-8")
            if name != "vtonlib.profiles":
                return code_hash(code)
            rest, rows = _without_budgets(code, package.joinpath("training", "stages"))
            return code_hash(rows.get(stage, "")) if stage else code_hash(rest)
    return None


def _without_budgets(code: str, stages: Path) -> tuple[str, dict[str, str]]:
    """The code of ``vtonlib.profiles`` without the budgets of the stages in a folder, and these budgets by stage."""
    tree = ast.parse(code)
    rows: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == _TABLE and isinstance(node.value, ast.Dict):
            kept = ast.Dict([], [])
            for key, value in zip(node.value.keys, node.value.values, strict=True):
                assert isinstance(key, ast.Tuple)
                stage = str(ast.literal_eval(key.elts[0]))
                if stages.joinpath(f"{stage}.py").is_file():
                    rows[stage] = f"{rows.get(stage, '')}{ast.unparse(key)}, {ast.unparse(value)}\n"
                else:
                    kept.keys.append(key)
                    kept.values.append(value)
            node.value = kept
    return ast.unparse(tree), rows


def hashes(modules: Iterable[str], package: Path = PACKAGE) -> dict[str, str]:
    """Hash every module that counts, sorted by name, and the budgets of the stages among them.

    Names without a source file are left out.
    """
    named = {m for m in modules if counts(m)}
    if "vtonlib.profiles" in named:
        named |= {f"vtonlib.profiles[{m.removeprefix(_STAGES)}]" for m in named if m.startswith(_STAGES)}
    found = {m: module_hash(m, package) for m in sorted(named)}
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
