"""From samples to pixels: the passes over whole buffers, (H ss, W ss) with ss x ss samples a pixel."""

from __future__ import annotations

import math

import numba
import numpy as np


@numba.njit(cache=True)
def repeated(pixels: np.ndarray, ss: int) -> np.ndarray:
    """Pixels (H, W, 3) to samples (H ss, W ss, 3), all of a pixel alike."""
    out = np.empty((pixels.shape[0] * ss, pixels.shape[1] * ss, 3), pixels.dtype)
    for y in range(out.shape[0]):
        for x in range(pixels.shape[1]):
            for i in range(ss):
                for k in range(3):
                    out[y, x * ss + i, k] = pixels[y // ss, x, k]
    return out


@numba.njit(cache=True, fastmath=True)
def picture(colour: np.ndarray, seen: np.ndarray, ss: int) -> np.ndarray:
    """Linear light (H ss, W ss, 3) to sRGB bytes (H, W, 3).

    Where anything is drawn (``seen`` >= 0), a pixel is a mean of its own samples and, with a quarter of the weight, of
    the ring around them. It is taken in sRGB, where steps between a dark and a light surface look even; in linear light
    dark edges look jagged. Elsewhere all samples of a pixel are alike, and one of them is enough.
    """
    rows, columns = seen.shape
    out = np.empty((rows // ss, columns // ss, 3), np.uint8)
    ring, zero, one, half = np.float32(0.25), np.float32(0), np.float32(1), np.float32(0.5)
    scale = np.float32(255 / (ss + 0.5) ** 2)
    light = colour.reshape(rows, 3 * columns)
    root = np.empty((rows, 3 * columns), np.float32)
    for r in range(rows):
        for c in range(3 * columns):
            root[r, c] = np.sqrt(min(max(light[r, c], zero), one))
    down = np.empty(3 * columns, np.float32)  # a pixel's rows, summed
    drawn = np.empty(columns, np.bool_)
    for y in range(rows // ss):
        drawn[:] = False
        down[:] = 0
        for j in range(-1, ss + 1):
            r = min(max(y * ss + j, 0), rows - 1)
            share = ring if j < 0 or j == ss else one
            for c in range(columns):
                drawn[c] |= seen[r, c] >= 0
            for c in range(3 * columns):
                down[c] += share * root[r, c]
        for x in range(columns // ss):
            left, right = max(x * ss - 1, 0), min(x * ss + ss, columns - 1)
            near = False
            for c in range(left, right + 1):
                near |= drawn[c]
            for k in range(3):
                if near:
                    total = ring * (down[3 * left + k] + down[3 * right + k])
                    for i in range(ss):
                        total += down[3 * (x * ss + i) + k]
                    out[y, x, k] = np.uint8(scale * total + half)
                else:
                    out[y, x, k] = np.uint8(255 * root[y * ss, 3 * x * ss + k] + half)
    return out


@numba.njit(cache=True)
def share_of(chosen: np.ndarray, ss: int) -> np.ndarray:
    """Samples (H ss, W ss) bool to the share of each pixel's samples that are chosen, (H, W) float32."""
    out = np.zeros((chosen.shape[0] // ss, chosen.shape[1] // ss), np.float32)
    for y in range(out.shape[0]):
        for j in range(ss):
            for x in range(out.shape[1]):
                for i in range(ss):
                    out[y, x] += chosen[y * ss + j, x * ss + i]
    return out / np.float32(ss * ss)


@numba.njit(cache=True)
def samples_by_layer(seen: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows and columns of the samples, sorted by layer, and where each layer's begin, (count + 1,)."""
    begins = np.zeros(count + 2, np.int64)
    for y in range(seen.shape[0]):
        for x in range(seen.shape[1]):
            begins[seen[y, x] + 2] += 1
    begins[1] = 0  # samples of the background are left out
    for n in range(2, count + 2):
        begins[n] += begins[n - 1]
    total = begins[count + 1]
    rows, columns = np.empty(total, np.int32), np.empty(total, np.int32)
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
def majority(part: np.ndarray, ss: int, labels: int) -> np.ndarray:
    """The commonest of ``labels`` labels in each pixel, (H, W) uint8; of equally common ones the one seen first."""
    h, w = part.shape[0] // ss, part.shape[1] // ss
    out = np.zeros((h, w), np.uint8)
    counts = np.zeros(labels, np.int64)
    for y in range(h):
        for x in range(w):
            best = part[y * ss, x * ss]
            alike = True
            for j in range(ss):
                for i in range(ss):
                    alike &= part[y * ss + j, x * ss + i] == best
            if not alike:
                counts[:] = 0
                for j in range(ss):
                    for i in range(ss):
                        counts[part[y * ss + j, x * ss + i]] += 1
                for j in range(ss):
                    for i in range(ss):
                        label = part[y * ss + j, x * ss + i]
                        if counts[label] > counts[best]:
                            best = label
            out[y, x] = best
    return out


_APART = 6
"""In-shop pixels between places that lie on different pieces of the cloth, as a sleeve and the trunk behind it."""


@numba.njit(cache=True)
def mean_known(match: np.ndarray, ss: int) -> np.ndarray:
    """Mean in-shop pixel (H, W, 2) of the samples that have one, if at least half of them have, else NaN.

    Where a pixel sees two pieces of the cloth, it is the mean over the one that most of its samples see: midway
    between both there may be no cloth at all.
    """
    h, w = match.shape[0] // ss, match.shape[1] // ss
    out = np.full((h, w, 2), np.nan, np.float32)
    places = np.empty((ss * ss, 2), np.float32)
    for y in range(h):
        for x in range(w):
            known = 0
            for j in range(ss):
                for i in range(ss):
                    if not np.isnan(match[y * ss + j, x * ss + i, 0]):
                        places[known] = match[y * ss + j, x * ss + i]
                        known += 1
            if 2 * known < ss * ss:
                continue
            most = 0
            for n in range(known):
                count, a, b = 0, 0.0, 0.0
                for m in range(known):
                    apart = max(abs(places[m, 0] - places[n, 0]), abs(places[m, 1] - places[n, 1]))
                    if apart < _APART * ss:
                        count += 1
                        a += places[m, 0]
                        b += places[m, 1]
                if count > most:
                    most = count
                    # From samples of the in-shop picture to its pixels, whose centres are whole numbers.
                    out[y, x, 0] = a / count / ss - 0.5
                    out[y, x, 1] = b / count / ss - 0.5
    return out


def blur(values: np.ndarray, radius: float, truncate: float) -> np.ndarray:
    """Values (H, W) float32 blurred by a bell of ``radius``, cut off at ``truncate`` radii; zero lies outside."""
    reach = int(truncate * radius + 0.5)
    bell = np.array([math.exp(-0.5 * (k / radius) ** 2) for k in range(-reach, reach + 1)])
    return np.asarray(_blur(values, (bell / bell.sum()).astype(np.float32)))


@numba.njit(cache=True, fastmath=True)
def _blur(values: np.ndarray, bell: np.ndarray) -> np.ndarray:
    h, w = values.shape
    reach = bell.shape[0] // 2
    out = np.zeros((h, w), np.float32)
    line = np.zeros(w + 2 * reach, np.float32)
    for y in range(h):
        inner = line[reach : reach + w]
        inner[:] = 0
        for j in range(max(-reach, -y), min(reach, h - 1 - y) + 1):
            share, other = bell[reach + j], values[y + j]
            for x in range(w):
                inner[x] += share * other[x]
        target = out[y]
        for i in range(bell.shape[0]):
            share, shifted = bell[i], line[i : i + w]
            for x in range(w):
                target[x] += share * shifted[x]
    return out
