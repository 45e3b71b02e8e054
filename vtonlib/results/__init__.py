"""Stored results of longer runs, as JSON files that ``benchmarks/`` writes and chapters read.

They lie inside the package, so that a notebook finds them wherever it runs; ``benchmarks/results`` leads here too.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from vtonlib.errors import VtonError

FOLDER = Path(__file__).parent


def load(name: str) -> dict[str, Any]:
    """Read a stored result.

    Raises:
        VtonError: if there is none of that name.
    """
    path = FOLDER / f"{name}.json"
    if not path.exists():
        known = ", ".join(sorted(p.stem for p in FOLDER.glob("*.json")))
        raise VtonError(
            f"{path}: no stored result of that name; choose one of {known}, or run its script in benchmarks/"
        )
    content: dict[str, Any] = json.loads(path.read_text())
    return content


def save(name: str, content: dict[str, Any]) -> Path:
    """Write a result and give its file."""
    path = FOLDER / f"{name}.json"
    path.write_text(json.dumps(content, indent=1) + "\n")
    return path
