"""The parameters that a notebook declares, and values for them that come as text from a command line."""

from __future__ import annotations

import ast
import difflib
import io
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vtonlib.book.document import Chapter, source
from vtonlib.errors import VtonError
from vtonlib.profiles import PROFILES

_BOOLS = {"true": True, "false": False}


@dataclass(frozen=True)
class Parameter:
    """One assignment in the cell tagged ``parameters``.

    Attributes:
        name: the name assigned to.
        default: the literal that the cell holds.
        types: names of the types that a value may have, of int, float, bool, str, None; empty if any.
        help: the comment on the line of the assignment; empty if there is none.
    """

    name: str
    default: Any
    types: tuple[str, ...]
    help: str

    def parse(self, text: str) -> Any:
        """Turn text from a command line into a value of the declared type.

        Raises:
            VtonError: if the text is no value of that type, or names no profile.
        """
        for kind in ("None", "bool", "int", "float", "str"):
            if kind in self.types or not self.types:
                done, value = _convert(kind, text)
                if done:
                    break
        else:
            raise VtonError(f"parameter {self.name} takes {' or '.join(self.types)}, not {text!r}")
        if self.name == "PROFILE" and value not in PROFILES:
            raise VtonError(f"PROFILE is {text!r}; choose one of {', '.join(PROFILES)}")
        return value


def declared(chapter: Chapter) -> list[Parameter]:
    """The parameters of a notebook, in the order of its cell.

    Raises:
        VtonError: if there is not exactly one cell tagged ``parameters``, or it holds more than literals.
    """
    cells = chapter.tagged("parameters")
    if len(cells) != 1:
        raise VtonError(f"{chapter.path.name}: {len(cells)} cells are tagged 'parameters', there must be one")
    code = source(cells[0][1])
    try:
        return [_parameter(node, _comments(code)) for node in ast.parse(code).body]
    except (SyntaxError, ValueError) as error:
        raise VtonError(f"{chapter.path.name}: parameters cell: {error}") from None


def parse_all(parameters: list[Parameter], given: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Values for some parameters of a notebook, from text.

    Args:
        parameters: what the notebook declares.
        given: pairs of name and text, as typed.

    Raises:
        VtonError: if a name is unknown or given twice, or a text does not fit its parameter.
    """
    known = {p.name: p for p in parameters}
    values: dict[str, Any] = {}
    for name, text in given:
        if name not in known:
            near = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]}? " if near else ""
            raise VtonError(f"no parameter {name!r}; {hint}known: {', '.join(known) or 'none'}")
        if name in values:
            raise VtonError(f"parameter {name} is given twice")
        values[name] = known[name].parse(text)
    return values


def _parameter(node: ast.stmt, comments: dict[int, str]) -> Parameter:
    annotation: ast.expr | None = None
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
        target, annotation = node.target, node.annotation
    elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        target = node.targets[0]
    else:
        raise ValueError(f"line {node.lineno} is not of the form NAME = literal")
    try:
        default = ast.literal_eval(node.value)  # type: ignore[arg-type]  # a value is there, as checked above
    except ValueError:
        raise ValueError(f"line {node.lineno}: the value of {target.id} is not a literal") from None
    if annotation is not None:
        types = tuple(part.strip() for part in ast.unparse(annotation).split("|"))
    else:
        types = () if default is None else (type(default).__name__,)
    return Parameter(target.id, default, types, comments.get(node.end_lineno or node.lineno, ""))


def _comments(code: str) -> dict[int, str]:
    """Comments by line number."""
    words = tokenize.generate_tokens(io.StringIO(code).readline)
    return {t.start[0]: t.string.lstrip("# ") for t in words if t.type == tokenize.COMMENT}


def _convert(kind: str, text: str) -> tuple[bool, Any]:
    """Whether text is a value of a kind, and which."""
    if kind == "None":
        return text in ("None", "none"), None
    if kind == "bool":
        return text.lower() in _BOOLS, _BOOLS.get(text.lower())
    if kind == "str":
        return True, text
    try:
        return True, int(text) if kind == "int" else float(text)
    except ValueError:
        return False, None
