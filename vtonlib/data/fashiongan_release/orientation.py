"""Whether label maps and pictures stand upright: a file with other axes than expected is not damaged, only useless.

The release has one such file, ``G1.h5``, whose maps are those of ``G2.h5`` with rows and columns in the other order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vtonlib.data.label_sets import FASHIONGAN_7

BODY = ("upper_clothes", "pants", "legs", "arms")


def is_upright(labels: NDArray[np.uint8]) -> bool | None:
    """Whether hair begins above the face, and the body's centre lies further below the face's than beside it.

    Args:
        labels: (H, W) numbers of :data:`vtonlib.data.label_sets.FASHIONGAN_7`.

    Returns:
        None if the map lacks hair, face or body.
    """
    masks = [np.isin(labels, [FASHIONGAN_7.number(name) for name in names]) for names in (("hair",), ("face",), BODY)]
    if not all(mask.any() for mask in masks):
        return None
    hair, face, body = (np.argwhere(mask) for mask in masks)
    down, aside = body.mean(axis=0) - face.mean(axis=0)
    return bool(hair[:, 0].min() < face[:, 0].min() and down > abs(aside))


def agreement(image: NDArray[np.uint8], labels: NDArray[np.uint8]) -> float:
    """How well the labels cover what is seen: correlation of "is labelled" with "differs from the border", in [-1, 1].

    Args:
        image: (H, W, 3), before a plain background.
        labels: (H, W), 0 is background.

    Returns:
        0 if the picture has one colour or the map one label.
    """
    border = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    distance = np.abs(image - np.median(border, axis=0)).sum(axis=-1)
    covered = (labels > 0).astype(float)
    if not (np.ptp(distance) and np.ptp(covered)):
        return 0.0
    return float(np.corrcoef(distance.ravel(), covered.ravel())[0, 1])
