"""Whether the stored outputs of a notebook still belong to its cells and to the library as it is now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from vtonlib.book.document import Chapter, source
from vtonlib.book.sources import PACKAGE, changed, code_hash, hashes


def cells_hash(chapter: Chapter) -> str:
    """Hash of all code cells of a notebook; comments and formatting do not count."""
    codes = [code_hash(source(cell)) for _, cell in chapter.code()]
    return hashlib.sha256("\n".join(codes).encode()).hexdigest()[:16]


def make_record(chapter: Chapter, profile: str, modules: Iterable[str], seconds: float) -> dict[str, Any]:
    """What is stored in the notebook's metadata, under ``vtonlib``, about the run that made its outputs.

    Args:
        chapter: the notebook that ran.
        profile: the profile that it ran with.
        modules: the modules of vtonlib that its kernel had imported at the end.
        seconds: how long the run took.
    """
    return {
        "profile": profile,
        "sources": hashes(modules),
        "cells": cells_hash(chapter),
        "seconds": round(seconds, 1),
    }


def staleness(chapter: Chapter, package: Path = PACKAGE) -> list[str]:
    """Why the stored outputs can no longer be trusted; empty if they can.

    Args:
        chapter: a notebook with outputs.
        package: the folder of vtonlib to compare with.
    """
    mend = f"run `make refresh NB={chapter.path.stem.split('_')[0]}`"
    if not chapter.record.get("sources"):
        return [f"holds no record of the modules that it used; {mend}"]
    faults = [
        f"stale: {module} has changed since the stored outputs were made; {mend}"
        for module in changed(chapter.record["sources"], package)
    ]
    if chapter.record.get("cells") != cells_hash(chapter):
        faults.append(f"stale: a code cell has changed since the stored outputs were made; {mend}")
    return faults
