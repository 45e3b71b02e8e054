"""How often a picture is halved before it is a given number of cells."""

from __future__ import annotations

from vtonlib.errors import VtonError


def halvings(size: tuple[int, int], cells: tuple[int, int]) -> int:
    """The k >= 1 with size = 2^k cells.

    Args:
        size: (height, width) of the picture.
        cells: (rows, columns) of the map.

    Raises:
        VtonError: if there is none.
    """
    for count in range(1, 10):
        if size == (cells[0] << count, cells[1] << count):
            return count
    some = ", ".join(str((cells[0] << count, cells[1] << count)) for count in (2, 3, 4))
    raise VtonError(f"size is {size}; give {cells[0]} x {cells[1]} doubled once or more often, such as {some}")
