"""Thin-plate splines: the smoothest maps of the plane that take given points to given places.

A spline is an affine map plus a sum of kernels round its nodes, f(p) = a + A p + sum_n w_n U(|p - node_n|), with
U(r) = r^2 log r and U(0) = 0. Among all maps through the same points it has the least bending energy, the integral
over the plane of f_xx^2 + 2 f_xy^2 + f_yy^2, summed over both coordinates of f (Bookstein 1989, IEEE TPAMI 11(6);
Duchon 1977). Some codes write U(r) = r^2 log r^2, which is twice ours: the weights halve, the map is the same.

:class:`LatticeTps` is for networks, whose nodes never move; :func:`fit_thin_plate` takes any points.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from vtonlib.errors import VtonError
from vtonlib.geometry.sampling import identity_grid

ROWS_AT_ONCE = 64
"""Rows of the grid whose kernels are computed together, so that a large grid needs little memory beyond its matrix."""

KERNELS_AT_ONCE = 2**15
"""Kernels of a spline that are computed together: these stay in a core's cache, a whole grid's do not."""

ENERGY = 8 * math.pi
"""Bending energy over w' K w: U / (8 pi) is the fundamental solution of the biharmonic equation."""


class LatticeTps(nn.Module):
    """Thin-plate splines with nodes on a regular lattice over [-1, 1]^2: the warp of CP-VTON.

    The grid depends linearly on the displacements of the nodes, and the nodes are the same for every picture. So the
    system is solved once, in float64, and what is left of it is one matrix (H * W, N): a warp costs one product of
    matrices, and gradients flow back through it. The matrix takes H * W * N numbers, 4.9 MB at 256 x 192 with 25 nodes,
    and is no part of a state dict.

    CP-VTON's numbering (Wang et al. 2018, arXiv:1807.07688, after Rocco et al. 2017, arXiv:1703.05593): x slow, y fast.
    With R rows of nodes, node n stands in column n // R and row n % R; nodes 0, 1, 2 go down the left edge.

    Args:
        lattice: (rows, columns) of nodes, each at least 2.
        size: (height, width) of the grid.
        regularisation: 0 takes the nodes exactly where they are sent; more lets them miss and bends less. It stands on
            the diagonal of the kernel's matrix, in units of r^2, as in :func:`fit_thin_plate`.
        dtype: of the matrix and of the grid.

    Attributes:
        nodes: (N, 2) x and y.
        basis: (H * W, N), from displacements of the nodes to displacements of the grid.
        bending: (N, N), the symmetric form of the bending energy.

    Raises:
        VtonError: if the lattice or the regularisation cannot be used.
    """

    nodes: Tensor
    basis: Tensor
    bending: Tensor
    identity: Tensor

    def __init__(
        self,
        lattice: tuple[int, int] = (5, 5),
        size: tuple[int, int] = (256, 192),
        regularisation: float = 0.0,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__()
        if min(lattice) < 2:
            raise VtonError(f"lattice: is {tuple(lattice)}; give at least two rows and two columns of nodes")
        self.lattice, self.size, self.regularisation = lattice, size, regularisation
        nodes = lattice_nodes(lattice)
        from_targets = _inverse_system(nodes, regularisation)[:, : len(nodes)]
        blocks = identity_grid(size, dtype=torch.float64).split(ROWS_AT_ONCE)
        basis = torch.cat([_terms(rows.flatten(0, 1), nodes) @ from_targets for rows in blocks])
        weights = from_targets[: len(nodes)]
        bending = ENERGY * weights.T @ kernel(nodes, nodes) @ weights
        held = {"nodes": nodes, "basis": basis, "bending": bending, "identity": identity_grid(size, dtype=dtype)}
        for name, tensor in held.items():
            self.register_buffer(name, tensor.to(dtype), persistent=False)

    def forward(self, offsets: Tensor) -> Tensor:
        """The grid (B, H, W, 2) for displacements (B, N, 2) of the nodes, in [-1, 1] units; zeros give the identity.

        It is computed in the type of the matrix even under autocast, since half precision misplaces pixels.

        Raises:
            VtonError: if the offsets have another shape.
        """
        self._check(offsets)
        # One product for the whole batch, (2 B, N) by (N, H * W): a product for each picture takes five times as long.
        with torch.autocast(offsets.device.type, enabled=False):
            moved = offsets.to(self.basis.dtype).mT.flatten(0, 1) @ self.basis.T
        return (moved.view(-1, 2, len(self.basis)).mT + self.identity.flatten(0, 1)).view(-1, *self.size, 2)

    def offsets_from_theta(self, theta: Tensor) -> Tensor:
        """Displacements (B, N, 2) from CP-VTON's vector (B, 2 N): first all x, then all y, in the nodes' order.

        CNNGeometric's vectors hold places instead of displacements: subtract :attr:`nodes` from the result.
        """
        number = len(self.nodes)
        if theta.dim() != 2 or theta.shape[1] != 2 * number:
            raise VtonError(f"theta: is {tuple(theta.shape)}; this lattice of {self.lattice} takes (B, {2 * number})")
        return theta.view(-1, 2, number).transpose(1, 2)

    def bending_energy(self, offsets: Tensor) -> Tensor:
        """The bending energy (B,) of the splines with these displacements (B, N, 2); affine maps have none."""
        self._check(offsets)
        offsets = offsets.to(self.bending.dtype)
        return (offsets * (self.bending @ offsets)).sum((1, 2))

    def spline(self, offsets: Tensor) -> ThinPlate:
        """The same splines as functions of any points: to move key points, or to draw a mesh."""
        self._check(offsets)
        return fit_thin_plate(self.nodes.expand_as(offsets), self.nodes + offsets, self.regularisation)

    def at(self, size: tuple[int, int]) -> LatticeTps:
        """The same spline for pictures of another size: offsets that were found low are applied at full size."""
        return LatticeTps(self.lattice, size, self.regularisation, self.basis.dtype).to(self.basis.device)

    def extra_repr(self) -> str:
        """Settings, for ``print``."""
        return f"lattice={self.lattice}, size={self.size}, regularisation={self.regularisation}"

    def _check(self, offsets: Tensor) -> None:
        if offsets.dim() != 3 or offsets.shape[1:] != self.nodes.shape:
            raise VtonError(
                f"offsets: are {tuple(offsets.shape)}; this lattice of {self.lattice} takes (B, {len(self.nodes)}, 2)"
            )


def lattice_nodes(lattice: tuple[int, int]) -> Tensor:
    """Nodes (N, 2) float64 of a lattice of (rows, columns) over [-1, 1]^2, in CP-VTON's order: x slow, y fast."""
    rows, columns = (torch.linspace(-1, 1, side, dtype=torch.float64) for side in lattice)
    x, y = torch.meshgrid(columns, rows, indexing="ij")
    return torch.stack([x, y], -1).flatten(0, 1)


@dataclass(frozen=True, eq=False)
class ThinPlate:
    """One spline, or a batch of them.

    Attributes:
        nodes: (N, 2) or (B, N, 2) float64.
        weights: of the kernels, of the nodes' shape; they sum to zero and so do their products with the nodes.
        affine: (3, 2) or (B, 3, 2) float64: the constant, the factors of x, the factors of y.
        dtype: of the points that it was fitted to.
    """

    nodes: Tensor
    weights: Tensor
    affine: Tensor
    dtype: torch.dtype

    def __call__(self, points: Tensor) -> Tensor:
        """Where points go; computed in float64, given back in the points' type.

        Args:
            points: (..., 2) for one spline. For a batch (M, 2), the same for all, or (B, ..., 2).

        Returns:
            The points' shape, or (B, M, 2) for shared points.

        Raises:
            VtonError: if the points do not fit the batch.
        """
        batched = self.nodes.dim() == 3
        alone = batched and points.dim() < 2  # one point for many splines
        if alone or points.shape[-1] != 2 or (batched and points.dim() != 2 and len(points) != len(self.nodes)):
            raise VtonError(f"points: are {tuple(points.shape)}; nodes are {tuple(self.nodes.shape)}")
        flat = points.to(torch.float64)
        flat = flat.flatten(1, -2) if batched and points.dim() > 3 else flat if batched else flat.reshape(-1, 2)
        parts = flat.split(max(1, KERNELS_AT_ONCE // self.nodes.shape[-2]), -2)
        factors = torch.cat([self.weights, self.affine], -2)
        moved = torch.cat([_terms(part, self.nodes) @ factors for part in parts], -2)
        shared = batched and points.dim() == 2
        return (moved if shared else moved.reshape(points.shape)).to(points.dtype)

    def grid(self, size: tuple[int, int]) -> Tensor:
        """The sampling grid (B, H, W, 2) of a spline over [-1, 1]^2, in the type it was fitted in; B is 1 for one."""
        points = identity_grid(size, self.nodes.device, torch.float64).flatten(0, 1)
        return self(points).view(-1, *size, 2).to(self.dtype)

    def bending_energy(self) -> Tensor:
        """The bending energy () or (B,), float64: 8 pi w' K w, summed over both coordinates."""
        return ENERGY * (self.weights * (kernel(self.nodes, self.nodes) @ self.weights)).sum((-2, -1))


def fit_thin_plate(source: Tensor, target: Tensor, regularisation: float = 0.0) -> ThinPlate:
    """The spline that takes source points to target points.

    It solves (K + regularisation I) w + P a = target and P' w = 0, where K_mn = U(|source_m - source_n|) and the rows
    of P are (1, x, y). This minimises sum_n |f(source_n) - target_n|^2 + regularisation / (8 pi) * (bending energy).
    The same regularisation is ``smoothing`` in :class:`scipy.interpolate.RBFInterpolator`. The system is solved in
    float64; gradients flow to both sets of points.

    Args:
        source: (N, 2) or (B, N, 2), the nodes; three or more that do not lie on one line.
        target: of the same shape.
        regularisation: 0 meets every target; it has the units of a squared distance.

    Raises:
        VtonError: if the shapes differ, a point is not finite, the regularisation is negative, the nodes lie on one
            line, or two nodes are the same and the regularisation is 0.
    """
    if source.shape != target.shape or source.dim() not in (2, 3) or source.shape[-1] != 2:
        raise VtonError(
            f"source is {tuple(source.shape)}, target {tuple(target.shape)}; give two equal (N, 2) or (B, N, 2)"
        )
    dtype = torch.promote_types(source.dtype, target.dtype)
    nodes, places = source.to(torch.float64), target.to(torch.float64)
    _check_nodes(nodes, regularisation)
    if not bool(places.isfinite().all()):
        raise VtonError("target: holds a point that is not finite; leave such pairs out")
    number = nodes.shape[-2]
    right = torch.cat([places, places.new_zeros(*places.shape[:-2], 3, 2)], -2)
    solved = torch.linalg.solve(_system(nodes, regularisation), right)
    return ThinPlate(nodes, solved[..., :number, :], solved[..., number:, :], dtype)


def kernel(points: Tensor, nodes: Tensor) -> Tensor:
    """U(|point - node|) with U(r) = r^2 log r: (..., M, 2) and (..., N, 2) give (..., M, N)."""
    x = points[..., :, None, 0] - nodes[..., None, :, 0]
    y = points[..., :, None, 1] - nodes[..., None, :, 1]
    squared = torch.addcmul(x * x, y, y)
    # The smallest number instead of 0: U and its gradient are 0 at a node, where r^2 log r itself would give NaN.
    return squared * squared.clamp_min(torch.finfo(squared.dtype).tiny).log() / 2


def _terms(points: Tensor, nodes: Tensor) -> Tensor:
    """What a spline is linear in: kernels, 1, x and y of each point; (..., M, 2) gives (..., M, N + 3)."""
    kernels = kernel(points, nodes)
    plane = torch.cat([torch.ones_like(points[..., :1]), points], -1)
    return torch.cat([kernels, plane.expand(*kernels.shape[:-1], 3)], -1)


def _system(nodes: Tensor, regularisation: float) -> Tensor:
    """The symmetric matrix (..., N + 3, N + 3) of the spline's linear system."""
    number = nodes.shape[-2]
    top = _terms(nodes, nodes)
    diagonal = regularisation * torch.eye(number, number + 3, dtype=nodes.dtype, device=nodes.device)
    corner = nodes.new_zeros(*nodes.shape[:-2], 3, 3)
    return torch.cat([top + diagonal, torch.cat([top[..., number:].mT, corner], -1)], -2)


def _inverse_system(nodes: Tensor, regularisation: float) -> Tensor:
    _check_nodes(nodes, regularisation)
    inverse: Tensor = torch.linalg.inv(_system(nodes, regularisation))
    return inverse


def _check_nodes(nodes: Tensor, regularisation: float) -> None:
    if not regularisation >= 0:
        raise VtonError(f"regularisation: is {regularisation}; give 0 or more")
    if not bool(nodes.isfinite().all()):
        raise VtonError("source: holds a point that is not finite; leave such pairs out")
    if nodes.shape[-2] < 3:
        raise VtonError(f"source: holds {nodes.shape[-2]} points; a thin-plate spline needs 3 or more")
    spread = torch.linalg.svdvals(nodes.detach() - nodes.detach().mean(-2, keepdim=True))
    if bool((spread[..., 1] <= 1e-9 * spread[..., 0]).any()):
        raise VtonError("source: its points lie on one line; add one beside it")
    distances = (nodes[..., :, None, :] - nodes[..., None, :, :]).detach().abs().amax(-1)
    apart = distances + torch.eye(nodes.shape[-2], dtype=nodes.dtype, device=nodes.device)
    if regularisation == 0 and bool((apart == 0).any()):
        raise VtonError("source: holds the same point twice; leave one out, or give a regularisation above 0")
