"""Parsings that a trained parser imagines for all training pairs, computed once and kept.

MG-VTON (Dong et al. 2019, arXiv:1902.11026) trains its networks one after another, and the later ones read synthesised
parsings when people are dressed. So they should learn from synthesised ones, too, with all their mistakes.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import torch
from filelock import FileLock
from torch import Tensor
from tqdm import tqdm

from vtonlib.data.atomic import write_atomically
from vtonlib.data.cache import cache_folder
from vtonlib.data.npy import read_npy, to_npy
from vtonlib.data.pose_pairs import PosePairs
from vtonlib.data.views import to_pictures
from vtonlib.training.stages.mg_vton_parsing import MgVtonParsingStage, known

AT_ONCE = 40

FORMAT = 1
"""Raise it when the same parser and pairs give other parsings than before."""


def synthesised(pairs: PosePairs, rows: Tensor, name: str, cache: Path | None = None) -> Tensor:
    """The parsing of each chosen pair's target, imagined from its reference, from the cache if it is there.

    Args:
        pairs: of one split.
        rows: (N,) int64, rows of ``pairs.worn.examples``.
        name: of the parser in the zoo.
        cache: folder; None takes :func:`vtonlib.data.cache.cache_folder`.

    Returns:
        (N, H, W) uint8, numbers of LIP-20.

    Raises:
        VtonError: if the zoo has no such parser.
        OSError: if the cache cannot be written.
    """
    from vtonlib.zoo.store import card, load  # the zoo imports the stages

    parses = pairs.worn.examples["person.parse"]
    digest = hashlib.sha256(f"{FORMAT} {card(name).weights_sha256}".encode())
    digest.update(parses.numpy().tobytes() + rows.numpy().tobytes())
    path = (cache or cache_folder()) / "synthesised" / f"{digest.hexdigest()[:24]}.npy"
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        kept = read_npy(path)
        if kept is None:
            parser = load(name)
            assert isinstance(parser, MgVtonParsingStage)
            parts = tqdm(rows.split(AT_ONCE), desc="synthesising parsings", mininterval=20, leave=False)
            kept = torch.cat([_imagine(parser, pairs, part) for part in parts]).numpy()
            write_atomically(path, to_npy(kept))
    return torch.from_numpy(np.asarray(kept))


def _imagine(parser: MgVtonParsingStage, pairs: PosePairs, rows: Tensor) -> Tensor:
    garments = to_pictures(pairs.worn.garments["image"][pairs.worn.examples["garment"][rows]])
    told = known(pairs.views(pairs.reference[rows]), pairs.views(rows), garments)
    return parser.labels(told)
