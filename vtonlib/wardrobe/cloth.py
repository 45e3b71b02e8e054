"""How cloth looks: fabric, print, creases, seams and light, sample by sample.

The inputs of a sample are packed into ATTRIBUTES columns, interpolated from the vertices of a :class:`Part`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np

from vtonlib.wardrobe.fabric import Fabric
from vtonlib.wardrobe.folds import RESOLUTION, FoldMap
from vtonlib.wardrobe.landmarks import NECK_Z
from vtonlib.wardrobe.light import Light
from vtonlib.wardrobe.neckline import NECK_POINT_Z
from vtonlib.wardrobe.part import Part

ATTRIBUTES = 16
"""Normal (3), tangent to the wearer's left (3), tangent upwards (3), uv (2), neck, hem, template place (3)."""
NO_DECAL = np.zeros((1, 1, 4), np.float32)


TAG_HALF_WIDTH = 0.021
"""Half the width of the brand's label in metres; TAG_TOP and TAG_BOTTOM are its distances below the back neckline."""
TAG_TOP, TAG_BOTTOM = 0.006, 0.034


@numba.njit(cache=True)
def is_tag(x: float, y: float, z: float, neck: float) -> bool:
    """Whether a point of the inner side, by its template place and its distance from the neckline, is the label."""
    return y > -0.02 and z > 0.5 and abs(x) < TAG_HALF_WIDTH and TAG_TOP < neck < TAG_BOTTOM


TAG_ATTRIBUTES = (2, 11, 13, 14, 15)
"""The attributes that :func:`tagged` needs: the normal's z, the distance from the neckline, the template place."""


@numba.njit(cache=True)
def tagged(samples: np.ndarray) -> np.ndarray:
    """Which samples (N, 5) of the inner side, of TAG_ATTRIBUTES, lie on the label, (N,) bool."""
    out = np.empty(samples.shape[0], np.bool_)
    for i in range(samples.shape[0]):
        out[i] = is_tag(samples[i, 2], samples[i, 3], samples[i, 4], samples[i, 1])
    return out


@numba.njit(cache=True, fastmath=True)
def tangents(points: np.ndarray, triangles: np.ndarray, uv: np.ndarray) -> np.ndarray:
    """Directions (V, 6) in which u and v grow on the surface, unit length each."""
    out = np.zeros((points.shape[0], 6), np.float32)
    for t in range(triangles.shape[0]):
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        du1, dv1 = uv[b, 0] - uv[a, 0], uv[b, 1] - uv[a, 1]
        du2, dv2 = uv[c, 0] - uv[a, 0], uv[c, 1] - uv[a, 1]
        det = du1 * dv2 - du2 * dv1
        if abs(det) < 1e-9 or abs(du1) > 0.2 or abs(du2) > 0.2:  # degenerate, or across the seam of the angle
            continue
        sign = np.float32(1.0) if det > 0 else np.float32(-1.0)
        for k in range(3):
            e1, e2 = points[b, k] - points[a, k], points[c, k] - points[a, k]
            tu = (e1 * dv2 - e2 * dv1) * sign
            tv = (e2 * du1 - e1 * du2) * sign
            for v in (a, b, c):
                out[v, k] += tu
                out[v, 3 + k] += tv
    for v in range(out.shape[0]):
        for k in (0, 3):
            length = np.sqrt(out[v, k] ** 2 + out[v, k + 1] ** 2 + out[v, k + 2] ** 2) + np.float32(1e-12)
            for j in range(3):
                out[v, k + j] /= length
    return out


def vertex_attributes(part: Part, posed: np.ndarray, directions: np.ndarray, rotation: np.ndarray) -> np.ndarray:
    """Pack the ATTRIBUTES (V, 16) of a posed part; ``directions`` are its normals in camera space."""
    frame = (tangents(posed, part.triangles, part.uv).reshape(-1, 3) @ rotation.T).reshape(-1, 6)
    out = np.empty((len(posed), ATTRIBUTES), np.float32)
    out[:, 0:3] = directions
    out[:, 3:9] = frame
    out[:, 9:11] = part.uv
    out[:, 11] = part.neck
    out[:, 12] = part.hem
    out[:, 13:16] = part.place
    return out


@numba.njit(cache=True, fastmath=True, inline="always")
def _corners(table: Any, y: float, x: float) -> Any:
    """Rows and columns of the four texels around a place of a repeating table, whose sides are powers of two."""
    fy, fx = np.floor(y), np.floor(x)
    y0, x0 = int(fy) & (table.shape[0] - 1), int(fx) & (table.shape[1] - 1)
    return y0, (y0 + 1) & (table.shape[0] - 1), x0, (x0 + 1) & (table.shape[1] - 1), y - fy, x - fx


@numba.njit(cache=True, fastmath=True, inline="always")
def _mix(table: Any, y0: int, y1: int, x0: int, x1: int, dy: float, dx: float, k: int) -> Any:
    """A channel between four texels."""
    top = table[y0, x0, k] + dx * (table[y0, x1, k] - table[y0, x0, k])
    bottom = table[y1, x0, k] + dx * (table[y1, x1, k] - table[y1, x0, k])
    return top + dy * (bottom - top)


@numba.njit(cache=True, fastmath=True, inline="always")
def _exposed(light: Any) -> Any:
    """Bright light held below 1, so that creases of white cloth stay to be seen."""
    over = light - np.float32(0.55)
    return light if over <= 0 else np.float32(0.55) + over / (1 + np.float32(1.1) * over)


@numba.njit(cache=True, fastmath=True)
def _shade(
    samples: np.ndarray,
    albedo: np.ndarray,
    relief: np.ndarray,
    extent: float,
    decal: np.ndarray,
    decal_box: np.ndarray,
    blocks: np.ndarray,
    base: float,
    folds: np.ndarray,
    folds_origin: np.ndarray,
    towards: np.ndarray,
    strengths: np.ndarray,
    gloss: float,
    fuzz: float,
    trim: np.ndarray,
    style: np.ndarray,
) -> np.ndarray:
    n_samples = samples.shape[0]
    out = np.empty((n_samples, 3), np.float32)
    columns = albedo.shape[1]
    hx, hy, hz = towards[0], towards[1], towards[2] - np.float32(1)
    length = np.sqrt(hx * hx + hy * hy + hz * hz)
    hx, hy, hz = hx / length, hy / length, hz / length
    squarings = 4 if gloss > 0.2 else 3
    per_metre = np.float32(columns / extent)
    # Constants of single precision: a double among them would make every sum a double.
    zero, half_f, edge_f, steepest = np.float32(0), np.float32(0.5), np.float32(1.001), np.float32(1.2)
    one, shiny = np.float32(1), np.float32(gloss)
    for i in range(n_samples):
        s = samples[i]
        nx, ny, nz = s[0], s[1], s[2]
        u, v, neck, hem = s[9], s[10], s[11], s[12]
        inner = nz > 0
        # Creases and the weave tilt the normal: n - dh/du Tu - dh/dv Tv.
        fx = min(max((u - folds_origin[0]) / RESOLUTION, zero), folds.shape[1] - edge_f)
        fy = min(max((folds_origin[1] - v) / RESOLUTION, zero), folds.shape[0] - edge_f)
        r0, c0 = int(fy), int(fx)
        here = _mix(folds, r0, r0 + 1, c0, c0 + 1, fy - r0, fx - c0, 0)
        slope_u = _mix(folds, r0, r0 + 1, c0, c0 + 1, fy - r0, fx - c0, 1)
        slope_v = _mix(folds, r0, r0 + 1, c0, c0 + 1, fy - r0, fx - c0, 2)
        y0, y1, x0, x1, dy, dx = _corners(albedo, -v * per_metre, u * per_metre)
        slope_u += _mix(relief, y0, y1, x0, x1, dy, dx, 0)
        slope_v += _mix(relief, y0, y1, x0, x1, dy, dx, 1)
        slope_u = min(max(slope_u, -steepest), steepest)
        slope_v = min(max(slope_v, -steepest), steepest)
        nx -= slope_u * s[3] + slope_v * s[6]
        ny -= slope_u * s[4] + slope_v * s[7]
        nz -= slope_u * s[5] + slope_v * s[8]
        size = np.sqrt(nx * nx + ny * ny + nz * nz) + np.float32(1e-9)
        if inner:
            size = -size
        nx, ny, nz = nx / size, ny / size, nz / size
        r = _mix(albedo, y0, y1, x0, x1, dy, dx, 0)
        g = _mix(albedo, y0, y1, x0, x1, dy, dx, 1)
        b = _mix(albedo, y0, y1, x0, x1, dy, dx, 2)
        for k in range(blocks.shape[0]):
            if v < -blocks[k, 0]:
                weave = min(1.2, (r + g + b) / base) if k == 0 else np.float32(1.0)
                r, g, b = blocks[k, 1] * weave, blocks[k, 2] * weave, blocks[k, 3] * weave
        if decal.shape[0] > 1 and not inner:
            dx = (u - decal_box[0]) / decal_box[2] + 0.5
            dy = (decal_box[1] - v) / decal_box[3] + 0.5
            if 0 <= dx < 1 and 0 <= dy < 1 and s[14] < 0:
                px = min(max(dx * decal.shape[1] - half_f, zero), decal.shape[1] - edge_f)
                py = min(max(dy * decal.shape[0] - half_f, zero), decal.shape[0] - edge_f)
                q0, p0 = int(py), int(px)
                a = _mix(decal, q0, q0 + 1, p0, p0 + 1, py - q0, px - p0, 3)
                r += a * (_mix(decal, q0, q0 + 1, p0, p0 + 1, py - q0, px - p0, 0) - r)
                g += a * (_mix(decal, q0, q0 + 1, p0, p0 + 1, py - q0, px - p0, 1) - g)
                b += a * (_mix(decal, q0, q0 + 1, p0, p0 + 1, py - q0, px - p0, 2) - b)
        shade = np.float32(1.0)
        # Bands and stitches along neckline, hem and cuffs.
        if trim[0] > 0 and neck < trim[0]:
            r, g, b = trim[1], trim[2], trim[3]
        if trim[0] > 0 and abs(neck - trim[0]) < 0.0022:
            shade *= 0.72
        if abs(hem - style[0]) < 0.0022:
            shade *= 0.78
        edge = min(neck, hem)
        if edge < 0.004:
            shade *= 0.9
        # A placket: two stitched lines and round buttons down the front.
        if style[1] > 0 and s[14] < -0.02 and not inner:
            across = abs(s[13])
            if abs(across - 0.016) < 0.0016:
                shade *= 0.75
            down = (-v - style[2]) / style[3]
            nearest = np.round(down)
            if across < 0.008 and nearest >= 0:
                away = np.sqrt(s[13] ** 2 + ((down - nearest) * style[3]) ** 2)
                if away < 0.0058:
                    r, g, b = style[4], style[5], style[6]
                    if away > 0.0042:
                        shade *= 0.6
        # Trousers: the seam in the middle, the stitches of the fly, slanted pockets.
        if style[8] > 0 and s[14] < 0 and not inner and v < -0.52:
            across, down = s[13], -0.52 - v
            fly = v > -0.60 and abs(across - 0.026 * np.sqrt(max(0.0, 1 - (down / 0.08) ** 2))) < 0.0016
            pocket = down < 0.085 and abs(abs(across) - 0.095 - 0.45 * down) < 0.002
            if fly or pocket or (abs(across) < 0.0014 and v > -0.68):
                shade *= 0.72
        if inner:
            shade *= 0.62
            if is_tag(s[13], s[14], s[15], neck):
                stripe = (neck - TAG_TOP) / (TAG_BOTTOM - TAG_TOP)
                ink = abs(stripe - 0.45) < 0.16 and abs(s[13]) < 0.6 * TAG_HALF_WIDTH
                r, g, b = (0.25, 0.25, 0.28) if ink else (0.96, 0.95, 0.92)
                shade = np.float32(0.9)
        facing = nx * towards[0] + ny * towards[1] + nz * towards[2]
        lit = max(zero, (facing + np.float32(0.25)) * np.float32(0.8))
        up = half_f - half_f * ny
        light = strengths[0] * lit + strengths[1] * up + strengths[2] * (one - up)
        light += style[7] * (np.float32(0.95) - light)  # sheer cloth is lit through, from behind too
        light *= np.float32(shade) * (one + min(zero, here * np.float32(22)))  # valleys see less of the sky
        rim = (one + nz) * (one + nz)
        half = max(zero, nx * hx + ny * hy + nz * hz)
        shine = half * half
        for _ in range(squarings):
            shine *= shine
        shine *= shiny
        light *= one + np.float32(fuzz) * rim
        out[i, 0] = _exposed(r * r * light + shine)
        out[i, 1] = _exposed(g * g * light + shine)
        out[i, 2] = _exposed(b * b * light + shine)
    return out


@dataclass(frozen=True)
class Coarse:
    """A fabric's albedo, slopes of its relief and print, averaged over 2^level texels for coarse samples."""

    albedo: np.ndarray
    relief: np.ndarray
    decal: np.ndarray


RELIEF = 0.0006
"""Metres between the highest and the middle of a fabric's relief."""


def _slopes(fabric: Fabric) -> np.ndarray:
    """How the relief rises with u and v, (H, W, 2), metres a metre."""
    step = 2 * fabric.extent / fabric.height.shape[1] / RELIEF
    rise_u = np.roll(fabric.height, -1, axis=1) - np.roll(fabric.height, 1, axis=1)
    rise_v = np.roll(fabric.height, 1, axis=0) - np.roll(fabric.height, -1, axis=0)
    return np.stack([rise_u, rise_v], axis=2) / np.float32(step)


_COARSEST = 4


def level_of(fabric: Fabric, sample_m: float) -> int:
    """How often a fabric's texels must be halved so that they are about as wide as samples of ``sample_m`` metres."""
    texel = fabric.extent / fabric.albedo.shape[1]
    return int(np.clip(np.floor(np.log2(max(sample_m / texel, 1)) + 0.35), 0, _COARSEST))


@numba.njit(cache=True, fastmath=True)
def _halved(table: np.ndarray) -> np.ndarray:
    """Means (H / 2, W / 2, C) over squares of two by two."""
    out = np.empty((table.shape[0] // 2, table.shape[1] // 2, table.shape[2]), np.float32)
    for y in range(out.shape[0]):
        above, below = table[2 * y], table[2 * y + 1]
        for x in range(out.shape[1]):
            for k in range(out.shape[2]):
                total = above[2 * x, k] + above[2 * x + 1, k] + below[2 * x, k] + below[2 * x + 1, k]
                out[y, x, k] = np.float32(0.25) * total
    return out


def coarsen(fabric: Fabric, level: int) -> Coarse:
    """The tables averaged over 2^level texels; without this, fine patterns would shimmer."""

    def pooled(table: np.ndarray, times: int) -> np.ndarray:
        table = np.ascontiguousarray(table, np.float32)
        for _ in range(times):
            table = _halved(table)
        return table

    decal = NO_DECAL
    if fabric.decal is not None:
        texel = fabric.extent / fabric.albedo.shape[1]
        finer = round(np.log2(max(1.0, texel * fabric.decal.shape[1] / fabric.decal_size)))
        decal = pooled(fabric.decal, int(np.clip(level + finer if level else 0, 0, _COARSEST)))
    return Coarse(pooled(fabric.albedo, level), pooled(_slopes(fabric), level), decal)


def shade(
    samples: np.ndarray,
    fabric: Fabric,
    tables: Coarse,
    folds: FoldMap,
    light: Light,
    trim: np.ndarray,
    style: np.ndarray,
    printed: bool = True,
) -> np.ndarray:
    """Shade samples of cloth.

    Args:
        samples: (N, ATTRIBUTES) interpolated attributes.
        fabric: what the cloth is made of; ``tables`` its tables for the size of the samples.
        folds: its creases.
        light: the studio's light.
        trim: (4,) width in metres of the band along the neckline, 0 for none, and its sRGB colour.
        style: (9,) metres from the hem to its stitches, 1 with a placket, the first button's and the next ones'
            distance down from the neck in metres, the buttons' sRGB colour, the share of light that comes through,
            1 for trousers.
        printed: whether the part carries the fabric's print; sleeves do not.

    Returns:
        (N, 3) linear light.
    """
    blocks = np.array([(down + NECK_POINT_Z - NECK_Z, *rgb) for down, rgb in fabric.block or ()], np.float32)
    decal = tables.decal if printed else NO_DECAL
    across, down = fabric.decal_centre
    box = np.array([across, NECK_POINT_Z - NECK_Z - down, fabric.decal_size, fabric.decal_size], np.float32)
    return _shade(
        samples,
        tables.albedo,
        tables.relief,
        fabric.extent,
        decal,
        box,
        blocks.reshape(-1, 4),
        max(0.05, float(fabric.albedo.mean()) * 3) if len(blocks) else 1.0,
        folds.table,
        np.array([folds.left, folds.top], np.float32),
        np.array(light.towards, np.float32),
        np.array([light.key, light.sky, light.ground], np.float32),
        fabric.gloss,
        fabric.fuzz,
        trim.astype(np.float32),
        style.astype(np.float32),
    )
