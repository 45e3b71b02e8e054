"""Where files go that can be made again: unpacked data, prepared bodies."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """The folder that ``VTON_CACHE`` names, or ``~/.cache/vtonlib``; it may not exist yet."""
    return Path(os.environ.get("VTON_CACHE") or Path.home() / ".cache" / "vtonlib").expanduser()
