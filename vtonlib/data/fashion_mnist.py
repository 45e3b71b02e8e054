"""Fashion-MNIST: 28 x 28 grey pictures of clothes in ten classes (Xiao et al. 2017, arXiv:1708.07747).

A subset ships with the package, so that nothing has to be downloaded; the whole set is read from a folder that holds
the four original files, or fetched by torchvision when the reader asks for it.
Copyright (c) 2017 Zalando SE, MIT licence: see ``assets/fashion_mnist.LICENSE``.
"""

from __future__ import annotations

import gzip
import hashlib
import lzma
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from vtonlib.errors import VtonError

CLASSES = (
    "T-shirt", "trousers", "pullover", "dress", "coat",
    "sandal", "shirt", "sneaker", "bag", "ankle boot",
)  # fmt: skip
"""The ten classes, in the order of the label's number."""

SUBSET = Path(__file__).parent / "assets" / "fashion_mnist_subset.xz"
SUBSET_SHA256 = "1504a0ac6f09bcdac2181cf4ebb39cb29a51bba2c01402a60651240c5bb535b4"
SUBSET_COUNTS = {"train": 550, "held_out": 200}
"""Pictures of each class in the shipped subset: the first of the original training and test files."""
SYSTEM_FOLDER = Path("/usr/share/datasets/fashion-mnist")
"""Where Debian's package ``dataset-fashion-mnist`` puts the four files."""
FILES = {"train": "train", "held_out": "t10k"}


@dataclass(frozen=True)
class Clothes:
    """Pictures of clothes and their classes.

    Attributes:
        images: (N, 1, 28, 28) float32 in [-1, 1]; -1 is the black background.
        labels: (N,) int64 in [0, 10), an index into :data:`CLASSES`.
    """

    images: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)


def load_clothes(split: str, dataset: str = "subset", folder: Path | None = None) -> Clothes:
    """Read one split of Fashion-MNIST.

    Args:
        split: ``train``, or ``held_out`` (the original test files, never trained on).
        dataset: ``subset`` ships with the package (5,500 + 2,000 pictures); ``full`` is all 60,000 + 10,000.
        folder: where the four original files of the full set lie; None looks in :data:`SYSTEM_FOLDER`, then lets
            torchvision download them into ``runs/data``, since asking for ``full`` is the reader's word.

    Raises:
        VtonError: for an unknown split or data set, or a file that is missing or damaged.
    """
    if split not in FILES:
        raise VtonError(f"split is {split!r}; choose one of {', '.join(FILES)}")
    if dataset == "subset":
        return _read_subset(split)
    if dataset == "full":
        return _read_full(split, folder)
    raise VtonError(f"DATASET is {dataset!r}; choose 'subset' or 'full'")


def _read_subset(split: str) -> Clothes:
    data = SUBSET.read_bytes() if SUBSET.exists() else b""
    if hashlib.sha256(data).hexdigest() != SUBSET_SHA256:
        raise VtonError(
            f"{SUBSET}: is missing or damaged (its SHA-256 is not the published one); install vtonlib again"
        )
    pixels = np.frombuffer(lzma.decompress(data), np.uint8).reshape(-1, 28, 28)
    train = len(CLASSES) * SUBSET_COUNTS["train"]
    part = pixels[:train] if split == "train" else pixels[train:]
    # The subset is stored class by class, so the labels need no file.
    labels = np.repeat(np.arange(len(CLASSES)), SUBSET_COUNTS[split])
    return _to_tensors(part, labels)


def _read_full(split: str, folder: Path | None) -> Clothes:
    folder = folder or SYSTEM_FOLDER
    if not folder.is_dir():
        from torchvision.datasets import FashionMNIST

        FashionMNIST("runs/data", train=True, download=True)
        folder = Path("runs/data/FashionMNIST/raw")
    stem = FILES[split]
    pixels = read_idx(folder / f"{stem}-images-idx3-ubyte.gz", (-1, 28, 28), offset=16)
    labels = read_idx(folder / f"{stem}-labels-idx1-ubyte.gz", (-1,), offset=8)
    return _to_tensors(pixels, labels)


def read_idx(path: Path, shape: tuple[int, ...], offset: int) -> np.ndarray:
    """Read one gzipped IDX file of bytes, the format of the MNIST family.

    Args:
        path: the file.
        shape: shape of the array; one entry may be -1.
        offset: length of the header in bytes: 4 for the magic number and 4 for each axis.

    Raises:
        VtonError: if the file is missing or damaged.
    """
    try:
        return np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8, offset=offset).reshape(shape)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise VtonError(f"{path}: cannot be read ({error}); fetch Fashion-MNIST again") from error


def _to_tensors(pixels: np.ndarray, labels: np.ndarray) -> Clothes:
    images = torch.from_numpy(pixels.astype(np.float32)).div_(127.5).sub_(1).unsqueeze(1)
    return Clothes(images, torch.from_numpy(labels.astype(np.int64)))


def write_subset(folder: Path = SYSTEM_FOLDER, path: Path = SUBSET) -> str:
    """Write the shipped subset from the four original files and return its SHA-256.

    The first :data:`SUBSET_COUNTS` pictures of each class are taken, class by class, training pictures first.
    """
    parts = []
    for split, stem in FILES.items():
        pixels = read_idx(folder / f"{stem}-images-idx3-ubyte.gz", (-1, 28, 28), offset=16)
        labels = read_idx(folder / f"{stem}-labels-idx1-ubyte.gz", (-1,), offset=8)
        parts += [pixels[labels == c][: SUBSET_COUNTS[split]].tobytes() for c in range(len(CLASSES))]
    data = lzma.compress(b"".join(parts), preset=9 | lzma.PRESET_EXTREME)
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest()
