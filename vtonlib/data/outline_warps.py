"""Garments warped onto the people who wear them by their outlines, computed once and kept.

VITON's refinement network (Han et al. 2018, arXiv:1711.08447, section 3.3) learns from such pairs, whose warps were
computed before its training. A warp takes a twentieth of a second, so they lie in the cache beside the decoded samples.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from filelock import FileLock
from torch import Tensor
from tqdm import tqdm

from vtonlib.data.atomic import write_atomically
from vtonlib.data.cache import cache_folder
from vtonlib.data.npy import read_npy, to_npy
from vtonlib.data.worn import Worn
from vtonlib.geometry.sampling import identity_grid
from vtonlib.geometry.shape_context.fit import fit_shape_context

LEAST_SEEN = 0.008
"""Share of the picture below which nothing is fitted to a garment, 98 pixels of 128 x 96: a long top may leave a belt
of the trousers to be seen, or nothing."""

FORMAT = 1
"""Raise it when the same masks give other warps than before."""


def fit_outlines(garments: Tensor, regions: Tensor) -> Tensor:
    """Shape-context warps of N garments onto N regions: grids (N, H, W, 2) in [-1, 1].

    Args:
        garments: (N, H, W) masks of the garments in the shop's pictures, above 0.5 inside.
        regions: (N, H, W) masks of where they are to lie. Where one covers less than :data:`LEAST_SEEN`, the garment
            stays as it is.

    Raises:
        VtonError: if a garment's mask is empty or too small to have a boundary.
    """
    size = (regions.shape[1], regions.shape[2])
    grids = identity_grid(size).repeat(len(regions), 1, 1, 1)
    for row in torch.nonzero(well_seen(regions)).flatten().tolist():
        grids[row] = fit_shape_context(garments[row].numpy(), regions[row].numpy()).grid()[0]
    return grids


def well_seen(regions: Tensor) -> Tensor:
    """Whether regions (N, H, W), above 0.5 inside, cover enough for an outline: (N,) bool."""
    return (regions > 0.5).flatten(1).float().mean(1) >= LEAST_SEEN


def outline_warps(worn: Worn, rows: Sequence[int], cache: Path | None = None) -> Tensor:
    """The warp of each chosen example's garment onto where it is worn, from the cache if it was computed before.

    Args:
        worn: people in garments.
        rows: numbers of the examples.
        cache: folder; None takes :func:`vtonlib.data.cache.cache_folder`.

    Returns:
        Grids (len(rows), H, W, 2) float16, exact to a sixteenth of a pixel at 256 rows; see :func:`fit_outlines`.

    Raises:
        VtonError: if a garment has no boundary.
        OSError: if the cache cannot be written.
    """
    chosen = torch.as_tensor(rows)
    regions, garments = worn.examples["worn"][chosen], worn.garments["mask"][worn.examples["garment"][chosen]]
    digest = hashlib.sha256(f"{FORMAT}".encode() + regions.numpy().tobytes() + garments.numpy().tobytes())
    path = (cache or cache_folder()) / "outlines" / f"{digest.hexdigest()[:24]}.npy"
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        kept = read_npy(path)
        if kept is None:
            parts = zip(garments.float().split(20), regions.float().split(20), strict=True)
            grids = [fit_outlines(*part) for part in tqdm(list(parts), desc="warping by outlines", leave=False)]
            kept = torch.cat(grids).half().numpy()
            write_atomically(path, to_npy(kept))
    return torch.from_numpy(np.asarray(kept))
