"""Does a picture show what its sentence says? The share of pictures on which a detector sees it, for each attribute.

FashionGAN (Zhu et al. 2017, arXiv:1710.07346) judges re-dressed people so, with a detector of attributes.
"""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from vtonlib.errors import VtonError
from vtonlib.metrics.score import Score


def said(told: Mapping[str, Tensor], wanted: Mapping[str, Tensor]) -> dict[str, Score]:
    """Accuracy of each attribute.

    Args:
        told: by attribute, what a detector sees on N pictures: (N,) int64; more attributes than wanted do no harm.
        wanted: what the sentences say: (N,) int64.

    Raises:
        VtonError: if an attribute that is wanted was not told, or their numbers differ.
    """
    scores = {}
    for name, values in wanted.items():
        if name not in told or told[name].shape != values.shape:
            found = tuple(told[name].shape) if name in told else "missing"
            raise VtonError(f"attribute {name!r} is {found}; the detector must tell it of all {len(values)} pictures")
        right = (told[name] == values).float().mean().item()
        scores[name] = Score(right, f"{len(values)} pictures, attribute {name} as a detector sees it")
    return scores
