"""How long the sleeves in a map of labels are: walk down each arm and count cloth and skin.

A rule instead of a network, so that it owes nothing to what it judges. It knows joints, which stay where they are when
a person changes clothes, and where on an arm each length of sleeve ends, which it learns from real maps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import torch
from torch import Tensor

from vtonlib.data.keypoints import COCO_18
from vtonlib.data.label_sets import FASHIONGAN_7
from vtonlib.errors import VtonError

ARMS = (("right_shoulder", "right_elbow", "right_wrist"), ("left_shoulder", "left_elbow", "left_wrist"))
STEPS = 33
"""Places on each arm, evenly spread from shoulder to wrist over the elbow."""

CLOTH = ("upper_clothes", "pants")
"""What a sleeve may be: FashionGAN's maps call a dress pants."""

CUTS = tuple(cut / 40 for cut in range(1, 40))
"""Shares of an arm at which one length of sleeve may end and the next begin."""


def sleeve_cover(labels: Tensor, keypoints: Tensor) -> Tensor:
    """The share of each person's arms that is clothed.

    Args:
        labels: (N, H, W) integers of :data:`vtonlib.data.label_sets.FASHIONGAN_7`.
        keypoints: (N, 18, 3), x and y in pixels, and whether the joint is visible.

    Returns:
        (N,) float32 in [0, 1], the mean over the arms of which every joint is visible, of cloth among the places that
        are cloth or skin; NaN where there is no such arm or place.

    Raises:
        VtonError: if the shapes do not fit.
    """
    if labels.dim() != 3 or keypoints.shape != (len(labels), len(COCO_18), 3):
        raise VtonError(
            f"labels are {tuple(labels.shape)}, joints {tuple(keypoints.shape)}; give (N, H, W), (N, 18, 3)"
        )
    arms = []
    for names in ARMS:
        joints = _joints(keypoints, names)
        found = _look_up(labels, _walk(joints[..., :2]))
        cloth = torch.isin(found, torch.tensor([FASHIONGAN_7.number(name) for name in CLOTH])).sum(1).float()
        skin = (found == FASHIONGAN_7.number("arms")).sum(1).float()
        visible = joints[..., 2].bool().all(1)
        arms.append(torch.where(visible, cloth / (cloth + skin), torch.nan))
    return torch.stack(arms).nanmean(0)


@dataclass(frozen=True)
class SleeveRuler:
    """Tells the length of sleeves by how much of an arm they cover.

    Attributes:
        cuts: three shares of an arm, rising: from there on a sleeve is short, three-quarter and long.
    """

    cuts: tuple[float, float, float]

    @classmethod
    def fit(cls, cover: Tensor, sleeve: Tensor) -> SleeveRuler:
        """Find the cuts with the best accuracy, averaged over the four lengths.

        Args:
            cover: (N,) of real maps, see :func:`sleeve_cover`; NaN is left out.
            sleeve: (N,) integers 0 to 3, none, short, three-quarter and long, each there at least once.

        Raises:
            VtonError: if a length is missing.
        """
        seen = cover.isfinite()
        lengths = [cover[seen & (sleeve == length)] for length in range(4)]
        if any(len(covers) == 0 for covers in lengths):
            raise VtonError("sleeves: a length has no example whose arms are seen; give maps of all four")
        # below[l, c] is the share of length l's examples that lie below cut c.
        below = torch.stack([torch.stack([(covers < cut).float().mean() for cut in CUTS]) for covers in lengths])
        triples = torch.tensor(list(combinations(range(len(CUTS)), 3)))
        first, second, third = below[:, triples].permute(2, 0, 1)
        right = first[0] + (second - first)[1] + (third - second)[2] + (1 - third)[3]
        best = triples[right.argmax()].tolist()
        return cls((CUTS[best[0]], CUTS[best[1]], CUTS[best[2]]))

    def tell(self, cover: Tensor) -> Tensor:
        """Lengths (N,) int64, 0 to 3, of covers (N,); -1 where the cover is NaN."""
        told = torch.bucketize(cover, torch.tensor(self.cuts), right=True)
        return torch.where(cover.isfinite(), told, -1)


def arms_in_view(keypoints: Tensor) -> Tensor:
    """Who has an arm of which every joint is visible: (N,) bool, from joints (N, 18, 3)."""
    return torch.stack([_joints(keypoints, names)[..., 2].bool().all(1) for names in ARMS]).any(0)


def match_of_sleeves(told: Tensor, wanted: Tensor, judged: Tensor) -> float:
    """Share of people whose sleeves are as long as wanted.

    A map that has neither cloth nor skin where the arm is (:meth:`SleeveRuler.tell` gives -1) counts as wrong.

    Args:
        told: (N,) of :meth:`SleeveRuler.tell`.
        wanted: (N,) integers 0 to 3.
        judged: (N,) bool, who counts, see :func:`arms_in_view`.

    Raises:
        VtonError: if nobody is left to judge.
    """
    if not judged.any():
        raise VtonError("sleeves: nobody's arms are seen; judge other people")
    return float((told == wanted)[judged].float().mean())


def _joints(keypoints: Tensor, names: Sequence[str]) -> Tensor:
    """Some joints (N, 3, 3) of an arm."""
    return keypoints[:, [COCO_18.index(name) for name in names]]


def _walk(joints: Tensor) -> Tensor:
    """Places (N, STEPS, 2) from the first of three joints (N, 3, 2) over the second to the third."""
    along = torch.linspace(0, 2, STEPS)[None, :, None]
    upper = torch.lerp(joints[:, :1], joints[:, 1:2], along.clamp(max=1))
    return torch.where(along <= 1, upper, torch.lerp(joints[:, 1:2], joints[:, 2:], along - 1))


def _look_up(labels: Tensor, places: Tensor) -> Tensor:
    """Labels (N, P) at places (N, P, 2) in pixels; -1 outside the picture."""
    x, y = places.round().long().unbind(-1)
    height, width = labels.shape[1:]
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    rows = torch.arange(len(labels))[:, None]
    found = labels.long()[rows, y.clamp(0, height - 1), x.clamp(0, width - 1)]
    return torch.where(inside, found, -1)
