"""Eyes: what colour they are and how they take the light.

An eyeball is shaded from directions seen from its own centre, fixed to the ball at rest: so iris and pupil turn with
the head, and with the bones ``eye.L`` and ``eye.R``.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np

from vtonlib.wardrobe.body import Phenotype, body_model
from vtonlib.wardrobe.light import Light, diffuse
from vtonlib.wardrobe.skin_maps import lid_edge

RGB = tuple[float, float, float]

IRISES: dict[str, RGB] = {
    "dark brown": (0.16, 0.115, 0.09),
    "brown": (0.27, 0.19, 0.13),
    "hazel": (0.37, 0.29, 0.17),
    "green": (0.33, 0.37, 0.26),
    "blue": (0.36, 0.45, 0.53),
    "grey": (0.42, 0.45, 0.47),
}
"""Colours of irises in sRGB."""

_LIKELY = {"dark brown": 0.30, "brown": 0.24, "hazel": 0.12, "green": 0.10, "blue": 0.14, "grey": 0.10}
# The eyeballs of the mesh are a third larger than real ones, but no more of them shows: the iris keeps its true size.
_IRIS, _PUPIL = 0.0068, 0.0026
_RADIUS = 0.0155
_GAZE_DOWN = 0.0012  # the opening between the lids lies below the ball's centre


@dataclass(frozen=True)
class EyeSpec:
    """An iris: ``name`` of IRISES, ``rgb`` its colour in sRGB, ``seed`` of its fibres."""

    name: str
    rgb: RGB
    seed: int = 0


def draw_eyes(rng: np.random.Generator, tone: int = 0) -> EyeSpec:
    """Eyes at random; on the darker half of the skin tones (``tone`` of TONES above 3) they are brown."""
    names = [name for name in IRISES if tone <= 3 or "brown" in name]
    chances = np.array([_LIKELY[name] for name in names])
    name = names[int(rng.choice(len(names), p=chances / chances.sum()))]
    rgb = np.clip(np.array(IRISES[name]) * rng.uniform(0.85, 1.15) + rng.normal(0, 0.015, 3), 0.05, 0.8)
    return EyeSpec(name, (float(rgb[0]), float(rgb[1]), float(rgb[2])), int(rng.integers(2**31)))


@functools.cache
def eye_triangles() -> np.ndarray:
    """Triangles (F, 3) of both eyeballs."""
    model = body_model()
    return np.concatenate([model.mesh.triangles["helper-l-eye"], model.mesh.triangles["helper-r-eye"]])


@functools.cache
def eye_places() -> np.ndarray:
    """For each vertex of the mesh (V, 3): where it lies on its eyeball, in units of the ball's radius; else zero.

    x points to the temple, y backwards, z up.
    """
    model = body_model()
    rest = model.shape(Phenotype())
    out = np.zeros_like(rest)
    for side, outwards in (("l", 1), ("r", -1)):
        ball = model.group(f"helper-{side}-eye")
        local = rest[ball] - rest[ball].mean(axis=0)
        out[ball] = local * [outwards, 1, 1] / np.ptp(rest[ball][:, 0]) * 2
    return out


def shade_eyes(
    spec: EyeSpec, places: np.ndarray, normals: np.ndarray, light: Light, ambient: float = 1.0
) -> np.ndarray:
    """Eyeballs in the light.

    Args:
        spec: the iris.
        places: (N, 3) interpolated from :func:`eye_places`.
        normals: (N, 3) unit vectors in camera space.
        light: the studio's.
        ambient: factor on all light, for a head in shade.

    Returns:
        (N, 3) linear light.
    """
    way = places / np.maximum(np.linalg.norm(places, axis=1, keepdims=True), 1e-6)
    x, up = way[:, 0] * _RADIUS, way[:, 2] * _RADIUS  # metres sideways and up from the ball's axis
    off = np.where(way[:, 1] < 0, np.hypot(x, up + _GAZE_DOWN), _RADIUS)
    angle = np.arctan2(up + _GAZE_DOWN, x)

    white = np.array([0.77, 0.735, 0.71]) - np.clip((np.abs(way[:, 0]) - 0.35) / 0.5, 0, 1)[:, None] * [
        0.06,
        0.12,
        0.12,
    ]
    fibres = np.random.default_rng(spec.seed).uniform(0.8, 1.2, 48)
    streak = np.interp((angle / (2 * math.pi) % 1) * 48, np.arange(48), fibres)
    ring = np.clip((off / _IRIS - 0.72) / 0.28, 0, 1)
    inner = np.clip(1 - (off - _PUPIL) / (_IRIS - _PUPIL), 0, 1)
    iris = np.array(spec.rgb) * (streak * (0.85 + 0.35 * inner) * (1 - 0.8 * ring**2))[:, None]
    soft = 0.0005
    colour = white + _inside(off, _IRIS, soft) * (iris - white)
    colour = colour + _inside(off, _PUPIL, soft) * (0.02 - colour)

    # The upper lid and its lashes shade the ball; so do the corners.
    edge, inner_x, outer_x = lid_edge("2")
    below = np.polyval(edge, np.clip(x, inner_x, outer_x)) - up
    shade = 1 - 0.6 * np.clip(1 - below / 0.0035, 0, 1) ** 1.2
    corners = 1 - 0.35 * np.clip((np.abs(way[:, 0]) - 0.4) / 0.45, 0, 1)
    lit = diffuse(normals, light, 0.45) * ambient
    out = colour**2 * lit * (shade * corners)[:, None]
    return np.asarray(out + _catch_light(normals, off < _IRIS, light), np.float32)


def _catch_light(normals: np.ndarray, iris: np.ndarray, light: Light) -> np.ndarray:
    """The one reflection of the key light, (N, 1); the bulge of the cornea draws it into the iris."""
    if not iris.any():
        return np.zeros((len(normals), 1))
    gaze = normals[iris].mean(axis=0)
    half = np.array(light.towards) + np.array([0, 0, -1])
    spot = gaze + 0.5 * (half / np.linalg.norm(half) - gaze)
    near = np.exp(-((normals - spot) ** 2).sum(axis=1) / 0.085**2)
    return np.asarray(1.6 * light.key * near * iris)[:, None]


def _inside(values: np.ndarray, limit: float, soft: float) -> np.ndarray:
    """(N, 1): 1 where values lie below the limit, 0 above, with a soft edge."""
    return np.asarray(np.clip((limit - values) / soft + 0.5, 0, 1))[:, None]
