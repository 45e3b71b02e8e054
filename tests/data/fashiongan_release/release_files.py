"""FashionGAN's release in small: the five files with the names, types and axes of the original, and what is in them.

Nothing here uses the readers. Axes are changed element by element, so that it can be read off which becomes which.
"""

from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np
from scipy.io import savemat

SIDE = 128
ROWS = 6
PARTS = {1: (10, 60, 12, 14), 2: (16, 62, 12, 10), 3: (30, 52, 40, 30), 4: (70, 50, 20, 34), 5: (90, 54, 30, 10)} | {
    6: (34, 84, 30, 8),
}
"""For each label top, left, height and width: one arm, on the right of the picture, and no symmetry anywhere."""
COLOURS = np.array(
    [[235, 230, 228], [60, 40, 20], [224, 172, 140], [20, 60, 180], [30, 30, 40], [220, 170, 139], [221, 171, 141]]
)

SENTENCES = (
    "the lady was wearing a blue long-sleeved blouse.",
    "the lady wore a white sleeveless dress.",
    "the man is wearing a black short-sleeved tee.",
    "the lady is wearing a red, long-sleeved cardigan.",
    "the lady was wearing a gray romper.",
    "the girl wears a multicolor short-sleeved kimono.",
)
CATEGORY = (2, 16, 13, 4, 19, 18)
COLOUR = (2, 3, 6, 1, 12, 17)
GENDER = (0, 0, 1, 0, 0, 0)
SLEEVE = (1, 3, 2, 1, 4, 2)
NAMES = tuple(f"img/Item_{row // 2}/img_{row + 1:08d}.jpg" for row in range(ROWS))
TRAIN, TEST, PAIRS = (2, 3, 4, 6), (1, 5), (6, 1)
"""From 1, as in the file: picture 1 gets the sentence of picture 6, picture 5 that of picture 1."""


@dataclass(frozen=True)
class Written:
    folder: Path
    images: np.ndarray
    labels: np.ndarray
    mean: np.ndarray
    merged: np.ndarray
    codes: np.ndarray


def people(rows: int = ROWS) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (N, 128, 128, 3) uint8 and labels (N, 128, 128) uint8; each person stands a little further right."""
    labels = np.zeros((rows, SIDE, SIDE), np.uint8)
    for row in range(rows):
        for label, (top, left, height, width) in PARTS.items():
            labels[row, top : top + height, left + 3 * row : left + 3 * row + width] = label
    images = COLOURS[labels] + np.random.default_rng(1).integers(-9, 10, (rows, SIDE, SIDE, 3))
    return images.astype(np.uint8), labels


def mean_picture() -> np.ndarray:
    """(128, 128, 3): red grows downwards, green to the right, blue is even."""
    down, right = np.mgrid[:SIDE, :SIDE] / SIDE
    return np.stack([0.6 + 0.3 * down, 0.5 + 0.4 * right, np.full_like(down, 0.83)], axis=-1)


def write_release(folder: Path, nested: bool = True) -> Written:
    places = {"G2.h5": "test_phase_inputs", "sr1_8.mat": "test_phase_inputs", "ind.mat": "benchmark"}
    places |= {"encode_hn2_rnn_100_2_full.mat": "test_phase_inputs", "language_original.mat": "benchmark"}
    paths = {name: folder / (f"data_release/{place}" if nested else "") / name for name, place in places.items()}
    for path in paths.values():
        path.parent.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    images, labels = people()
    merged, codes = rng.uniform(-0.05, 1.05, (8, 8, 4, ROWS)), rng.uniform(-1, 1, (ROWS, 100))
    write_pictures(paths["G2.h5"], images / 255, labels, mean_picture())
    savemat(paths["sr1_8.mat"], {"d": merged})
    savemat(paths["encode_hn2_rnn_100_2_full.mat"], {"hn2": codes})
    write_splits(paths["ind.mat"])
    write_annotations(paths["language_original.mat"])
    return Written(folder, images, labels, mean_picture(), merged, codes)


def write_pictures(path: Path, images: np.ndarray, labels: np.ndarray, mean: np.ndarray, **other: np.ndarray) -> None:
    """Pictures (N, H, W, 3) in [0, 1] and labels (N, H, W), as ``G2.h5`` stores them: (N, channel, column, row)."""
    stored = {
        "ih": np.einsum("nyxc->ncxy", images - mean).astype(np.float32),
        "b_": np.einsum("nyx->nxy", labels)[:, None].astype(np.float32),
        "ih_mean": np.einsum("yxc->cxy", mean).astype(np.float32),
    } | other
    with h5py.File(path, "w") as file:
        for name, array in stored.items():
            if array is not None:
                file[name] = array


def write_splits(path: Path, **other: np.ndarray) -> None:
    content = {"train_ind": column(TRAIN), "test_ind": column(TEST), "test_set_pair_ind": column(PAIRS)} | other
    savemat(path, {name: array for name, array in content.items() if array is not None})


def column(numbers: tuple[int, ...], kind: type = np.int32) -> np.ndarray:
    return np.array(numbers, kind)[:, None]


def numbered(sentences: tuple[str, ...]) -> list[list[int]]:
    """Numbers from 1 of each sentence's words, in the order in which words turn up."""
    known: dict[str, int] = {}
    words = [sentence.replace(",", "").rstrip(".").split() for sentence in sentences]
    return [[known.setdefault(word, len(known) + 1) for word in found] for found in words]


def write_annotations(path: Path, sentences: tuple[str, ...] = SENTENCES, **other: np.ndarray) -> None:
    """Labels of other sentences than the usual ones are all 1."""
    usual = sentences is SENTENCES
    ones = (1,) * len(sentences)
    numbers = [np.array(row, np.uint8 if max(row) < 256 else np.uint16)[:, None] for row in numbered(sentences)]
    content = {
        "engJ": cells(sentences),
        "codeJ": cells(numbers),
        "nameList": cells(NAMES if usual else sentences),
        "cate_new": column(CATEGORY if usual else ones, np.uint8),
        "color_": column(COLOUR if usual else ones, np.uint8),
        "gender_": column(GENDER if usual else ones, np.uint8),
        "sleeve_": column(SLEEVE if usual else ones, np.uint8),
        "img_root": "/home/somebody/",
    } | other
    savemat(path, {name: array for name, array in content.items() if array is not None})


def cells(content) -> np.ndarray:
    """A cell array (N, 1)."""
    array = np.empty((len(content), 1), object)
    for row, value in enumerate(content):
        array[row, 0] = value
    return array


def write_matlab_73(path: Path, **content: np.ndarray) -> None:
    """A file of version 7.3: HDF5 with every axis in reversed order, behind 512 bytes that say so."""
    with h5py.File(path, "w", userblock_size=512) as file:
        for name, array in content.items():
            file[name] = array.transpose()
    header = b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(116) + bytes(8) + b"\x00\x02IM"
    with path.open("r+b") as file:
        file.write(header)
