"""The shirt collar: a stand that follows the neckline and a leaf that falls over it, with points in front."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from vtonlib.wardrobe import landmarks as lm
from vtonlib.wardrobe.cutting import Cut
from vtonlib.wardrobe.garment_spec import GarmentSpec
from vtonlib.wardrobe.mesh import normals
from vtonlib.wardrobe.part import Part

_COLUMNS = 97
_LEAF_ROWS = 6
_NECK_AXIS = (0.0, -0.035)


def collar_parts(spec: GarmentSpec, cut: Cut, trunk: Part) -> tuple[Part, ...]:
    """The collar's meshes; empty for crew, V, scoop and turtle necks, which are part of the trunk."""
    if spec.collar != "shirt" or cut.neck is None:
        return ()
    base = _neckline_points(trunk)
    rows = [base, *_leaf(base, spec.front == "open")]
    place = np.stack(rows).reshape(-1, 3).astype(np.float32)
    shift, indices, weights = _attach(place, trunk)
    cells = np.arange((len(rows) - 1) * _COLUMNS).reshape(len(rows) - 1, _COLUMNS)[:, :-1].ravel()
    # Wound so that the leaf's outer side, which lies over the stand, faces out.
    quads = np.stack([cells, cells + _COLUMNS, cells + _COLUMNS + 1, cells + 1], axis=1)
    across = np.tile(np.linspace(-0.2, 0.2, _COLUMNS), len(rows))
    down = np.repeat(np.linspace(0, -0.1, len(rows)), _COLUMNS)
    far = np.full(len(place), 1, np.float32)
    edge = np.repeat(np.linspace(0.06, 0.0, len(rows)), _COLUMNS)
    ends = np.tile(np.minimum(np.arange(_COLUMNS), np.arange(_COLUMNS)[::-1]) * 0.006, len(rows))
    return (
        Part(
            name="collar",
            rest=_clear(place + shift, trunk, np.repeat(np.linspace(-1, 1, len(rows)), _COLUMNS)),
            triangles=np.ascontiguousarray(quads[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3), np.int32),
            bone_indices=indices,
            bone_weights=weights,
            cut=far[:, None],
            uv=np.stack([across, down], axis=1).astype(np.float32),
            place=place,
            neck=far,
            hem=np.minimum(edge, ends + 0.004).astype(np.float32) + 0.012,
        ),
    )


def _neckline_points(trunk: Part) -> np.ndarray:
    """Template points (_COLUMNS, 3) on the neckline from the front, over the person's left and the back, around."""
    near = (np.abs(trunk.neck) < 0.012) & (trunk.place[:, 2] > 0.55)
    points = trunk.place[near]
    angle = np.arctan2(points[:, 0] - _NECK_AXIS[0], -(points[:, 1] - _NECK_AXIS[1])) % (2 * np.pi)
    wanted = np.linspace(np.radians(7), np.radians(353), _COLUMNS)
    curve = np.empty((_COLUMNS, 3))
    for k, at in enumerate(wanted):
        away = np.abs((angle - at + np.pi) % (2 * np.pi) - np.pi)
        share = np.exp(-((away / 0.16) ** 2)) + 1e-9
        curve[k] = (points * share[:, None]).sum(axis=0) / share.sum()
    symmetric = curve[::-1] * np.array([-1, 1, 1])
    return np.asarray(0.5 * (curve + symmetric))


def _leaf(base: np.ndarray, is_open: bool) -> list[np.ndarray]:
    """Rows of the stand's top and of the leaf that falls from it, (_COLUMNS, 3) each; it tapers off if open."""
    angle = np.linspace(np.radians(7), np.radians(353), _COLUMNS)
    ahead_of = np.minimum(angle, 2 * np.pi - angle)
    front = np.exp(-((ahead_of / 0.8) ** 2))
    point = np.exp(-((ahead_of / 0.42) ** 2))
    kept = 1 - 0.98 * point if is_open else np.ones(_COLUMNS)
    out = np.stack([np.sin(angle), -np.cos(angle), np.zeros(_COLUMNS)], axis=1)
    aside = np.stack([np.sign(np.pi - angle), np.zeros(_COLUMNS), np.zeros(_COLUMNS)], axis=1)
    up = np.array([0, 0, 1.0])
    top = base - out * (0.009 * (1 - front))[:, None] + up * (0.032 - 0.022 * front)[:, None]
    # The leaf folds over sharply, lies close to the stand, and spreads into a point on either side of the throat.
    over = out * (kept * (0.020 - 0.008 * front))[:, None]
    spread = aside * (kept * (0.020 * front + 0.022 * point))[:, None]
    fall = up * (kept * (0.038 + 0.018 * front + 0.020 * point))[:, None]
    rows = [top]
    for t in np.linspace(0, 1, _LEAF_ROWS)[1:]:
        rows.append(top + over * min(1.0, 0.35 + 0.65 * t) + spread * t - fall * t)
    return rows


def _clear(points: np.ndarray, trunk: Part, down: np.ndarray) -> np.ndarray:
    """Push points (N, 3) that sink into the trunk out of it; ``down`` (N,) is -1 at the neckline, 1 at the leaf's edge.

    The stand stays where it is. The leaf lies on the cloth, further off towards its edge, which casts a shadow.
    """
    near = np.flatnonzero(trunk.place[:, 2] > lm.NECK_Z - 0.25)
    outwards = normals(trunk.rest, trunk.triangles)[near]
    surface = trunk.rest[near]
    distance, nearest = cKDTree(surface).query(points, k=6)
    share = 1 / np.maximum(distance, 0.004) ** 2
    share /= share.sum(axis=1, keepdims=True)
    direction = (outwards[nearest] * share[..., None]).sum(axis=1)
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    above = ((points[:, None] - surface[nearest]) * outwards[nearest]).sum(axis=2)
    height = (above * share).sum(axis=1)
    lack = np.where(down > -0.5, np.maximum(0, 0.005 + 0.004 * down - height), 0)
    return np.asarray(points + direction * lack[:, None], np.float32)


def _attach(place: np.ndarray, trunk: Part) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How the cloth near each point was moved off the template (N, 3), and the bones that move it."""
    near = np.flatnonzero(trunk.place[:, 2] > lm.NECK_Z - 0.2)
    distance, nearest = cKDTree(trunk.place[near]).query(place, k=6)
    share = 1 / np.maximum(distance, 0.004) ** 2
    share /= share.sum(axis=1, keepdims=True)
    moved = trunk.rest[near] - trunk.place[near]
    shift = (moved[nearest] * share[..., None]).sum(axis=1).astype(np.float32)
    first = near[nearest[:, 0]]
    return shift, trunk.bone_indices[first], trunk.bone_weights[first]
