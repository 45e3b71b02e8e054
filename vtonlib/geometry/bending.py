"""What keeps a learned warp even: penalties that are zero for affine warps.

The third of the kind, the spline's own bending energy, is
:meth:`vtonlib.geometry.thin_plate.LatticeTps.bending_energy`.
"""

from __future__ import annotations

from torch import Tensor

from vtonlib.errors import VtonError


def grid_interval_loss(grid: Tensor) -> Tensor:
    """CP-VTON+'s regulariser of the dense grid, a scalar (Minar et al. 2020, CVPR workshops).

    Over interior pixels it sums the difference between the horizontal distances to the left and to the right
    neighbour, in x, and between the vertical ones to the upper and lower neighbour, in y. As in the authors' code the
    sum is divided by all B H W pixels, edges included; they weigh it with 40.

    Args:
        grid: (B, H, W, 2) in [-1, 1].

    Raises:
        VtonError: if the grid has another shape or no interior.
    """
    if grid.dim() != 4 or grid.shape[-1] != 2 or min(grid.shape[1:3]) < 3:
        raise VtonError(f"grid: is {tuple(grid.shape)}; give (B, H, W, 2) with three pixels or more on each side")
    x, y = grid[:, 1:-1, :, 0].diff(dim=2).abs(), grid[:, :, 1:-1, 1].diff(dim=1).abs()
    pixels = grid.shape[0] * grid.shape[1] * grid.shape[2]
    return (x.diff(dim=2).abs().sum() + y.diff(dim=1).abs().sum()) / pixels


def offset_smoothness(offsets: Tensor, lattice: tuple[int, int]) -> Tensor:
    """The mean square of the second differences of the nodes' displacements along the lattice's rows and columns.

    Ours, in the spirit of the smoothness terms that followed CP-VTON: it costs nothing where three neighbours stay on
    a line at equal distances.

    Args:
        offsets: (B, N, 2), in the order of :func:`vtonlib.geometry.thin_plate.lattice_nodes`.
        lattice: (rows, columns), each at least 3.

    Raises:
        VtonError: if the offsets do not fit the lattice or it has fewer than three rows or columns.
    """
    rows, columns = lattice
    if min(lattice) < 3 or offsets.dim() != 3 or offsets.shape[1:] != (rows * columns, 2):
        raise VtonError(
            f"offsets are {tuple(offsets.shape)}, lattice {tuple(lattice)}; give (B, rows * columns, 2), 3 x 3 or more"
        )
    field = offsets.view(-1, columns, rows, 2)
    return field.diff(n=2, dim=1).square().mean() + field.diff(n=2, dim=2).square().mean()
