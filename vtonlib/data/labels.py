"""Label sets of human parsing: which number means which part of the picture.

LIP-20 (Gong et al. 2017, arXiv:1703.05446) is the one that the book's samples carry; it has no label for the neck, so a
sample has a mask for it beside the labels.
"""

from __future__ import annotations

LIP_20 = (
    "background", "hat", "hair", "glove", "sunglasses", "upper_clothes", "dress", "coat", "socks", "pants",
    "jumpsuits", "scarf", "skirt", "face", "left_arm", "right_arm", "left_leg", "right_leg", "left_shoe", "right_shoe",
)  # fmt: skip
"""Names of the 20 labels in the order of their numbers; left and right are the person's."""

LIP = {name: number for number, name in enumerate(LIP_20)}
"""Number of each label."""

LIP_PALETTE = (
    (0, 0, 0), (128, 0, 0), (255, 0, 0), (0, 85, 0), (170, 0, 51), (255, 85, 0), (0, 0, 85), (0, 119, 221),
    (85, 85, 0), (0, 85, 85), (85, 51, 0), (52, 86, 128), (0, 128, 0), (0, 0, 255), (51, 170, 221), (0, 255, 255),
    (85, 255, 170), (170, 255, 85), (255, 255, 0), (255, 170, 0),
)  # fmt: skip
"""RGB colours in 0..255 that parsers of LIP give their label pictures."""
