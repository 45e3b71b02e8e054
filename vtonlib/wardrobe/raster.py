"""A z-buffer: which triangle of which layer is seen at each sample, and where in the triangle.

The picture is drawn in two steps (deferred): first :func:`draw` fills the buffers of a :class:`Frame`, layer by
layer; then each layer is shaded once per visible sample. Buffers are (H, W) at the supersampled size.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numba
import numpy as np

NO_CUT = np.zeros((0, 0), np.float32)


@dataclass(frozen=True)
class Frame:
    """The buffers: ``depth`` in metres (inf where empty), ``layer`` (-1 where empty), ``triangle``, ``bary`` (H, W, 2).

    ``bary`` holds the weights of the triangle's first and second corner; the third is one minus both.
    """

    depth: np.ndarray
    layer: np.ndarray
    triangle: np.ndarray
    bary: np.ndarray

    @classmethod
    def empty(cls, size: tuple[int, int]) -> Frame:
        """Buffers of ``size`` (height, width), with nothing drawn."""
        return cls(
            depth=np.full(size, np.inf, np.float32),
            layer=np.full(size, -1, np.int8),
            triangle=np.zeros(size, np.int32),
            bary=np.zeros((*size, 2), np.float32),
        )


def draw(
    frame: Frame,
    screen: np.ndarray,
    triangles: np.ndarray,
    layer: int,
    cut: np.ndarray = NO_CUT,
    nearer: float = 0.0,
    closed: bool = False,
) -> None:
    """Draw triangles (F, 3) over screen points (V, 3) into the frame.

    Args:
        frame: the buffers; changed in place.
        screen: x, y in samples, depth in metres.
        triangles: indices of corners; both sides are drawn, unless ``closed``.
        layer: the number to leave in ``frame.layer``.
        cut: (V, C) signed fields; a sample is kept only where all C, interpolated, are >= 0. So a hem or a neckline
            is as smooth as its field, and not as the triangles.
        nearer: metres by which the layer wins over others at equal depth; keeps thin cloth in front of skin.
        closed: the surface has no holes through which its inner side could be seen, so that side is skipped.
    """
    _draw(screen, triangles, cut, layer, nearer, closed, frame.depth, frame.layer, frame.triangle, frame.bary)


@numba.njit(cache=True, fastmath=True)
def _draw(
    screen: np.ndarray,
    triangles: np.ndarray,
    cut: np.ndarray,
    layer: int,
    nearer: float,
    closed: bool,
    depth: np.ndarray,
    layers: np.ndarray,
    seen: np.ndarray,
    bary: np.ndarray,
) -> None:
    height, width = depth.shape
    fields = cut.shape[1]
    for t in range(triangles.shape[0]):
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        ax, ay = screen[a, 0], screen[a, 1]
        bx, by = screen[b, 0], screen[b, 1]
        cx, cy = screen[c, 0], screen[c, 1]
        x0 = max(0, math.ceil(min(ax, bx, cx) - 0.5))
        x1 = min(width - 1, math.floor(max(ax, bx, cx) - 0.5))
        y0 = max(0, math.ceil(min(ay, by, cy) - 0.5))
        y1 = min(height - 1, math.floor(max(ay, by, cy) - 0.5))
        if x0 > x1 or y0 > y1:
            continue
        hidden = False  # all corners cut away by one field: nothing of the triangle can be kept
        for k in range(fields):
            if cut[a, k] < 0 and cut[b, k] < 0 and cut[c, k] < 0:
                hidden = True
        if hidden:
            continue
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        if area == 0 or (closed and area > 0):
            continue
        inverse = 1 / area
        za, zb, zc = screen[a, 2], screen[b, 2], screen[c, 2]
        for y in range(y0, y1 + 1):
            py = y + np.float32(0.5)
            for x in range(x0, x1 + 1):
                px = x + np.float32(0.5)
                wa = ((bx - px) * (cy - py) - (by - py) * (cx - px)) * inverse
                wb = ((cx - px) * (ay - py) - (cy - py) * (ax - px)) * inverse
                wc = 1 - wa - wb
                if wa < 0 or wb < 0 or wc < 0:
                    continue
                z = wa * za + wb * zb + wc * zc - nearer
                if z >= depth[y, x]:
                    continue
                kept = True
                for k in range(fields):
                    if wa * cut[a, k] + wb * cut[b, k] + wc * cut[c, k] < 0:
                        kept = False
                        break
                if kept:
                    depth[y, x] = z
                    layers[y, x] = layer
                    seen[y, x] = t
                    bary[y, x, 0] = wa
                    bary[y, x, 1] = wb


@numba.njit(cache=True, fastmath=True)
def interpolate(
    rows: np.ndarray,
    columns: np.ndarray,
    seen: np.ndarray,
    bary: np.ndarray,
    triangles: np.ndarray,
    values: np.ndarray,
) -> np.ndarray:
    """Values (V, C) at the corners of ``triangles`` (F, 3) to values (N, C) at the samples (rows, columns)."""
    channels = values.shape[1]
    out = np.empty((rows.shape[0], channels), np.float32)
    for n in range(rows.shape[0]):
        y, x = rows[n], columns[n]
        t = seen[y, x]
        wa, wb = bary[y, x, 0], bary[y, x, 1]
        wc = np.float32(1) - wa - wb  # a whole number would make all of it double precision
        first, second, third = values[triangles[t, 0]], values[triangles[t, 1]], values[triangles[t, 2]]
        row = out[n]
        for k in range(channels):
            row[k] = wa * first[k] + wb * second[k] + wc * third[k]
    return out
