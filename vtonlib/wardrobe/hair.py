"""Hair: what a person wears on the head, placed on any body, drawn as ribbons and shaded strand by strand.

The order of use: :func:`draw_hair`, :func:`dress_head` once per person and pose, then for each picture draw the scalp
layer and the ribbons into the frame, and shade the samples that are seen.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numba
import numpy as np
from scipy.spatial import cKDTree

from vtonlib.wardrobe.body import BodyModel, body_model
from vtonlib.wardrobe.camera import Camera
from vtonlib.wardrobe.hair_growth import Strands, grow
from vtonlib.wardrobe.hair_styles import STYLES
from vtonlib.wardrobe.landmarks import template
from vtonlib.wardrobe.light import Light, diffuse, to_linear
from vtonlib.wardrobe.mesh import normals
from vtonlib.wardrobe.scalp import scalp

COLOURS: dict[str, tuple[float, float, float]] = {
    "black": (0.110, 0.095, 0.090),
    "dark brown": (0.205, 0.145, 0.110),
    "brown": (0.330, 0.225, 0.150),
    "light brown": (0.470, 0.345, 0.230),
    "auburn": (0.420, 0.190, 0.110),
    "ginger": (0.610, 0.360, 0.210),
    "dark blond": (0.580, 0.440, 0.300),
    "blond": (0.800, 0.650, 0.455),
    "grey": (0.560, 0.550, 0.540),
    "white": (0.820, 0.805, 0.780),
}
"""Colours of hair, sRGB in [0, 1]."""

_COLOUR_SHARES = (0.24, 0.20, 0.15, 0.09, 0.05, 0.03, 0.08, 0.08, 0.06, 0.02)
_VARIANTS = 3
_SCALP_LIFT = 0.0025
CHANNELS = 9
"""What the ribbons carry: tangent (3) and outward normal (3) in camera space, along, exposure, tone."""


@dataclass(frozen=True)
class HairSpec:
    """A head of hair: ``style`` of STYLES, ``colour`` and its sRGB ``rgb``, ``length`` label, ``variant``."""

    style: str
    colour: str
    rgb: tuple[float, float, float]
    length: str
    variant: int


@dataclass(frozen=True)
class Hair:
    """Hair on a posed body, in world metres.

    ``points`` and ``outward`` (S, P, 3) of the strands; ``scalp_points``, ``scalp_normals`` (N, 3) of the scalp layer.
    """

    spec: HairSpec
    strands: Strands
    points: np.ndarray
    outward: np.ndarray
    scalp_points: np.ndarray
    scalp_normals: np.ndarray


def draw_hair(rng: np.random.Generator, gender: float) -> HairSpec:
    """Hair for a person; ``gender`` in [0, 1], 0 male, makes styles likelier or rarer but excludes none."""
    names = list(STYLES)
    shares = np.array(
        [STYLES[n].share * ((1 - gender) * (1 - STYLES[n].women) + gender * STYLES[n].women) for n in names]
    )
    style = names[int(rng.choice(len(names), p=shares / shares.sum()))]
    colour = list(COLOURS)[int(rng.choice(len(COLOURS), p=_COLOUR_SHARES))]
    return make_spec(rng, style, colour)


def make_spec(rng: np.random.Generator, style: str, colour: str) -> HairSpec:
    """A spec of a given style and colour name; the colour itself varies a little."""
    scale, tint = np.exp(rng.normal(0, 0.07)), np.exp(rng.normal(0, 0.03) * np.array([1, 0.2, -0.8]))
    rgb = np.clip(np.array(COLOURS[colour]) * scale * tint, 0.06, 0.9)
    red, green, blue = (float(v) for v in rgb)
    return HairSpec(style, colour, (red, green, blue), STYLES[style].label, int(rng.integers(_VARIANTS)))


def dress_head(
    spec: HairSpec,
    model: BodyModel,
    rest: np.ndarray,
    posed: np.ndarray,
    transforms: np.ndarray,
    hat: str = "",
    clearance: float = 0.010,
) -> Hair:
    """Carry the strands of the template to a body.

    Args:
        spec: which hair.
        model: the body model.
        rest: (V, 3) the body's rest vertices, for the size of the head.
        posed: (V, 3) its posed vertices.
        transforms: (B, 3, 4) of the bones, as ``bone_transforms`` gives them.
        hat: the kind of hat worn over the hair, if any.
        clearance: metres by which hair below the chin is lifted off the skin, so that it lies over clothes.
    """
    strands, shell = grow(spec.style, spec.variant, hat), scalp()
    skin = shell.follow(posed)
    skin_normals = normals(skin, shell.triangles)
    low, high = shell.extent(rest)
    old_low, old_high = shell.extent(template())
    scale = ((high - low) / (old_high - old_low)).astype(np.float32)
    turn = np.ascontiguousarray(transforms[model.bones.index("head"), :, :3], np.float32)
    chest = np.ascontiguousarray(transforms[model.bones.index("spine01"), :, :3], np.float32)
    corners = shell.triangles[strands.triangle]
    roots = (skin[corners] * strands.bary[..., None]).sum(axis=1).astype(np.float32)
    around = _body_normals(model, posed)
    points, outward = _place(
        strands.points, strands.outward, strands.roots, strands.near, strands.low, strands.margin, roots, scale, turn,
        chest, template(), np.ascontiguousarray(posed, np.float32), around, np.float32(clearance),
    )  # fmt: skip
    return Hair(spec, strands, points, outward, skin + np.float32(_SCALP_LIFT) * skin_normals, skin_normals)


def _body_normals(model: BodyModel, posed: np.ndarray) -> np.ndarray:
    """Normals (V, 3) of the vertices of the upper body; the rest stay zero."""
    return normals(np.ascontiguousarray(posed, np.float32), _upper_triangles())


@functools.cache
def _upper_triangles() -> np.ndarray:
    triangles = body_model().mesh.triangles["body"]
    body = template()
    corners = body[triangles]
    return np.ascontiguousarray(triangles[((corners[..., 2] > 0.4) & (np.abs(corners[..., 0]) < 0.25)).all(axis=1)])


@numba.njit(cache=True, fastmath=True)
def _place(
    points: np.ndarray,
    outward: np.ndarray,
    fixed: np.ndarray,
    near: np.ndarray,
    low: np.ndarray,
    margin: np.ndarray,
    roots: np.ndarray,
    scale: np.ndarray,
    turn: np.ndarray,
    chest: np.ndarray,
    old: np.ndarray,
    new: np.ndarray,
    around: np.ndarray,
    clearance: np.float32,
) -> tuple[np.ndarray, np.ndarray]:
    """Points and normals (S, P, 3) on the new body: above the chin with the head, below with the shoulders."""
    out = np.empty_like(points)
    facing = np.empty_like(points)
    third = np.float32(1 / 3)
    for s in range(points.shape[0]):
        for p in range(points.shape[1]):
            dx = (points[s, p, 0] - fixed[s, 0]) * scale[0]
            dy = (points[s, p, 1] - fixed[s, 1]) * scale[1]
            dz = (points[s, p, 2] - fixed[s, 2]) * scale[2]
            w = low[s, p]
            for k in range(3):
                out[s, p, k] = roots[s, k] + turn[k, 0] * dx + turn[k, 1] * dy + turn[k, 2] * dz
                n = outward[s, p]
                facing[s, p, k] = turn[k, 0] * n[0] + turn[k, 1] * n[1] + turn[k, 2] * n[2]
            if w > 0:
                ex, ey, ez = np.float32(0), np.float32(0), np.float32(0)
                fx, fy, fz = np.float32(0), np.float32(0), np.float32(0)
                for j in range(3):
                    v = near[s, p, j]
                    ex += (points[s, p, 0] - old[v, 0]) * third
                    ey += (points[s, p, 1] - old[v, 1]) * third
                    ez += (points[s, p, 2] - old[v, 2]) * third
                    fx += (new[v, 0] + clearance * around[v, 0]) * third
                    fy += (new[v, 1] + clearance * around[v, 1]) * third
                    fz += (new[v, 2] + clearance * around[v, 2]) * third
                out[s, p, 0] += w * (fx + chest[0, 0] * ex + chest[0, 1] * ey + chest[0, 2] * ez - out[s, p, 0])
                out[s, p, 1] += w * (fy + chest[1, 0] * ex + chest[1, 1] * ey + chest[1, 2] * ez - out[s, p, 1])
                out[s, p, 2] += w * (fz + chest[2, 0] * ex + chest[2, 1] * ey + chest[2, 2] * ez - out[s, p, 2])
            if p > 0:
                v = near[s, p, 0]
                away = np.float32(0)
                for k in range(3):
                    away += (out[s, p, k] - new[v, k]) * around[v, k]
                lack = margin[s, p] - away
                if lack > 0:
                    for k in range(3):
                        out[s, p, k] += min(lack, np.float32(0.02)) * around[v, k]
    return out, facing


@functools.lru_cache(maxsize=64)
def ribbon_triangles(strands: int, points: int) -> np.ndarray:
    """Triangles (F, 3) of ribbons whose vertex 2 i and 2 i + 1 are the two sides of point i."""
    first = (np.arange(strands)[:, None] * points + np.arange(points - 1)).ravel() * 2
    quads = np.stack([first, first + 1, first + 3, first + 2], axis=1)
    return np.ascontiguousarray(quads[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3).astype(np.int32))


def ribbons(hair: Hair, camera: Camera) -> tuple[np.ndarray, np.ndarray]:
    """Screen points (2 S P, 3) of ribbons that face the camera, and what they carry (S P, CHANNELS).

    Draw the points with ``ribbon_triangles(S, P)`` by :func:`ribbon_raster.draw_ribbons`; interpolate the values with
    those triangles // 2. A ribbon is never narrower than a sample: thinner ones would be missed here and there and
    the hair would look like dots.
    """
    strands = hair.strands
    return _ribbons(
        hair.points, hair.outward, strands.width, strands.along, strands.exposure, strands.tone,
        camera.project(hair.points.reshape(-1, 3)), camera.rotation(),
        np.float32(camera.size[0] / camera.height_m * camera.distance),
    )  # fmt: skip


@numba.njit(cache=True, fastmath=True)
def _ribbons(
    points: np.ndarray,
    outward: np.ndarray,
    width: np.ndarray,
    along: np.ndarray,
    exposure: np.ndarray,
    tone: np.ndarray,
    screen: np.ndarray,
    rotation: np.ndarray,
    zoom: np.float32,
) -> tuple[np.ndarray, np.ndarray]:
    count, size = points.shape[0], points.shape[1]
    sides = np.empty((2 * count * size, 3), np.float32)
    values = np.empty((count * size, CHANNELS), np.float32)
    for s in range(count):
        px, py = np.float32(1), np.float32(0)
        for p in range(size):
            i = s * size + p
            before, after = max(p - 1, 0), min(p + 1, size - 1)
            a, b = s * size + before, s * size + after
            dx, dy = screen[b, 0] - screen[a, 0], screen[b, 1] - screen[a, 1]
            length = np.sqrt(dx * dx + dy * dy)
            if length > 0.05:  # else it points at the camera: keep the last direction
                px, py = -dy / length, dx / length
            half = max(0.5 * width[s, p] * zoom / screen[i, 2], np.float32(0.5))
            sides[2 * i, 0] = screen[i, 0] + half * px
            sides[2 * i, 1] = screen[i, 1] + half * py
            sides[2 * i, 2] = screen[i, 2]
            sides[2 * i + 1, 0] = screen[i, 0] - half * px
            sides[2 * i + 1, 1] = screen[i, 1] - half * py
            sides[2 * i + 1, 2] = screen[i, 2]
            tx = points[s, after, 0] - points[s, before, 0]
            ty = points[s, after, 1] - points[s, before, 1]
            tz = points[s, after, 2] - points[s, before, 2]
            norm = np.sqrt(tx * tx + ty * ty + tz * tz) + np.float32(1e-9)
            for k in range(3):
                values[i, k] = (rotation[k, 0] * tx + rotation[k, 1] * ty + rotation[k, 2] * tz) / norm
                values[i, 3 + k] = (
                    rotation[k, 0] * outward[s, p, 0]
                    + rotation[k, 1] * outward[s, p, 1]
                    + rotation[k, 2] * outward[s, p, 2]
                )
            values[i, 6] = along[p]
            values[i, 7] = exposure[s, p]
            values[i, 8] = tone[s]
    return sides, values


def shade_hair(values: np.ndarray, spec: HairSpec, light: Light) -> np.ndarray:
    """Linear colour (N, 3) of samples from what the ribbons carry, (N, CHANNELS); after Kajiya and Kay.

    A hair is lit most where it lies across the light, and shines along a line across the strands; a second, coloured
    highlight lies a little further towards the tip. The volume's normal gives the round form, the exposure the depth.
    """
    tangent, outward = values[:, :3], values[:, 3:6]
    along, exposure, tone = values[:, 6:7], values[:, 7:8], values[:, 8:9]
    tangent = tangent / (np.linalg.norm(tangent, axis=1, keepdims=True) + 1e-6)
    outward = outward / (np.linalg.norm(outward, axis=1, keepdims=True) + 1e-6)
    towards = np.asarray(light.towards, np.float32)
    half = towards + np.array([0, 0, -1], np.float32)
    half /= np.linalg.norm(half)
    across = np.sqrt(np.clip(1 - (tangent @ towards)[:, None] ** 2, 0, 1))
    colour = to_linear(np.asarray(spec.rgb, np.float32)) * np.exp(0.16 * tone + 0.22 * (along - 0.45))
    lit = diffuse(outward, light, 0.35) * (0.55 + 0.45 * across)
    inside = np.clip(0.62 - 0.75 * outward[:, 2:3], 0.22, 1)  # what faces away from the viewer is seen from within
    # Light that went through more hair is warmer: its colour is the hair's, several times over.
    open_ = ((0.16 + 0.84 * exposure) * inside) ** np.array([0.94, 1.02, 1.10], np.float32)
    lobes = (
        _lobe(tangent, outward, half, -0.10 + 0.05 * tone, 90),
        _lobe(tangent, outward, half, 0.12 + 0.05 * tone, 22),
    )
    facing = np.clip((outward @ towards)[:, None] + 0.25, 0, 1) * exposure * inside
    shine = light.key * facing * (0.055 * lobes[0] + (0.020 + 0.45 * colour) * lobes[1])
    return np.asarray(colour * lit * open_ * 1.15 + shine, np.float32)


def _lobe(tangent: np.ndarray, outward: np.ndarray, half: np.ndarray, shift: np.ndarray, power: float) -> np.ndarray:
    """A highlight (N, 1): the sine of the angle between the shifted tangents and the half vector, to a power."""
    moved = tangent + shift * outward
    moved = moved / (np.linalg.norm(moved, axis=1, keepdims=True) + 1e-6)
    cosine = (moved @ half)[:, None]
    return np.asarray(np.clip(1 - cosine * cosine, 0, 1) ** (power / 2))


def scalp_cut(spec: HairSpec) -> np.ndarray:
    """The cut field (N, 1) of the scalp layer, in metres from the hairline; strands soften its edge."""
    return np.ascontiguousarray(scalp().height[:, None] - (0.0 if spec.style == "buzz" else 0.002), np.float32)


@functools.cache
def _scalp_values(style: str, variant: int) -> np.ndarray:
    """What the scalp's vertices carry (N, 3): tone of the strands around, height over the hairline, cover."""
    strands, shell = grow(style, variant), scalp()
    near = cKDTree(strands.roots).query(shell.vertices, k=6)[1]
    tone = strands.tone[near].mean(axis=1)
    cover = STYLES[style].cover * np.clip(0.55 + shell.height / 0.012, 0, 1)
    return np.stack([tone, shell.height, cover], axis=1).astype(np.float32)


def scalp_values(hair: Hair, camera: Camera) -> np.ndarray:
    """What the scalp layer carries (N, 6): normal in camera space (3), tone, height over the hairline, cover."""
    own = _scalp_values(hair.spec.style, hair.spec.variant)
    return np.concatenate([camera.directions(hair.scalp_normals), own], axis=1)


def shade_scalp(values: np.ndarray, spec: HairSpec, light: Light, skin: np.ndarray) -> np.ndarray:
    """Linear colour (N, 3) of the scalp between the strands; ``skin`` (3,) is the skin's linear albedo."""
    tone, cover = values[:, 3:4], values[:, 5:6]
    depth = 0.85 if spec.style == "buzz" else 0.50
    hair = to_linear(np.asarray(spec.rgb, np.float32)) * np.exp(0.12 * tone) * depth
    albedo = cover * hair + (1 - cover) * np.asarray(skin, np.float32)
    return np.asarray(albedo * diffuse(values[:, :3], light, 0.35), np.float32)
