"""Shapes grown strands: cuts them to length, gathers them in clumps, curls them, and finds what light reaches them."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates

from vtonlib.wardrobe.hair_styles import Style
from vtonlib.wardrobe.scalp import CENTRE

STEP = 0.005
"""Metres between the points of a strand as it is walked."""


def resample(path: np.ndarray, length: np.ndarray, count: int) -> np.ndarray:
    """(S, count, 3) points at equal distances along the first ``length`` (S,) metres of paths (S, N, 3)."""
    at = np.linspace(0, 1, count)[None, :] * (np.minimum(length / STEP, path.shape[1] - 1.001))[:, None]
    low = at.astype(int)
    rows = np.arange(len(path))[:, None]
    share = (at - low)[..., None]
    return np.asarray(path[rows, low] * (1 - share) + path[rows, low + 1] * share)


def gather(points: np.ndarray, clump: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """Draw strands (S, P, 3) towards the mean of their lock, more so at the tip; ``strength`` (S, 1, 1)."""
    members = np.bincount(clump)
    mean = (
        np.stack([np.bincount(clump, points.reshape(len(points), -1)[:, k]) for k in range(points[0].size)], axis=1)
        / np.maximum(members, 1)[:, None]
    )
    guide = mean[clump].reshape(points.shape)
    t = np.linspace(0, 1, points.shape[1])[None, :, None]
    # A lock that straddles the parting must not close up over it.
    apart = np.linalg.norm(points - guide, axis=2, keepdims=True)
    return np.asarray(points + strength * t**0.8 * np.exp(-apart / 0.03) * (guide - points))


def curl(points: np.ndarray, clump: np.ndarray, style: Style, rng: np.random.Generator) -> np.ndarray:
    """Wind strands (S, P, 3) into waves or curls; the strands of a lock keep step."""
    radius, pitch = style.curl
    if radius == 0:
        return points
    tangent = np.gradient(points, axis=1)
    step = np.linalg.norm(tangent, axis=2)
    tangent /= step[..., None] + 1e-9
    reach = np.cumsum(step, axis=1) - step[:, :1]
    out = points - CENTRE * [1, 1, 0] - [0, 0, 1] * np.minimum(points[..., 2:], 0.93)
    first = np.cross(tangent, out)
    first /= np.linalg.norm(first, axis=2, keepdims=True) + 1e-9
    second = np.cross(first, tangent)
    locks = clump.max() + 1
    phase = rng.uniform(0, 2 * np.pi, locks)[clump] + rng.normal(0, 0.35, len(points))
    stretch = np.exp(rng.normal(0, 0.15, locks))[clump]
    angle = 2 * np.pi * reach / (pitch * stretch)[:, None] + phase[:, None]
    size = radius * np.exp(rng.normal(0, 0.25, locks))[clump][:, None] * np.clip(reach / style.root, 0, 1)
    wave = (size * np.cos(angle))[..., None] * first
    if not style.flat:
        wave = wave + (size * np.sin(angle))[..., None] * second
    return np.asarray(points + wave)


def exposure_of(points: np.ndarray, away: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Openness to light (S, P) and the volume's normals (S, P, 3), from how densely hair fills a grid of cells.

    ``away`` (S, P, 3) are the normals of the body next to the points.
    """
    cell = 0.004
    low = points.min(axis=(0, 1)) - 0.05
    shape = np.ceil((points.max(axis=(0, 1)) + 0.05 - low) / cell).astype(int)
    middles = np.concatenate([points, (points[:, 1:] + points[:, :-1]) / 2], axis=1)
    step = np.linalg.norm(np.diff(points, axis=1), axis=2).mean(axis=1, keepdims=True)
    cells = ((middles - low) / cell).astype(int)
    index = np.ravel_multi_index(tuple(cells.reshape(-1, 3).T), tuple(shape))
    amount = np.repeat(step / 2, middles.shape[1], axis=1).ravel()
    density = np.bincount(index, amount, minlength=int(shape.prod())).reshape(shape)
    fine = gaussian_filter(density, 1.0)
    fine /= np.quantile(fine[fine > fine.max() * 0.02], 0.7)
    wide = gaussian_filter(density, 2.5)
    flat = points.reshape(-1, 3)

    def value(field: np.ndarray, at: np.ndarray) -> np.ndarray:
        return np.asarray(map_coordinates(field, ((at - low) / cell - 0.5).T, order=1))

    slope = np.stack([value(g, flat) for g in np.gradient(wide)], axis=1)
    slope /= np.linalg.norm(slope, axis=1, keepdims=True) + 1e-12
    outward = 0.65 * away.reshape(-1, 3) - 0.55 * slope
    outward /= np.linalg.norm(outward, axis=1, keepdims=True) + 1e-9
    blocked = np.zeros(len(flat))
    for aim in ((0, 0, 0), (0, 0, 0.8), (0, -0.8, 0)):
        direction = outward + np.array(aim)
        way = direction / (np.linalg.norm(direction, axis=1, keepdims=True) + 1e-9)
        blocked += sum(value(fine, flat + way * d) for d in (0.005, 0.010, 0.016)) / 3
    return np.exp(-0.9 * blocked).reshape(points.shape[:2]), outward.reshape(points.shape)
