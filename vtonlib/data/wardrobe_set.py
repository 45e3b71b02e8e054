"""The wardrobe at a size: the shipped set up to 128 x 96, a set that is rendered once for larger pictures."""

from __future__ import annotations

import os
from pathlib import Path

from vtonlib.data.cache import cache_folder
from vtonlib.data.mini import wardrobe_mini

SHIPPED = (128, 96)
"""(height, width) of the shipped set's pictures."""
SEED, PEOPLE = 2026, {"train": 1240, "test": 200}
"""What the shipped set was rendered with; a larger one shows the same people."""


def wardrobe_set(size: tuple[int, int]) -> Path:
    """Folder of the wardrobe for pictures of a size, which smaller ones are resized from.

    Args:
        size: (height, width).

    Raises:
        VtonError: if a set must be rendered and the extra ``render`` is not installed, or the disk is full.
    """
    if size <= SHIPPED:
        return wardrobe_mini()
    from vtonlib.wardrobe.build import render_set  # needs the extra, which the shipped set does without

    folder = cache_folder() / f"wardrobe-{size[0]}x{size[1]}"
    for split, people in PEOPLE.items():
        render_set(folder, people, size, jobs=os.cpu_count() or 1, seed=SEED, split=split)
    return folder
