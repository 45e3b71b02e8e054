"""FashionGAN's original release as a data set in our layout, which every stage can read."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from tqdm import tqdm

from vtonlib.data.codecs import FORMATS
from vtonlib.data.fashiongan_release.release import Release
from vtonlib.data.layout import is_intact, read_facts, sample_names, write_sample
from vtonlib.errors import VtonError


class ConvertedSet(NamedTuple):
    """What a conversion did.

    Attributes:
        folder: root of the data set.
        made: samples that were written now.
        kept: samples that were there and intact.
    """

    folder: Path
    made: int
    kept: int


def convert_release(
    folder: Path, out: Path, limit: int | None = None, image_format: str = "webp", quality: int = 92
) -> ConvertedSet:
    """Write both splits of the release into a folder, or go on where an earlier call was cut off.

    A sample is named after its row: ``000257`` is row 257, from 0. Samples of the test have the garment of their
    sentence as ``other_cloth``; there is no picture of anybody in it. m(S0) and the codes of sentences are not copied:
    they stay with :class:`~vtonlib.data.fashiongan_release.release.Release`.

    Args:
        folder: of the release.
        out: folder of the set.
        limit: the first so many samples of each split; None takes all.
        image_format: of the pictures, one of :data:`vtonlib.data.codecs.FORMATS`; png loses nothing.
        quality: of webp and jpg, 1..100.

    Raises:
        VtonError: if a file of the release is missing or damaged, pictures and labels are not upright, an argument is
            wrong, the folder holds other samples, or it cannot be written.
    """
    if limit is not None and limit < 1:
        raise VtonError(f"limit is {limit}; give 1 or more")
    if image_format not in FORMATS:
        raise VtonError(f"format is {image_format!r}; choose one of {', '.join(FORMATS)}")
    if not 1 <= quality <= 100:
        raise VtonError(f"quality is {quality}; give 1 to 100")
    release = Release(folder)
    sentence_of = release.splits.sentence_of()
    wanted = {"train": release.splits.train.tolist(), "test": release.splits.test.tolist()}
    for split, rows in wanted.items():
        _check_folder(out, split, release, rows)
    release.check_orientation()
    made = kept = 0
    for split, rows in wanted.items():
        # The bar hides itself where nobody looks: in a file or a pipe.
        for row in tqdm(rows[:limit], desc=split, unit="sample", disable=None):
            name = sample_name(row)
            if is_intact(out, split, name):
                kept += 1
                continue
            sample = release.sample(row, sentence_of.get(row))
            write_sample(out, split, name, sample, image_format, quality)
            made += 1
    return ConvertedSet(out, made, kept)


def sample_name(row: int) -> str:
    """Name of a row's sample in the set."""
    return f"{row:06d}"


def _check_folder(out: Path, split: str, release: Release, rows: list[int]) -> None:
    """Refuse a folder with samples of another set."""
    if out.exists() and not out.is_dir():
        raise VtonError(f"{out}: is no folder; choose another")
    if not (out / split).is_dir():
        return
    people = {sample_name(row): release.annotations.names[row] for row in rows}
    for name in sample_names(out, split):
        if name not in people or read_facts(out, split, name)["person_id"] != people[name]:
            raise VtonError(f"{out / split}: holds sample {name} of another data set; choose another folder")
