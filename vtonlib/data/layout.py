"""Samples on disk: the folders of VITON-HD (Choi et al. 2021, arXiv:2103.16874), and ours for what it lacks.

``ROOT/SPLIT/FOLDER/NAME_0K.*`` is about view K: 0 person, 1 other pose, 2 swap, 3 other pose and swap. A garment has
the name of the first view that wears it, so a person and its own garment share a name, as in VITON-HD::

    image, cloth, cloth-mask      NAME_0K.webp (or .jpg, .png)
    image-parse-v3                NAME_0K.png, LIP-20 with a palette
    openpose_json                 NAME_0K_keypoints.json, BODY_25
    neck, correspondence          NAME_0K.png, of one bit and of three planes
    cloth-parts                   NAME_0K.png: inner collar, label and alpha
    meta                          NAME.json: the rest, and a SHA-256 over all of it

A garment without a picture has no files of its own. A sample is there once its file in ``meta``, written last and moved
into place, is there. ``ROOT/SPLIT_pairs.txt`` names a person and a garment on each line.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from vtonlib.data import codecs
from vtonlib.data.atomic import write_atomically
from vtonlib.data.keypoints import decode_openpose, encode_openpose
from vtonlib.data.sample import GARMENTS, VIEWS, Garment, Sample, View
from vtonlib.errors import VtonError

SPLITS = ("train", "test")
WORN_FIRST = {"cloth": VIEWS.index("person"), "other_cloth": VIEWS.index("swap")}
"""Number of the first view that wears each garment."""
PARTS = ("inner_collar", "label_tag", "alpha")
MEND = "restore it, or delete its data set and make that again"

Decoded = TypeVar("Decoded")


def sample_names(root: Path, split: str) -> list[str]:
    """Names of the samples that are there, sorted.

    Raises:
        VtonError: if the split is unknown or its folder is missing.
    """
    if split not in SPLITS:
        raise VtonError(f"split is {split!r}; choose one of {', '.join(SPLITS)}")
    if not (root / split).is_dir():
        raise VtonError(f"{root / split}: no such folder; choose the folder of a data set, which holds {split!r}")
    return sorted(path.stem for path in (root / split / "meta").glob("*.json"))


def write_sample(
    root: Path, split: str, name: str, sample: Sample, image_format: str = "webp", quality: int = 92
) -> None:
    """Write a sample whole or not at all; an older one of that name goes first.

    Nothing is forced to disk: after a power cut :func:`is_intact` tells which samples came through.

    Args:
        root: folder of the data set.
        split: one of :data:`SPLITS`.
        name: without an ending, such as ``000123``.
        sample: what to write; fields that are None are left out.
        image_format: one of :data:`vtonlib.data.codecs.FORMATS`.
        quality: of webp and jpg, 1..100.

    Raises:
        VtonError: if a field cannot be stored, or the disk is full or cannot be written.
    """
    meta, files = _encode(name, sample, image_format, quality)
    meta["sha256"] = _digest(meta, files)
    meta_path = _meta_path(root, split, name)
    try:
        meta_path.unlink(missing_ok=True)
        for relative, data in files.items():
            path = root / split / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        meta_path.parent.mkdir(exist_ok=True)
        write_atomically(meta_path, _json(meta))
    except OSError as error:
        for relative in files:
            (root / split / relative).unlink(missing_ok=True)
        raise VtonError(
            f"{root / split}: sample {name} cannot be written ({error.strerror}); the samples before it are kept:"
            " free some space and run again"
        ) from error


def read_sample(root: Path, split: str, name: str, fields: Collection[str] | None = None) -> Sample:
    """Read a sample with every field that it was written with, or with some.

    Args:
        root: folder of the data set.
        split: one of :data:`SPLITS`.
        name: one of :func:`sample_names`.
        fields: such as ``person.parse`` or ``cloth.mask``; all others but the pictures and what is written about the
            sample stay unread and are None. None reads everything.

    Raises:
        VtonError: if a file is missing or damaged.
    """
    meta = _read_meta(root, split, name)
    files = _file_names(name, meta)
    path, folder = _meta_path(root, split, name), root / split

    def field(slot: str, name: str, decode: Callable[[bytes], Decoded]) -> Decoded | None:
        key = (slot, name)
        parts = PARTS if name == "parts" else (name,)
        unread = fields is not None and name != "image" and not any(f"{slot}.{part}" in fields for part in parts)
        return None if unread or key not in files else _decoded(folder / files[key], key, decode)

    def view(slot: str, about: dict[str, Any]) -> dict[str, Any]:
        return {
            "image": field(slot, "image", codecs.decode_picture),
            "parse": field(slot, "parse", codecs.decode_labels),
            "neck": field(slot, "neck", codecs.decode_mask),
            "keypoints": field(slot, "keypoints", decode_openpose),
            "correspondence": field(slot, "correspondence", codecs.decode_correspondence),
            "framing": about["framing"],
            "turn_deg": about["turn_deg"],
        }

    def garment(slot: str, about: dict[str, Any]) -> dict[str, Any]:
        parts = dict(zip(PARTS, field(slot, "parts", codecs.decode_parts) or (), strict=False))
        return {
            "garment_id": about["garment_id"],
            "image": field(slot, "image", codecs.decode_picture),
            "mask": field(slot, "mask", codecs.decode_mask),
            **{part: parts[part] for part in PARTS if part in about["fields"] and part in parts},
            "category": about["category"],
            "attributes": about["attributes"],
            "caption": about["caption"],
        }

    try:
        slots: dict[str, Any] = {}
        for slot, about in meta["views"].items():
            slots[slot] = _built(View, view(slot, about), f"{path}: {slot}")
        for slot, about in meta["garments"].items():
            slots[slot] = _built(Garment, garment(slot, about), f"{path}: {slot}")
        return Sample(
            person_id=meta["person_id"],
            attributes=meta["attributes"],
            skin_rgb=tuple(meta["skin_rgb"]) if meta["skin_rgb"] else None,
            background_id=meta["background_id"],
            **slots,
        )
    except (KeyError, TypeError) as error:
        raise VtonError(f"{path}: is damaged ({error!r}); {MEND}") from error


def sample_files(root: Path, split: str, name: str) -> list[Path]:
    """The files of a sample, its meta file last.

    Raises:
        VtonError: if the meta file is missing or damaged.
    """
    files = _file_names(name, _read_meta(root, split, name))
    return [*(root / split / relative for relative in files.values()), _meta_path(root, split, name)]


def read_facts(root: Path, split: str, name: str) -> dict[str, Any]:
    """What is written about a sample, without its pictures.

    Returns:
        ``person_id``, ``attributes``, ``skin_rgb`` and ``background_id`` as in the sample; under ``views`` for each
        view ``framing`` and ``turn_deg``; under ``garments`` for each garment ``garment_id``, ``category``,
        ``attributes`` and ``caption``.

    Raises:
        VtonError: if the meta file is missing or damaged.
    """
    return _read_meta(root, split, name)


def sample_digest(root: Path, split: str, name: str) -> str:
    """The SHA-256 over all of a sample that was written with it; :func:`is_intact` compares the files with it.

    Raises:
        VtonError: if the meta file is missing or damaged.
    """
    digest = _read_meta(root, split, name).get("sha256")
    if not isinstance(digest, str):
        raise VtonError(f"{_meta_path(root, split, name)}: is damaged (no sha256); {MEND}")
    return digest


def is_intact(root: Path, split: str, name: str) -> bool:
    """Whether a sample is there and every byte of it is the one that was written."""
    try:
        meta = _read_meta(root, split, name)
        files = {relative: (root / split / relative).read_bytes() for relative in _file_names(name, meta).values()}
    except (OSError, VtonError):
        return False
    return bool(meta.pop("sha256", None) == _digest(meta, files))


def write_pairs(root: Path, split: str) -> None:
    """Write ``SPLIT_pairs.txt``: for training each person with its own garment, for the test with the other one.

    A sample whose garment has no picture gets no line.

    Raises:
        OSError: if it cannot be written.
    """
    lines = []
    for name in sample_names(root, split):
        meta = _read_meta(root, split, name)
        files = _file_names(name, meta)
        garment = "other_cloth" if split == "test" and "other_cloth" in meta["garments"] else "cloth"
        if (garment, "image") in files:
            lines.append(f"{Path(files['person', 'image']).name} {Path(files[garment, 'image']).name}\n")
    write_atomically(root / f"{split}_pairs.txt", "".join(lines).encode())


def _encode(name: str, sample: Sample, image_format: str, quality: int) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What goes into the meta file, and the bytes of each other file by its path below the split."""
    views = {slot: getattr(sample, slot) for slot in VIEWS if getattr(sample, slot)}
    garments = {slot: getattr(sample, slot) for slot in GARMENTS if getattr(sample, slot)}
    meta = {
        "person_id": sample.person_id,
        "attributes": sample.attributes,
        "skin_rgb": sample.skin_rgb,
        "background_id": sample.background_id,
        "image_format": image_format,
        "views": {
            slot: {
                "framing": view.framing,
                "turn_deg": view.turn_deg,
                "fields": _given(view, "parse", "neck", "keypoints", "correspondence"),
            }
            for slot, view in views.items()
        },
        "garments": {
            slot: {
                "garment_id": garment.garment_id,
                "category": garment.category,
                "attributes": garment.attributes,
                "caption": garment.caption,
                "fields": _given(garment, "mask", *PARTS),
                # Only said where it is so: files from before garments could lack a picture stay valid.
                **({"image": False} if garment.image is None else {}),
            }
            for slot, garment in garments.items()
        },
    }
    meta = json.loads(_json(meta))  # as the reader will see it: lists for tuples, plain numbers for numpy's
    encoders: dict[str, Callable[[Any], bytes]] = {
        "image": lambda image: codecs.encode_picture(image, image_format, quality),
        "parse": codecs.encode_labels,
        "neck": codecs.encode_mask,
        "keypoints": encode_openpose,
        "correspondence": codecs.encode_correspondence,
        "mask": lambda mask: codecs.encode_cloth_mask(mask, image_format),
    }
    files = {}
    for (slot, field), relative in _file_names(name, meta).items():
        owner = getattr(sample, slot)
        files[relative] = _encode_parts(owner) if field == "parts" else encoders[field](getattr(owner, field))
    return meta, files


def _encode_parts(garment: Garment) -> bytes:
    """The file of inner collar, label and alpha; what is None is stored as zeros and listed as absent in meta."""
    shape = next(part.shape for part in (getattr(garment, name) for name in PARTS) if part is not None)
    nowhere = np.zeros(shape, np.bool_)
    return codecs.encode_parts(
        nowhere if garment.inner_collar is None else garment.inner_collar,
        nowhere if garment.label_tag is None else garment.label_tag,
        np.zeros(shape, np.float32) if garment.alpha is None else garment.alpha,
    )


def _file_names(name: str, meta: dict[str, Any]) -> dict[tuple[str, str], str]:
    """Path below the split of each file of a sample, by slot (a view or a garment) and field."""
    ending = meta["image_format"]
    files = {}
    for slot, about in meta["views"].items():
        stem = f"{name}_{VIEWS.index(slot):02d}"
        own = {
            "parse": f"image-parse-v3/{stem}.png",
            "neck": f"neck/{stem}.png",
            "keypoints": f"openpose_json/{stem}_keypoints.json",
            "correspondence": f"correspondence/{stem}.png",
        }
        files[slot, "image"] = f"image/{stem}.{ending}"
        files |= {(slot, field): own[field] for field in about["fields"]}
    for slot, about in meta["garments"].items():
        stem = f"{name}_{WORN_FIRST[slot]:02d}"
        if about.get("image", True):
            files[slot, "image"] = f"cloth/{stem}.{ending}"
        if "mask" in about["fields"]:
            files[slot, "mask"] = f"cloth-mask/{stem}.{ending}"
        if set(PARTS) & set(about["fields"]):
            files[slot, "parts"] = f"cloth-parts/{stem}.png"
    return files


def _read_meta(root: Path, split: str, name: str) -> dict[str, Any]:
    path = _meta_path(root, split, name)
    try:
        meta: dict[str, Any] = json.loads(path.read_bytes())
        _file_names(name, meta)  # fails unless all that names the files is there
        return meta
    except FileNotFoundError as error:
        raise VtonError(f"{path}: no such sample; choose one that sample_names lists") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise VtonError(f"{path}: is damaged ({error!r}); {MEND}") from error


def _decoded(path: Path, key: tuple[str, str], decode: Callable[[bytes], Decoded]) -> Decoded:
    """What a file holds; an error names the file, the field and the mend."""
    field = ".".join(key)
    try:
        return decode(path.read_bytes())
    except FileNotFoundError as error:
        raise VtonError(f"{path}: is missing, so there is no {field}; {MEND}") from error
    except (OSError, ValueError, SyntaxError, struct.error) as error:  # Pillow has no common class for its errors
        raise VtonError(f"{path}: is damaged, so there is no {field} ({error}); {MEND}") from error


def _built(kind: type[Decoded], fields: dict[str, Any], where: str) -> Decoded:
    """A view or a garment; an error of its own check gets the file's name and the mend."""
    try:
        return kind(**fields)
    except VtonError as error:
        raise VtonError(f"{where}: {error}; {MEND}") from error


def _meta_path(root: Path, split: str, name: str) -> Path:
    return root / split / "meta" / f"{name}.json"


def _given(owner: View | Garment, *fields: str) -> list[str]:
    return [field for field in fields if getattr(owner, field) is not None]


def _digest(meta: dict[str, Any], files: dict[str, bytes]) -> str:
    """One SHA-256 over the meta data and over name, length and bytes of each file."""
    digest = hashlib.sha256(_json(meta))
    for relative, data in files.items():
        digest.update(f"{relative}\n{len(data)}\n".encode() + data)
    return digest.hexdigest()


def _json(content: dict[str, Any]) -> bytes:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=lambda number: number.item())
    return (text + "\n").encode()
