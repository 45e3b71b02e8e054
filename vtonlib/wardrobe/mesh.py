"""Triangle meshes: normals, subdivision, and the averages that smooth them."""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
from scipy.sparse import coo_matrix, csr_matrix, diags, vstack


@numba.njit(cache=True, fastmath=True)
def normals(vertices: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """Area-weighted unit normals (V, 3) of vertices (V, 3) with triangles (F, 3)."""
    out = np.zeros_like(vertices)
    for t in range(triangles.shape[0]):
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        ux, uy, uz = vertices[b, 0] - vertices[a, 0], vertices[b, 1] - vertices[a, 1], vertices[b, 2] - vertices[a, 2]
        vx, vy, vz = vertices[c, 0] - vertices[a, 0], vertices[c, 1] - vertices[a, 1], vertices[c, 2] - vertices[a, 2]
        nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
        for v in (a, b, c):
            out[v, 0] += nx
            out[v, 1] += ny
            out[v, 2] += nz
    for v in range(out.shape[0]):
        length = np.sqrt(out[v, 0] * out[v, 0] + out[v, 1] * out[v, 1] + out[v, 2] * out[v, 2]) + np.float32(1e-12)
        for k in range(3):
            out[v, k] /= length
    return out


@dataclass(frozen=True)
class Subdivision:
    """A mesh of quads split into four each: ``weights`` (N, V) sparse, ``quads`` (4Q, 4), ``triangles`` (8Q, 3).

    ``weights @ x`` carries anything from the old vertices to the new ones: positions (Catmull-Clark, so that the
    surface is round), or with ``linear`` fields that must not overshoot.
    """

    weights: csr_matrix
    linear: csr_matrix
    quads: np.ndarray
    triangles: np.ndarray


def subdivide(quads: np.ndarray, count: int) -> Subdivision:
    """Catmull-Clark subdivision of quads (Q, 4) over ``count`` vertices; borders keep to themselves."""
    quads = np.asarray(quads, np.int64)
    faces = len(quads)
    ends = np.stack([quads, np.roll(quads, -1, axis=1)], axis=2).reshape(-1, 2)
    edges, edge_of, uses = np.unique(np.sort(ends, axis=1), axis=0, return_inverse=True, return_counts=True)
    edge_of = edge_of.reshape(faces, 4)
    n_edges = len(edges)

    def sparse(rows: np.ndarray, columns: np.ndarray, values: np.ndarray, shape: tuple[int, int]) -> csr_matrix:
        return coo_matrix((values, (rows, columns)), shape=shape).tocsr()

    face_points = sparse(np.repeat(np.arange(faces), 4), quads.ravel(), np.full(4 * faces, 0.25), (faces, count))
    middles = sparse(np.repeat(np.arange(n_edges), 2), edges.ravel(), np.full(2 * n_edges, 0.5), (n_edges, count))
    edge_faces = sparse(edge_of.ravel(), np.repeat(np.arange(faces), 4), np.ones(4 * faces), (n_edges, faces))
    inner = uses == 2
    smooth_edges = 0.5 * middles + diags(0.5 / np.maximum(uses, 1)) @ edge_faces @ face_points
    edge_points = diags(inner.astype(float)) @ smooth_edges + diags((~inner).astype(float)) @ middles

    touching = sparse(quads.ravel(), np.repeat(np.arange(faces), 4), np.ones(4 * faces), (count, faces))
    valence = np.maximum(np.asarray(touching.sum(axis=1)).ravel(), 1)
    vertex_edges = sparse(edges.ravel(), np.repeat(np.arange(n_edges), 2), np.ones(2 * n_edges), (count, n_edges))
    n_vertex_edges = np.maximum(np.asarray(vertex_edges.sum(axis=1)).ravel(), 1)
    own = sparse(np.arange(count), np.arange(count), np.ones(count), (count, count))
    mean_faces = diags(1 / valence) @ touching @ face_points
    mean_middles = diags(1 / n_vertex_edges) @ vertex_edges @ middles
    smooth_points = (
        diags(1 / valence) @ mean_faces + diags(2 / valence) @ mean_middles + diags((valence - 3) / valence) @ own
    )
    border_edges = vertex_edges @ diags((~inner).astype(float))
    n_border = np.asarray(border_edges.sum(axis=1)).ravel()
    border_points = 0.5 * own + 0.5 * (diags(1 / np.maximum(n_border, 1)) @ border_edges @ middles)
    on_border = n_border > 0
    points = diags((~on_border).astype(float)) @ smooth_points + diags(on_border.astype(float)) @ border_points

    around = np.stack([edge_of, np.roll(edge_of, 1, axis=1)], axis=2) + count + faces
    centre = np.repeat(np.arange(faces)[:, None] + count, 4, axis=1)
    new = np.stack([quads, around[..., 0], centre, around[..., 1]], axis=2).reshape(-1, 4).astype(np.int32)

    def stacked(parts: list[csr_matrix]) -> csr_matrix:
        return vstack(parts).tocsr().astype(np.float32)

    return Subdivision(
        weights=stacked([points, face_points, edge_points]),
        linear=stacked([own, face_points, middles]),
        quads=new,
        triangles=np.ascontiguousarray(new[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3)),
    )


def neighbour_mean(triangles: np.ndarray, count: int) -> csr_matrix:
    """The matrix (V, V) that replaces each vertex by the mean of its neighbours."""
    pairs = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    links = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    links = ((links + links.T) > 0).astype(np.float32)
    totals = np.maximum(np.asarray(links.sum(axis=1)).ravel(), 1)
    return (diags(1 / totals) @ links).tocsr().astype(np.float32)
