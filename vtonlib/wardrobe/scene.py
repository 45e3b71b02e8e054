"""Draws layers into one picture with its labels.

A layer is a posed mesh that knows how to shade its samples and what its samples mean. Opaque layers share one
z-buffer; sheer ones are drawn after them and let what lies below shine through.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numba
import numpy as np

from vtonlib.wardrobe import pixels
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
    colour = pixels.repeated(background, ss)
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
    if sheer:
        for number in sheer:
            draw_layer(frame, layers[number], number)
        _paint(frame, layers, sheer, colour, part, match, shop_depth)
    return Picture(
        image=pixels.picture(colour, frame.layer, ss),
        parts=pixels.majority(part, ss, PARTS),
        correspondence=pixels.mean_known(match, ss),
        depth=depth,
        cover=pixels.share_of(frame.layer >= 0, ss),
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
    all_rows, all_columns, begins = pixels.samples_by_layer(frame.layer, len(layers))
    for number in numbers:
        rows, columns = (found[begins[number] : begins[number + 1]] for found in (all_rows, all_columns))
        if not len(rows):
            continue
        layer = layers[number]
        corners = layer.triangles if layer.value_triangles is None else layer.value_triangles
        values = interpolate(rows, columns, frame.triangle, frame.bary, corners, layer.values)
        _blend(colour, rows, columns, np.ascontiguousarray(layer.shader(values), np.float32), layer.alpha)
        _label(part, rows, columns, frame.triangle, np.atleast_1d(np.asarray(layer.part, np.uint8)))
        if layer.shop is not None and shop_depth is not None:
            place = interpolate(rows, columns, frame.triangle, frame.bary, layer.triangles, layer.shop)
            _match(match, rows, columns, place, shop_depth)


@numba.njit(cache=True)
def _label(part: np.ndarray, rows: np.ndarray, columns: np.ndarray, triangle: np.ndarray, labels: np.ndarray) -> None:
    """Write labels to samples: those of their triangles, or the only one."""
    for n in range(rows.shape[0]):
        y, x = rows[n], columns[n]
        part[y, x] = labels[0] if labels.shape[0] == 1 else labels[triangle[y, x]]


@numba.njit(cache=True)
def _match(match: np.ndarray, rows: np.ndarray, columns: np.ndarray, place: np.ndarray, shop_depth: np.ndarray) -> None:
    """Write the in-shop coordinates of points (N, 3) to samples, NaN for those that the in-shop picture hides."""
    for n in range(rows.shape[0]):
        column = int(min(max(place[n, 0], 0), shop_depth.shape[1] - 1))
        row = int(min(max(place[n, 1], 0), shop_depth.shape[0] - 1))
        hidden = place[n, 2] > shop_depth[row, column] + 0.015
        for k in range(2):
            match[rows[n], columns[n], k] = np.nan if hidden else place[n, k]


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
    # Outside there is no shade, which is what the border's zeros stand for.
    _dim(colour[box], inside, pixels.blur(_shade(small, close, wide), 0.7, 2.0))


def _mean_depth(depth: np.ndarray, inside: np.ndarray, radius: float) -> np.ndarray:
    """Depth averaged over the samples inside, (H, W); ``depth`` is zero elsewhere."""
    return np.asarray(pixels.blur(depth, radius, 2.5) / np.maximum(pixels.blur(inside, radius, 2.5), np.float32(1e-4)))


@numba.njit(cache=True, fastmath=True)
def _shade(depth: np.ndarray, close: np.ndarray, wide: np.ndarray) -> np.ndarray:
    """The share of light (H, W) that is lost behind what is near, and, at half the resolution, farther around."""
    out = np.empty(depth.shape, np.float32)
    most, reach, none = np.float32(0.45), np.float32(0.1), np.float32(0)
    for y in range(depth.shape[0]):
        for x in range(depth.shape[1]):
            near = min(most, np.float32(4.0) * min(max(depth[y, x] - close[y, x], none), reach))
            around = min(most, np.float32(2.2) * min(max(depth[y, x] - wide[y // 2, x // 2], none), reach))
            out[y, x] = 1 - (1 - near) * (1 - around)
    return out


@numba.njit(cache=True, fastmath=True)
def _dim(colour: np.ndarray, inside: np.ndarray, shade: np.ndarray) -> None:
    """Take a share of their light, given at half their resolution, from the inside samples."""
    for y in range(colour.shape[0]):
        for x in range(colour.shape[1]):
            if inside[y, x]:
                factor = 1 - shade[y // 2, x // 2]
                for k in range(3):
                    colour[y, x, k] *= factor


@numba.njit(cache=True, fastmath=True)
def _blend(colour: np.ndarray, rows: np.ndarray, columns: np.ndarray, light: np.ndarray, alpha: float) -> None:
    """Write light (N, 3) to samples; a share ``alpha`` of what was there stays."""
    for n in range(rows.shape[0]):
        for k in range(3):
            below = colour[rows[n], columns[n], k]
            colour[rows[n], columns[n], k] = light[n, k] + alpha * (below - light[n, k])


def camera_for(camera: Camera, supersampling: int) -> Camera:
    """The same camera counting samples instead of pixels."""
    size = (camera.size[0] * supersampling, camera.size[1] * supersampling)
    return Camera(camera.centre, camera.height_m, size, camera.distance, camera.turn_deg)
