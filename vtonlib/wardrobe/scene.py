"""Draws layers into one picture with its labels.

A layer is a posed mesh that knows how to shade its samples and what its samples mean. Opaque layers share one
z-buffer; sheer ones are drawn after them and let what lies below shine through.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numba
import numpy as np
from scipy.ndimage import gaussian_filter

from vtonlib.wardrobe.camera import Camera
from vtonlib.wardrobe.raster import NO_CUT, Frame, draw, interpolate
from vtonlib.wardrobe.ribbon_raster import draw_ribbons

Shader = Callable[[np.ndarray], np.ndarray]

NECK = 20
"""Number of bare neck and trunk among the parts; 0 to 19 are LIP's labels."""
PARTS = 21


@dataclass(frozen=True)
class Layer:
    """A mesh to draw.

    Attributes:
        screen: (V, 3) from :meth:`Camera.project`.
        triangles: (F, 3).
        values: what is interpolated for the shader, (V', C).
        value_triangles: (F, 3) corners in ``values``; by default ``triangles``.
        shader: from interpolated values (N, C) to linear light (N, 3).
        part: the label of all triangles, or (F,) one for each.
        cut: as in :func:`vtonlib.wardrobe.raster.draw`.
        nearer: metres by which the layer wins at equal depth.
        alpha: share of what lies below that shows through.
        closed: as in :func:`vtonlib.wardrobe.raster.draw`.
        thin: the triangles are strands of hair, which :func:`vtonlib.wardrobe.ribbon_raster.draw_ribbons` draws faster.
        shop: (V, 3) x, y and depth of each vertex in the in-shop picture, for the garment that is tried on.
    """

    screen: np.ndarray
    triangles: np.ndarray
    values: np.ndarray
    shader: Shader
    part: int | np.ndarray
    value_triangles: np.ndarray | None = None
    cut: np.ndarray = field(default_factory=lambda: NO_CUT)
    nearer: float = 0.0
    alpha: float = 0.0
    closed: bool = False
    thin: bool = False
    shop: np.ndarray | None = None


@dataclass(frozen=True)
class Picture:
    """What was drawn, at the picture's size (H, W) unless it says otherwise.

    Attributes:
        image: (H, W, 3) uint8.
        parts: (H, W) uint8, LIP's labels, NECK for bare neck and trunk.
        correspondence: (H, W, 2) float32 in-shop pixels; NaN where there is none.
        depth: (H ss, W ss) float32 metres, of the opaque layers.
        cover: (H, W) float32 share of samples that any layer covers.
        frame: buffers (H ss, W ss) of what is seen, sheer layers included.
    """

    image: np.ndarray
    parts: np.ndarray
    correspondence: np.ndarray
    depth: np.ndarray
    cover: np.ndarray
    frame: Frame


def compose(
    layers: list[Layer], background: np.ndarray, supersampling: int, shop_depth: np.ndarray | None = None
) -> Picture:
    """Draw layers over a background.

    Args:
        layers: opaque ones in any order; sheer ones last.
        background: (H, W, 3) linear light at the picture's size.
        supersampling: samples per pixel in each direction; the layers' screens count samples.
        shop_depth: (H s, W s) depth of the in-shop picture, to tell which points of the cloth it shows.
    """
    ss = supersampling
    size = (background.shape[0] * ss, background.shape[1] * ss)
    frame = Frame.empty(size)
    colour = np.repeat(np.repeat(background, ss, axis=0), ss, axis=1)
    part = np.zeros(size, np.uint8)
    match = np.full((*size, 2), np.nan, np.float32)
    # Hair comes last: its many strands are skipped where something is already drawn in front.
    opaque = sorted((n for n, layer in enumerate(layers) if layer.alpha == 0), key=lambda n: layers[n].thin)
    for number in opaque:
        draw_layer(frame, layers[number], number)
    _paint(frame, layers, opaque, colour, part, match, shop_depth)
    _darken_behind(frame, colour)
    depth = frame.depth.copy()
    sheer = [n for n, layer in enumerate(layers) if layer.alpha > 0]
    for number in sheer:
        draw_layer(frame, layers[number], number)
    _paint(frame, layers, sheer, colour, part, match, shop_depth)
    return Picture(
        image=_picture(colour, frame.layer, ss),
        parts=_majority(part, ss),
        correspondence=_mean_known(match, ss),
        depth=depth,
        cover=_share_covered(frame.layer >= 0, ss),
        frame=frame,
    )


def draw_layer(frame: Frame, layer: Layer, number: int) -> None:
    """Draw one layer into the buffers under a number."""
    if layer.thin:
        draw_ribbons(frame, layer.screen, layer.triangles, number)
    else:
        draw(frame, layer.screen, layer.triangles, number, layer.cut, layer.nearer, layer.closed)


def _paint(
    frame: Frame,
    layers: list[Layer],
    numbers: list[int],
    colour: np.ndarray,
    part: np.ndarray,
    match: np.ndarray,
    shop_depth: np.ndarray | None,
) -> None:
    """Shade and label the samples of some layers; changes ``colour``, ``part`` and ``match`` in place."""
    all_rows, all_columns, begins = _samples_by_layer(frame.layer, len(layers))
    for number in numbers:
        rows, columns = (found[begins[number] : begins[number + 1]] for found in (all_rows, all_columns))
        if not len(rows):
            continue
        layer = layers[number]
        corners = layer.triangles if layer.value_triangles is None else layer.value_triangles
        values = interpolate(rows, columns, frame.triangle, frame.bary, corners, layer.values)
        _blend(colour, rows, columns, np.ascontiguousarray(layer.shader(values), np.float32), layer.alpha)
        label = layer.part
        part[rows, columns] = label if isinstance(label, int) else label[frame.triangle[rows, columns]]
        if layer.shop is not None and shop_depth is not None:
            place = interpolate(rows, columns, frame.triangle, frame.bary, layer.triangles, layer.shop)
            match[rows, columns] = _visible_in_shop(place, shop_depth)


def _visible_in_shop(place: np.ndarray, shop_depth: np.ndarray) -> np.ndarray:
    """In-shop sample coordinates (N, 2) of points (N, 3), NaN for those that the in-shop picture hides."""
    column = np.clip(place[:, 0], 0, shop_depth.shape[1] - 1).astype(np.int64)
    row = np.clip(place[:, 1], 0, shop_depth.shape[0] - 1).astype(np.int64)
    hidden = place[:, 2] > shop_depth[row, column] + 0.015
    out = place[:, :2].copy()
    out[hidden] = np.nan
    return out


def _darken_behind(frame: Frame, colour: np.ndarray) -> None:
    """Soft shadow where something else is close in front (depth darkening, Luft et al. 2006)."""
    near = frame.layer >= 0
    if not near.any():
        return
    # The box begins at a multiple of the coarse grid's step, so that nothing depends on where the person stands.
    rows, columns = np.flatnonzero(near.any(axis=1)), np.flatnonzero(near.any(axis=0))
    box = (slice(rows[0] // 4 * 4, rows[-1] + 1), slice(columns[0] // 4 * 4, columns[-1] + 1))
    inside = near[box]
    depth = np.where(inside, frame.depth[box], 0)
    scale = frame.layer.shape[0] / 512
    small, small_inside = depth[::2, ::2], inside[::2, ::2].astype(np.float32)
    close = _mean_depth(small, small_inside, 2.5 * scale)
    wide = _mean_depth(small[::2, ::2], small_inside[::2, ::2], 4.5 * scale)
    wide = np.repeat(np.repeat(wide, 2, axis=0), 2, axis=1)[: small.shape[0], : small.shape[1]]
    near_shade = np.minimum(0.45, 4.0 * np.clip(small - close, 0, 0.1))
    wide_shade = np.minimum(0.45, 2.2 * np.clip(small - wide, 0, 0.1))
    # Outside there is no shade, which is what the border's zeros stand for.
    shade = 1 - gaussian_filter(1 - (1 - near_shade) * (1 - wide_shade), 0.7, truncate=2.0, mode="constant")
    _dim(colour[box], inside, shade.astype(np.float32))


def _mean_depth(depth: np.ndarray, inside: np.ndarray, radius: float) -> np.ndarray:
    """Depth averaged over the samples inside, (H, W); ``depth`` is zero elsewhere."""
    total = gaussian_filter(depth, radius, truncate=2.5, mode="constant")
    weight = gaussian_filter(inside, radius, truncate=2.5, mode="constant")
    return np.asarray(total / np.maximum(weight, 1e-4))


@numba.njit(cache=True, fastmath=True)
def _dim(colour: np.ndarray, inside: np.ndarray, shade: np.ndarray) -> None:
    """Multiply the inside samples by a shade of half their resolution."""
    for y in range(colour.shape[0]):
        for x in range(colour.shape[1]):
            if inside[y, x]:
                factor = shade[y // 2, x // 2]
                for k in range(3):
                    colour[y, x, k] *= factor


@numba.njit(cache=True, fastmath=True)
def _blend(colour: np.ndarray, rows: np.ndarray, columns: np.ndarray, light: np.ndarray, alpha: float) -> None:
    """Write light (N, 3) to samples; a share ``alpha`` of what was there stays."""
    for n in range(rows.shape[0]):
        for k in range(3):
            below = colour[rows[n], columns[n], k]
            colour[rows[n], columns[n], k] = light[n, k] + alpha * (below - light[n, k])


@numba.njit(cache=True, fastmath=True)
def _picture(colour: np.ndarray, seen: np.ndarray, ss: int) -> np.ndarray:
    """Linear light (H ss, W ss, 3) to sRGB bytes (H, W, 3).

    Where anything is drawn (``seen`` >= 0), a pixel is a mean of its own samples and, with a quarter of the weight, of
    the ring around them. It is taken in sRGB, where steps between a dark and a light surface look even; in linear light
    dark edges look jagged. Elsewhere all samples of a pixel are alike, and one of them is enough.
    """
    rows, columns = seen.shape
    out = np.empty((rows // ss, columns // ss, 3), np.uint8)
    one = np.float32(1)
    ring = np.float32(0.25)
    scale = np.float32(255 / (ss + 0.5) ** 2)
    for y in range(rows // ss):
        for x in range(columns // ss):
            drawn = False
            for r in range(max(y * ss - 1, 0), min(y * ss + ss, rows - 1) + 1):
                for c in range(max(x * ss - 1, 0), min(x * ss + ss, columns - 1) + 1):
                    drawn = drawn or seen[r, c] >= 0
            for k in range(3):
                if not drawn:
                    light = min(max(colour[y * ss, x * ss, k], np.float32(0)), one)
                    out[y, x, k] = np.uint8(255 * np.sqrt(light) + np.float32(0.5))
                    continue
                total = np.float32(0)
                for j in range(-1, ss + 1):
                    r = min(max(y * ss + j, 0), rows - 1)
                    share_row = ring if j < 0 or j == ss else one
                    for i in range(-1, ss + 1):
                        c = min(max(x * ss + i, 0), columns - 1)
                        share = share_row * (ring if i < 0 or i == ss else one)
                        total += share * np.sqrt(min(max(colour[r, c, k], np.float32(0)), one))
                out[y, x, k] = np.uint8(scale * total + np.float32(0.5))
    return out


def _share_covered(covered: np.ndarray, ss: int) -> np.ndarray:
    """(H ss, W ss) bool to the share of each pixel's samples that are covered, (H, W) float32."""
    h, w = covered.shape[0] // ss, covered.shape[1] // ss
    total = np.zeros((h, w), np.float32)
    for j in range(ss):
        for i in range(ss):
            total += covered[j::ss, i::ss]
    return total / np.float32(ss * ss)


@numba.njit(cache=True)
def _samples_by_layer(seen: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows and columns of the samples, sorted by layer, and where each layer's begin, (count + 1,)."""
    begins = np.zeros(count + 2, np.int64)
    for y in range(seen.shape[0]):
        for x in range(seen.shape[1]):
            begins[seen[y, x] + 2] += 1
    begins[1] = 0  # samples of the background are left out
    for n in range(2, count + 2):
        begins[n] += begins[n - 1]
    total = begins[count + 1]
    rows, columns = np.empty(total, np.int64), np.empty(total, np.int64)
    next_free = begins[1:].copy()
    for y in range(seen.shape[0]):
        for x in range(seen.shape[1]):
            n = seen[y, x]
            if n >= 0:
                rows[next_free[n]] = y
                columns[next_free[n]] = x
                next_free[n] += 1
    return rows, columns, begins[1:]


@numba.njit(cache=True)
def _majority(part: np.ndarray, ss: int) -> np.ndarray:
    """The commonest label of each pixel; of equally common ones the one seen first."""
    h, w = part.shape[0] // ss, part.shape[1] // ss
    out = np.zeros((h, w), np.uint8)
    counts = np.zeros(PARTS, np.int64)
    for y in range(h):
        for x in range(w):
            counts[:] = 0
            for j in range(ss):
                for i in range(ss):
                    counts[part[y * ss + j, x * ss + i]] += 1
            best = part[y * ss, x * ss]
            for j in range(ss):
                for i in range(ss):
                    label = part[y * ss + j, x * ss + i]
                    if counts[label] > counts[best]:
                        best = label
            out[y, x] = best
    return out


@numba.njit(cache=True)
def _mean_known(match: np.ndarray, ss: int) -> np.ndarray:
    """Mean in-shop pixel of the samples that have one, if at least half of them have."""
    h, w = match.shape[0] // ss, match.shape[1] // ss
    out = np.full((h, w, 2), np.nan, np.float32)
    for y in range(h):
        for x in range(w):
            n, a, b = 0, 0.0, 0.0
            for j in range(ss):
                for i in range(ss):
                    value = match[y * ss + j, x * ss + i, 0]
                    if not np.isnan(value):
                        n += 1
                        a += value
                        b += match[y * ss + j, x * ss + i, 1]
            if 2 * n >= ss * ss:
                # From samples of the in-shop picture to its pixels, whose centres are whole numbers.
                out[y, x, 0] = a / n / ss - 0.5
                out[y, x, 1] = b / n / ss - 0.5
    return out


def camera_for(camera: Camera, supersampling: int) -> Camera:
    """The same camera counting samples instead of pixels."""
    size = (camera.size[0] * supersampling, camera.size[1] * supersampling)
    return Camera(camera.centre, camera.height_m, size, camera.distance, camera.turn_deg)
