"""Stored results of longer runs, as JSON files and strips of pictures that ``benchmarks/`` writes and chapters read.

They lie inside the package, so that a notebook finds them wherever it runs; ``benchmarks/results`` leads here too.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

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


def save_pictures(name: str, pictures: Tensor, folder: Path = FOLDER) -> Path:
    """Write pictures (N, 3, H, W) in [-1, 1] side by side into one WebP file of high quality, and give the file."""
    row = torch.cat(list(pictures), dim=2).add(1).mul(127.5).round().clamp(0, 255).byte()
    path = folder / f"{name}.webp"
    Image.fromarray(row.permute(1, 2, 0).numpy()).save(path, quality=92, method=6)
    return path


def load_pictures(name: str, count: int, folder: Path = FOLDER) -> Tensor:
    """Read pictures (count, 3, H, W) in [-1, 1] from a file of :func:`save_pictures`.

    Raises:
        VtonError: if there is none of that name, or it does not hold so many pictures of one width.
    """
    path = folder / f"{name}.webp"
    if not path.exists():
        raise VtonError(f"{path}: no stored pictures of that name; run the script in benchmarks/ that makes them")
    row = torch.from_numpy(np.array(Image.open(path).convert("RGB"))).permute(2, 0, 1)
    if row.shape[2] % count:
        raise VtonError(f"{path}: is {row.shape[2]} pixels wide, which {count} pictures do not fill; give their number")
    return torch.stack(row.chunk(count, dim=2)).float().div(127.5).sub(1)
