"""A data set in memory: the fields that a stage needs, as tensors of the smallest type that holds them.

Reading and decoding a thousand small files takes seconds at every start, so the decoded arrays are kept below
:func:`~vtonlib.data.cache.cache_folder`, in a folder named after the hashes of all samples. A picture of
128 x 96 takes 37 kB of memory, its labels a third of that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from filelock import FileLock
from numpy.typing import NDArray
from torch import Tensor

from vtonlib.data.atomic import write_atomically
from vtonlib.data.cache import cache_folder
from vtonlib.data.layout import read_facts, read_sample, sample_digest, sample_names
from vtonlib.data.npy import read_npy, to_npy
from vtonlib.data.representations.fashiongan import human_attributes
from vtonlib.data.resize import pad_sample, resize_sample
from vtonlib.data.sample import GARMENTS, VIEWS, Sample
from vtonlib.errors import VtonError

VIEW_FIELDS = ("image", "parse", "neck", "keypoints", "correspondence")
HUMAN_ATTRIBUTES = "human_attributes"
GARMENT_FIELDS = ("image", "mask", "inner_collar", "label_tag", "alpha")
FIELDS = (
    *(f"{slot}.{field}" for slot in VIEWS for field in VIEW_FIELDS),
    *(f"{slot}.{field}" for slot in GARMENTS for field in GARMENT_FIELDS),
    HUMAN_ATTRIBUTES,
)
"""Names of what can be loaded: a view or garment of the sample and a field of it, or FashionGAN's ten numbers."""

FORMAT = 1
"""Raise it when the same files give other arrays than before."""


def load_fields(
    root: Path,
    split: str,
    fields: Sequence[str],
    size: tuple[int, int],
    names: Sequence[str] | None = None,
    square: bool = False,
    cache: Path | None = None,
) -> dict[str, Tensor]:
    """Load fields of a set's samples, from the cache if they have been decoded before.

    Of two processes that start at once, one decodes and the other waits. A file of the cache that is damaged is made
    again; the whole folder may be deleted at any time.

    Args:
        root: folder of the set, such as :func:`vtonlib.data.mini.wardrobe_mini` gives.
        split: ``train`` or ``test``.
        fields: some of :data:`FIELDS`.
        size: (height, width) of all pictures, which are resized if they have another one, before they become squares.
        names: of the samples, in the order of the result; None takes all, sorted.
        square: repeat the outermost columns until each portrait is a square, as FashionGAN wants them.
        cache: folder for decoded arrays; None takes :func:`vtonlib.data.cache.cache_folder`.

    Returns:
        By field a tensor whose first axis is the sample: ``image`` (N, 3, H, W) uint8, ``parse`` (N, H, W) uint8, masks
        (N, H, W) bool, ``keypoints`` (N, 18, 3) float32, ``correspondence`` (N, H, W, 2) and ``alpha`` (N, H, W)
        float16 (half pixels are exact), ``human_attributes`` (N, 10) float32.

    Raises:
        VtonError: for an unknown field, a sample without it, a damaged sample, or a folder that cannot be written.
    """
    for field in fields:
        if field not in FIELDS:
            raise VtonError(f"field {field!r}: cannot be loaded; choose from {', '.join(FIELDS)}")
    names = sample_names(root, split) if names is None else list(names)
    if not names:
        raise VtonError(f"{root / split}: has no samples; render or choose another set")
    folder = (cache or cache_folder()) / "arrays" / _key(root, split, names, size, square)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock"):
            arrays = {field: read_npy(folder / f"{field}.npy") for field in fields}
            missing = [field for field, array in arrays.items() if array is None]
            for field, array in _decode(root, split, names, size, square, missing).items():
                write_atomically(folder / f"{field}.npy", to_npy(array))
                arrays[field] = array
    except OSError as error:
        raise VtonError(
            f"{folder}: cannot be written ({error.strerror or error}); free some space, or set VTON_CACHE to another"
            " folder"
        ) from error
    return {field: torch.from_numpy(array) for field, array in arrays.items() if array is not None}


def names_where(root: Path, split: str, keep: Callable[[dict[str, Any]], bool]) -> list[str]:
    """Names of the samples that a rule keeps, sorted; no picture is opened.

    Args:
        root: folder of the set.
        split: ``train`` or ``test``.
        keep: takes what :func:`vtonlib.data.layout.read_facts` gives, for example
            ``lambda facts: facts["garments"]["cloth"]["category"] == "top"``.
    """
    return [name for name in sample_names(root, split) if keep(read_facts(root, split, name))]


def _key(root: Path, split: str, names: Sequence[str], size: tuple[int, int], square: bool) -> str:
    """Names the same arrays for the same samples, wherever their folder lies."""
    digests = [sample_digest(root, split, name) for name in names]
    content = json.dumps([FORMAT, split, list(size), square, list(names), digests])
    return hashlib.sha256(content.encode()).hexdigest()[:24]


def _decode(
    root: Path, split: str, names: Sequence[str], size: tuple[int, int], square: bool, fields: Sequence[str]
) -> dict[str, NDArray[np.generic]]:
    if not fields:
        return {}
    columns: dict[str, list[NDArray[np.generic]]] = {field: [] for field in fields}
    read = None if HUMAN_ATTRIBUTES in fields else fields  # the attributes look at several fields
    for name in names:
        sample = resize_sample(read_sample(root, split, name, read), size)
        sample = pad_sample(sample) if square else sample
        for field in fields:
            columns[field].append(_compact(sample, field))
    return {field: np.stack(column) for field, column in columns.items()}


def _compact(sample: Sample, field: str) -> NDArray[np.generic]:
    """One field of a sample as it is stored: colours first, places and shares in half precision."""
    if field == HUMAN_ATTRIBUTES:
        return human_attributes(sample).numpy()
    array: NDArray[np.generic] = sample.require(field)
    kind = field.split(".")[1]
    if kind == "image":
        return array.transpose(2, 0, 1)
    return array.astype(np.float16) if kind in ("correspondence", "alpha") else array
