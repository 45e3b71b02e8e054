"""The shapes of hats on the template head, and how they press the hair under them flat."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

from vtonlib.wardrobe.landmarks import template
from vtonlib.wardrobe.scalp import CENTRE

_AROUND, _UP = 96, 24


@dataclass(frozen=True)
class HatShape:
    """A kind of hat.

    Attributes:
        rim: heights of the rim in metres at the forehead and at the back of the head.
        gap: metres between skin and cloth.
        cuff: metres by which the rim's turned-up edge stands off, 0 for none.
        slouch: metres by which the top stands off the head.
        brim: metres by which a brim reaches forward, 0 for none.
        ribs: knitted ribs around the hat, or the seams of a cap's panels.
    """

    rim: tuple[float, float]
    gap: float
    cuff: float
    slouch: float
    brim: float
    ribs: int


HATS = {
    "beanie": HatShape(rim=(0.942, 0.884), gap=0.009, cuff=0.004, slouch=0.020, brim=0.0, ribs=72),
    "cap": HatShape(rim=(0.940, 0.892), gap=0.008, cuff=0.0, slouch=0.004, brim=0.078, ribs=6),
}
"""Kinds of hat by name."""

_FRONT, _BACK = -0.160, 0.045


def _rim(shape: HatShape, points: np.ndarray) -> np.ndarray:
    """Height (N,) of the rim over or under points (N, 3)."""
    share = (points[:, 1] - _FRONT) / (_BACK - _FRONT)
    return np.asarray(shape.rim[0] + (shape.rim[1] - shape.rim[0]) * np.clip(share, -0.2, 1.2))


@functools.cache
def _radii() -> np.ndarray:
    """Distance (37, 72) of the head's surface from CENTRE by elevation (-90 to 90 degrees) and azimuth; no ears."""
    body = template()
    head = body[(body[:, 2] > 0.84) & (np.abs(body[:, 0]) < 0.0775)] - CENTRE
    distance = np.linalg.norm(head, axis=1)
    outer = distance > 0.065
    head, distance = head[outer], distance[outer]
    tree = cKDTree(head / distance[:, None])
    nearest = tree.query(_directions(np.linspace(-90, 90, 37)[:, None], np.arange(72)[None] * 5.0), k=5)[1]
    return np.asarray(gaussian_filter(distance[nearest].max(axis=-1), 1.2, mode=("nearest", "wrap")))


def _directions(elevation: np.ndarray, azimuth: np.ndarray) -> np.ndarray:
    """Unit vectors (..., 3); degrees; azimuth 0 is the face, 90 the person's left."""
    e, a = np.radians(np.broadcast_arrays(elevation, azimuth))
    return np.stack([np.cos(e) * np.sin(a), -np.cos(e) * np.cos(a), np.sin(e)], axis=-1)


def _radius(offsets: np.ndarray) -> np.ndarray:
    """The head's radius (N,) in the directions of vectors (N, 3) from CENTRE."""
    elevation = np.degrees(np.arctan2(offsets[:, 2], np.hypot(offsets[:, 0], offsets[:, 1])))
    azimuth = np.degrees(np.arctan2(offsets[:, 0], -offsets[:, 1])) % 360
    row, column = np.clip((elevation + 90) / 5, 0, 35.999), azimuth / 5
    r, c = row.astype(int), column.astype(int)
    dr, dc = row - r, column - c
    table = _radii()
    left, right = table[:, c % 72], table[:, (c + 1) % 72]
    index = np.arange(len(offsets))
    lower = left[r, index] * (1 - dc) + right[r, index] * dc
    upper = left[r + 1, index] * (1 - dc) + right[r + 1, index] * dc
    return np.asarray(lower * (1 - dr) + upper * dr)


def press(kind: str, points: np.ndarray) -> np.ndarray:
    """Points of strands (S, P, 3) with those above the rim drawn in below the hat."""
    shape = HATS[kind]
    flat = points.reshape(-1, 3)
    offsets = flat - CENTRE
    distance = np.linalg.norm(offsets, axis=1) + 1e-9
    room = _radius(offsets) + shape.gap - 0.006
    above = np.clip((flat[:, 2] - _rim(shape, flat) + 0.012) / 0.012, 0, 1)
    shrink = 1 - above * (1 - np.minimum(1, room / distance))
    return np.asarray((CENTRE + offsets * shrink[:, None]).reshape(points.shape))


@functools.cache
def crown(kind: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A hat on the template: vertices (V, 3), triangles (F, 3), and how light each vertex is (V,), about 1."""
    shape = HATS[kind]
    azimuth = np.arange(_AROUND + 1) * 360.0 / _AROUND
    side = _directions(np.zeros(1), azimuth)
    foot = CENTRE + side * _radius(side)[:, None]
    lowest = np.degrees(np.arctan2(_rim(shape, foot) - CENTRE[2], np.linalg.norm((foot - CENTRE)[:, :2], axis=1)))
    t = np.linspace(0, 1, _UP)[:, None]
    away = _directions(lowest + (90 - lowest) * t, azimuth[None])
    radius = _radius(away.reshape(-1, 3)).reshape(away.shape[:2])
    # The edge is drawn in, so that nobody looks into the hat from below.
    gap = (shape.gap + shape.slouch * t**2) * (0.15 + 0.85 * np.clip(t / 0.06, 0, 1))
    climb = (90 - lowest) * t
    light = 1 - 0.10 * (np.cos(np.radians(azimuth) * shape.ribs)[None] > 0.55) * np.ones_like(t)
    if shape.cuff:
        gap = gap + shape.cuff * ((climb < 27) & (t > 0.06))
        light = np.where((climb > 24) & (climb < 29), 0.72, light)
    else:
        light = np.where(np.cos(np.radians(azimuth) * shape.ribs)[None] > 0.985, 0.8, 1.0) * np.ones_like(t)
    points = CENTRE + away * (radius + gap)[..., None]
    vertices, lightness = points.reshape(-1, 3), np.broadcast_to(light, points.shape[:2]).ravel()
    triangles = grid_triangles(_UP, _AROUND + 1)
    if shape.brim:
        more, tone = _brim(shape, points[0])
        triangles = np.concatenate([triangles, grid_triangles(*more.shape[:2])[:, ::-1] + len(vertices)])
        vertices = np.concatenate([vertices, more.reshape(-1, 3)])
        lightness = np.concatenate([lightness, tone])
    return vertices.astype(np.float32), np.ascontiguousarray(triangles), lightness.astype(np.float32)


def _brim(shape: HatShape, rim: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The brim of a cap, (8, N, 3), from the front part of the rim (N', 3), and its lightness."""
    wide = 17  # steps of 3.75 degrees to either side of the face
    edge = np.concatenate([rim[-1 - wide : -1], rim[: wide + 1]])
    reach = np.clip(1 - np.abs(np.arange(-wide, wide + 1) / wide) ** 2.6, 0, 1) ** 0.6
    t = np.linspace(0, 1, 8)[:, None]
    points = np.repeat(edge[None], 8, axis=0)
    points[..., 1] -= shape.brim * reach * t
    bend = 6.5 * points[..., 0] ** 2 * t
    points[..., 2] += 0.004 - 0.012 * t * reach - bend
    # Darker than the crown, with a seam where it begins and one along its edge: so it is seen from straight ahead too.
    return points, np.broadcast_to(np.where((t < 0.1) | (t > 0.9), 0.62, 0.80), points.shape[:2]).ravel()


def grid_triangles(rows: int, columns: int) -> np.ndarray:
    """Triangles (F, 3) of a grid of vertices numbered row by row."""
    first = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    quads = np.stack([first, first + 1, first + columns + 1, first + columns], axis=1)
    return np.ascontiguousarray(quads[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3).astype(np.int32))
