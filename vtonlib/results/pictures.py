"""Strips of pictures from longer runs, which ``benchmarks/`` writes and chapters show beside those of their own run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from vtonlib.errors import VtonError
from vtonlib.results import FOLDER


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
