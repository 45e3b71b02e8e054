"""Whether a garment's logo, stripes and weave are still there: the fine part of a picture, inside the garment.

The fine part is what a Gaussian of two pixels takes away. A blurred result has little of it; a pasted garment has all
of it, but in the wrong place when the warp is wrong. So there are two figures, how much and whether in place. The
Gaussian weighs pixels of the garment only, so that the garment's outline is no detail.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from vtonlib.errors import VtonError
from vtonlib.metrics.average import average
from vtonlib.metrics.pairs import check_pictures, size_of
from vtonlib.metrics.score import Score

SIGMA = 2.0
REACH = 6
LEAST = 0.01
"""Garments whose true fine part is weaker than this, root mean square, have no detail to keep, and are left out."""


def detail_amount(result: Tensor, truth: Tensor, mask: Tensor) -> Score:
    """How much fine structure results have, over that of the truth: 1 for as much.

    Both are summed over the pictures before they are divided, so that a plain garment, whose own share may be anything,
    hardly counts.

    Args:
        result: (N, 3, H, W) in [-1, 1].
        truth: of the same shape.
        mask: (N, 1, H, W) in {0, 1}, where the garment is seen in the truth.

    Raises:
        VtonError: if shapes or ranges are wrong, or no garment has any detail.
    """
    ours, theirs = (_energies(each, mask) for each in _fine_parts(result, truth, mask))
    known = theirs > LEAST
    if not known.any():
        raise VtonError(f"{_settings('amount', truth)}: no garment has any; choose some with a print or a weave")
    value = float(ours[known].sum() / theirs[known].sum())
    return Score(value, f"{_settings('amount', truth)}, ratio of sums over {int(known.sum())} pictures")


def detail_match(result: Tensor, truth: Tensor, mask: Tensor) -> Score:
    """The correlation of both fine parts: 1 where every stripe lies in its place, 0 where chance decides.

    Args and errors are those of :func:`detail_amount`.
    """
    ours, theirs = _fine_parts(result, truth, mask)
    together = (ours * theirs).flatten(1).mean(1) / _share(mask)
    alone = _energies(ours, mask) * _energies(theirs, mask)
    known = _energies(theirs, mask) > LEAST
    return average(torch.where(known, together / alone.clamp_min(1e-12), torch.nan), _settings("match", truth))


def _fine_parts(result: Tensor, truth: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """What blurring takes away, 0 outside the mask."""
    check_pictures(result, truth, mask)
    mask = mask.double()
    share = _blurred(mask).clamp_min(1e-12)
    ours, theirs = (mask * (each - _blurred(mask * each) / share) for each in (result.double(), truth.double()))
    return ours, theirs


def _blurred(pictures: Tensor) -> Tensor:
    """A Gaussian of :data:`SIGMA` pixels, with zeros beyond the border."""
    places = torch.arange(-REACH, REACH + 1, dtype=torch.float64, device=pictures.device)
    weight = (-0.5 * (places / SIGMA) ** 2).exp()
    channels = pictures.shape[1]
    weight = (weight / weight.sum()).view(1, 1, 1, -1).expand(channels, 1, 1, -1)
    across = F.conv2d(F.pad(pictures, (REACH, REACH, 0, 0)), weight, groups=channels)
    return F.conv2d(F.pad(across, (0, 0, REACH, REACH)), weight.transpose(2, 3), groups=channels)


def _energies(fine: Tensor, mask: Tensor) -> Tensor:
    """Root mean square inside the mask, of each picture; NaN where the mask is empty."""
    return (fine.square().flatten(1).mean(1) / _share(mask)).sqrt()


def _share(mask: Tensor) -> Tensor:
    """The part of each picture that a mask covers; NaN where it covers none."""
    share = mask.double().flatten(1).mean(1)
    return torch.where(share > 0, share, torch.nan)


def _settings(what: str, truth: Tensor) -> str:
    return f"detail {what}, Gaussian sigma {SIGMA:g}, inside the garment, {size_of(truth)}"
