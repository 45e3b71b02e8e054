"""Draws ribbons into a frame: :func:`raster.draw` for very thin triangles.

A strand's triangle is one or two samples wide but may be long and slanting, so its bounding box is nearly empty. Here
each row is asked where the triangle begins and ends. A triangle whose corners and middle all lie behind what is drawn
already is left out, as most of a thick head of hair is.
"""

from __future__ import annotations

import math

import numba
import numpy as np

from vtonlib.wardrobe.raster import Frame


def draw_ribbons(frame: Frame, screen: np.ndarray, triangles: np.ndarray, layer: int) -> None:
    """Draw triangles (F, 3) over screen points (V, 3) into the frame, as :func:`raster.draw` does.

    Draw what can hide hair first: the body and the scalp.
    """
    _draw(screen, triangles, layer, frame.depth, frame.layer, frame.triangle, frame.bary)


@numba.njit(cache=True, fastmath=True, inline="always")
def _hidden(x: float, y: float, z: float, depth: np.ndarray) -> bool:
    """Whether a point lies outside the picture or behind what is drawn."""
    column, row = math.floor(x), math.floor(y)
    if row < 0 or column < 0 or row >= depth.shape[0] or column >= depth.shape[1]:
        return True
    return bool(depth[row, column] < z)


@numba.njit(cache=True, fastmath=True)
def _draw(
    screen: np.ndarray,
    triangles: np.ndarray,
    layer: int,
    depth: np.ndarray,
    layers: np.ndarray,
    seen: np.ndarray,
    bary: np.ndarray,
) -> None:
    height, width = depth.shape
    for t in range(triangles.shape[0]):
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        ax, ay = screen[a, 0], screen[a, 1]
        bx, by = screen[b, 0], screen[b, 1]
        cx, cy = screen[c, 0], screen[c, 1]
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        if abs(area) < 1e-9:
            continue
        x0, x1 = max(0.0, min(ax, bx, cx) - 0.5), min(width - 1.0, max(ax, bx, cx) - 0.5)
        y0 = max(0, math.ceil(min(ay, by, cy) - 0.5))
        y1 = min(height - 1, math.floor(max(ay, by, cy) - 0.5))
        if y0 > y1:
            continue
        za, zb, zc = screen[a, 2], screen[b, 2], screen[c, 2]
        third = np.float32(1 / 3)
        if (
            _hidden(ax, ay, za, depth)
            and _hidden(bx, by, zb, depth)
            and _hidden(cx, cy, zc, depth)
            and _hidden((ax + bx + cx) * third, (ay + by + cy) * third, (za + zb + zc) * third, depth)
        ):
            continue
        inverse = 1 / area
        # The weights of the first two corners are linear in x along a row.
        ga, gb = (by - cy) * inverse, (cy - ay) * inverse
        for y in range(y0, y1 + 1):
            py = y + np.float32(0.5)
            fa = ((bx - 0.5) * (cy - py) - (by - py) * (cx - 0.5)) * inverse
            fb = ((cx - 0.5) * (ay - py) - (cy - py) * (ax - 0.5)) * inverse
            low, high = x0, x1
            for f, g in ((fa, ga), (fb, gb), (1 - fa - fb, -ga - gb)):
                if g > 1e-12:
                    low = max(low, -f / g)
                elif g < -1e-12:
                    high = min(high, -f / g)
                elif f < 0:
                    high = -1.0
            for x in range(math.ceil(low), math.floor(high) + 1):
                wa, wb = fa + ga * x, fb + gb * x
                z = wa * za + wb * zb + (1 - wa - wb) * zc
                if z < depth[y, x]:
                    depth[y, x] = z
                    layers[y, x] = layer
                    seen[y, x] = t
                    bary[y, x, 0] = wa
                    bary[y, x, 1] = wb
