"""How cloth hangs: a tube around trunk and legs that touches the body where it stands out and falls from there.

The tube is a grid of angles x heights. For each angle the cloth follows the body's radius or, lower down, hangs from
the widest place above, tapering as much as its cut asks: a loose shirt falls straight from the chest, a tight one
follows the waist.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numba
import numpy as np
from scipy.ndimage import gaussian_filter1d, map_coordinates, maximum_filter1d
from scipy.spatial import cKDTree

from vtonlib.wardrobe.body import body_model
from vtonlib.wardrobe.landmarks import CROTCH_Z, JOIN_Z, landmarks_of_all, suit, template
from vtonlib.wardrobe.ramp import smoothstep
from vtonlib.wardrobe.skinning import compact_weights

COLUMNS = 144
_STRAIGHTENS = 0.3
"""Metres below its beginning where the tube no longer follows how bust and belly carried the cloth above it."""
_TOP, _BOTTOM = 0.64, -0.72
ROWS = 137
HEIGHTS = np.linspace(_TOP, _BOTTOM, ROWS).astype(np.float32)
"""Template heights of the rows, from the chest down to the ankles."""
ANGLES = (np.arange(COLUMNS) * (2 * np.pi / COLUMNS) - np.pi).astype(np.float32)
"""Angles of the columns; 0 is the front, pi/2 the person's left."""


@dataclass(frozen=True)
class Profile:
    """The body as the tube sees it.

    Attributes:
        radius: (ROWS, COLUMNS) metres.
        axis: (ROWS,) the axis' y.
        z: (ROWS,) heights.
        turn: (COLUMNS,) radians by which the cloth of a column lies further to the left where the tube begins, because
            bust and belly do not grow evenly around the axis.
        lift: (COLUMNS,) metres by which it lies higher there.
    """

    radius: np.ndarray
    axis: np.ndarray
    z: np.ndarray
    turn: np.ndarray
    lift: np.ndarray


def profile(rest: np.ndarray) -> Profile:
    """Measure a rest body (19158, 3) in all directions around its axis; arms are left out."""
    model = suit()
    points = np.asarray(model.fine.weights @ rest[model.vertices], np.float32)
    trunk = model.landmarks.arm < 0.35
    row = _row_of(model.landmarks.place[:, 2])
    trunk &= (row > -1.0) & (row < ROWS)
    height = np.interp(-HEIGHTS, *_height_map(rest))
    axis = _axis(points[trunk, 1], row[trunk])
    local = np.clip(np.round(row[trunk]).astype(np.int64), 0, ROWS - 1)
    x, y = points[trunk, 0], points[trunk, 1] - axis[local]
    angle = np.arctan2(x, -y)
    radius = _bin(angle, np.hypot(x, y), local)
    place = model.landmarks.place[trunk]
    usual = np.arctan2(place[:, 0], _axis(place[:, 1], row[trunk])[local] - place[:, 1])
    level = np.exp(-(((place[:, 2] - JOIN_Z) / 0.012) ** 2))
    lift = points[trunk, 2] - np.interp(row[trunk], np.arange(ROWS), height)
    turn = (angle - usual + np.pi) % (2 * np.pi) - np.pi
    return Profile(
        _convex(_fill(radius)),
        axis,
        height.astype(np.float32),
        _around(usual, turn, level),
        _around(usual, lift, level),
    )


def _axis(y: np.ndarray, row: np.ndarray) -> np.ndarray:
    """The axis' y in each row: midway between the trunk's front and back."""
    front, back = _extremes(y, row)
    return np.asarray(gaussian_filter1d(0.5 * (front + back), 3, mode="nearest"), np.float32)


def _around(angle: np.ndarray, values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted mean of values at angles (N,), for each column."""
    column = np.round((angle + np.pi) / (2 * np.pi) * COLUMNS).astype(np.int64) % COLUMNS
    total = np.bincount(column, weights * values, COLUMNS)
    weight = np.bincount(column, weights, COLUMNS)
    smooth = (gaussian_filter1d(table, 2.5, mode="wrap", truncate=6.0) for table in (total, weight + 1e-9))
    return np.asarray(np.divide(*smooth), np.float32)


def _height_map(rest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Template heights (negated, rising) and the heights of the same joints on a body."""
    model = body_model()
    names = ("neck", "spine-1", "spine-2", "spine-3", "pelvis", "l-upper-leg", "l-knee", "l-ankle", "ground")
    own = np.array([model.joint(n, rest)[2] for n in names])
    neutral = np.array([model.joint(n, template())[2] for n in names])
    return -neutral, own


def _row_of(z: np.ndarray) -> np.ndarray:
    return (_TOP - z) / (_TOP - _BOTTOM) * (ROWS - 1)


def _extremes(y: np.ndarray, row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Front and back of the trunk in each row, its neighbours included."""
    front, back = _ends(y, np.clip(np.round(row).astype(np.int64), 0, ROWS - 1))
    rows = np.arange(ROWS)
    known = np.isfinite(front)
    return np.interp(rows, rows[known], front[known]), np.interp(rows, rows[known], back[known])


@numba.njit(cache=True)
def _ends(y: np.ndarray, row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The least and the greatest y of each row and its neighbours; infinite where there is none."""
    least, greatest = np.full(ROWS, np.inf), np.full(ROWS, -np.inf)
    for i in range(y.shape[0]):
        for near in range(max(row[i] - 1, 0), min(row[i] + 2, ROWS)):
            least[near] = min(least[near], y[i])
            greatest[near] = max(greatest[near], y[i])
    return least, greatest


@numba.njit(cache=True)
def _bin(angle: np.ndarray, radius: np.ndarray, row: np.ndarray) -> np.ndarray:
    """The largest radius in each cell; zero where no point fell."""
    out = np.zeros((ROWS, COLUMNS), np.float32)
    for i in range(angle.shape[0]):
        column = int(np.round((angle[i] + np.pi) / (2 * np.pi) * COLUMNS)) % COLUMNS
        out[row[i], column] = max(out[row[i], column], radius[i])
    return out


def _fill(radius: np.ndarray) -> np.ndarray:
    """Give cells without a point the value between their neighbours, around the body, then along it."""
    # A row sees its neighbours too: points are sparse, and a row may miss the one that stands out most.
    widest = maximum_filter1d(radius, 3, axis=0)
    out = _between(_between(widest, True).T.copy(), False).T
    return np.asarray(gaussian_filter1d(gaussian_filter1d(out, 1.5, axis=1, mode="wrap"), 1.2, axis=0), np.float32)


@numba.njit(cache=True)
def _between(table: np.ndarray, around: bool) -> np.ndarray:
    """Fill the zeros of each row linearly; ``around`` when its end meets its beginning, else the ends are kept.

    A row with fewer than six known cells stays empty when it goes around the body.
    """
    out = table.copy()
    rows, columns = table.shape
    for r in range(rows):
        known = np.flatnonzero(table[r] > 0)
        if len(known) == 0:
            continue
        if around and len(known) < 6:
            out[r] = 0
            continue
        for k in range(len(known)):
            left = known[k]
            right = known[(k + 1) % len(known)]
            last = k == len(known) - 1
            if last and not around:
                out[r, left:] = table[r, left]
                out[r, : known[0]] = table[r, known[0]]
                continue
            gap = (right - left) % columns
            for step in range(1, gap):
                share = step / gap
                out[r, (left + step) % columns] = (1 - share) * table[r, left] + share * table[r, right]
    return out


def _convex(radius: np.ndarray) -> np.ndarray:
    """Bridge hollows around each row, as cloth does between the legs or between the shoulder blades."""
    points = np.stack([radius * np.sin(ANGLES), -radius * np.cos(ANGLES)], axis=2).astype(np.float32)
    out = radius.copy()
    every_other = ANGLES[::2]
    directions = np.stack([np.sin(every_other), -np.cos(every_other)], axis=1).astype(np.float32)
    own = np.stack([np.sin(ANGLES), -np.cos(ANGLES)], axis=1).astype(np.float32)
    spread = own @ directions.T
    # The hull's radius at an angle is the least support / cos over the directions that bound it.
    inverse = np.where(spread > 0.2, 1 / np.maximum(spread, 0.2), np.inf).astype(np.float32)
    for r in range(radius.shape[0]):
        support = (points[r] @ directions.T).max(axis=0)  # how far the hull reaches in each direction
        out[r] = (inverse * support).min(axis=1)
    return np.asarray(out, np.float32)


def hang(body: Profile, taper: float | np.ndarray, start: float = _TOP) -> np.ndarray:
    """The cloth's radius (ROWS, COLUMNS): the body's, or what hangs from above, shrinking ``taper`` metres a metre."""
    falling = _fall(body.radius, taper, start)
    smooth = gaussian_filter1d(gaussian_filter1d(falling, 3, axis=0, mode="nearest"), 2, axis=1, mode="wrap")
    # Smoothing draws cloth in where the body stands out most; there it must give way and hang from anew.
    return _fall(np.maximum(smooth, body.radius), taper, start)


def _fall(radius: np.ndarray, taper: float | np.ndarray, start: float) -> np.ndarray:
    """From each row down, at least the radius of the row above less the taper."""
    step = float(HEIGHTS[0] - HEIGHTS[1])
    tapers = np.broadcast_to(np.asarray(taper, np.float32), (ROWS,))
    out = radius.copy()
    for r in range(1, ROWS):
        if HEIGHTS[r] < start:
            out[r] = np.maximum(out[r], out[r - 1] - tapers[r] * step)
    return np.asarray(out, np.float32)


def tube_points(body: Profile, radius: np.ndarray) -> np.ndarray:
    """Points (ROWS * (COLUMNS + 1), 3) of a tube; the last column repeats the first so that patterns can wrap."""
    columns = np.arange(COLUMNS + 1) % COLUMNS
    # Where the tube begins it must meet the cloth above, which bust and belly have carried along; further down it
    # falls straight.
    share = smoothstep(JOIN_Z - _STRAIGHTENS, JOIN_Z, HEIGHTS)[:, None]
    turn, lift = share * body.turn[columns], share * body.lift[columns]
    angles = np.append(ANGLES, np.float32(np.pi)) + turn
    spacing = float(body.z[0] - body.z[-1]) / (ROWS - 1)
    rows = np.clip(np.arange(ROWS)[:, None] - lift / spacing, 0, ROWS - 1)
    reached = np.broadcast_to((angles + np.pi) / (2 * np.pi) * COLUMNS, rows.shape)
    wrapped = map_coordinates(radius, [rows, reached], order=1, mode="grid-wrap")
    x = wrapped * np.sin(angles)
    y = -wrapped * np.cos(angles) + body.axis[:, None]
    z = body.z[:, None] + lift
    return np.ascontiguousarray(np.stack([x, y, z], axis=2).reshape(-1, 3), np.float32)


def tube_triangles(first: int = 0, last: int = ROWS - 1) -> np.ndarray:
    """Triangles of the rows ``first`` to ``last``, turned outwards."""
    rows, columns = np.meshgrid(np.arange(first, last), np.arange(COLUMNS), indexing="ij")
    a = rows * (COLUMNS + 1) + columns
    b, c, d = a + 1, a + COLUMNS + 2, a + COLUMNS + 1
    both = np.stack([np.stack([a, d, c], axis=2), np.stack([a, c, b], axis=2)], axis=2)
    return np.ascontiguousarray(both.reshape(-1, 3), np.int32)


@functools.cache
def tube_place() -> np.ndarray:
    """Template coordinates of the tube's points."""
    neutral = profile(template())
    return tube_points(neutral, neutral.radius)


@functools.cache
def tube_weights() -> tuple[np.ndarray, np.ndarray]:
    """Skinning weights of the tube's points: those of the trunk near them, below the hips those of both legs."""
    model = body_model()
    every = landmarks_of_all()
    trunk = model.group("helper-tights")
    trunk = trunk[(every.arm[trunk] < 0.3) & (every.place[trunk, 2] > CROTCH_Z)]
    skirt = model.group("helper-skirt")
    skirt = skirt[every.place[skirt, 2] < CROTCH_Z + 0.04]
    sources = np.concatenate([trunk, skirt])
    distance, nearest = cKDTree(every.place[sources]).query(tube_place(), k=6)
    share = 1 / np.maximum(distance, 0.01) ** 2
    share /= share.sum(axis=1, keepdims=True)
    dense = np.zeros((ROWS * (COLUMNS + 1), len(model.bones)), np.float32)
    for k in range(6):
        origin = sources[nearest[:, k]]
        for j in range(model.bone_indices.shape[1]):
            np.add.at(
                dense,
                (np.arange(len(dense)), model.bone_indices[origin, j]),
                share[:, k].astype(np.float32) * model.bone_weights[origin, j],
            )
    grid = dense.reshape(ROWS, COLUMNS + 1, -1)
    grid[:, -1] = grid[:, 0]
    smooth = gaussian_filter1d(gaussian_filter1d(grid[:, :-1], 5, axis=1, mode="wrap"), 4, axis=0, mode="nearest")
    grid = np.concatenate([smooth, smooth[:, :1]], axis=1)
    return compact_weights(grid.reshape(len(dense), -1))
