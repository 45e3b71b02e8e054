"""People as a camera sees them that stands closer: from a picture of the whole person to one down to the hips.

In the published list of a cleaned part of MPV, the set of MG-VTON (Dong et al. 2019, arXiv:1902.11026), nearly all
changes of pose are changes of framing: a shop has a picture of the whole model and one from the hips up. A person of
the wardrobe keeps the framing, so such pairs are made here, by cropping.
"""

from __future__ import annotations

import torch
from torch import Tensor

from vtonlib.data.keypoints import COCO
from vtonlib.data.views import Views, to_pictures
from vtonlib.geometry.sampling import identity_grid, to_normalised, to_pixels, warp

HIPS = (COCO["right_hip"], COCO["left_hip"])
BELOW, ABOVE = 0.12, 0.06
"""What stays in sight below the hips and above the head, as shares of the height from head to hips."""


def closer(views: Views, which: Tensor | None = None) -> Views:
    """Each person down to a little below the hips, enlarged to the size of the picture.

    Joints that are no longer in sight are marked so.

    Args:
        views: N people, each with ``parse`` and ``keypoints``. Whoever's hips are not in sight stays as is.
        which: (N,) bool, who is to be cropped; None takes all.

    Raises:
        VtonError: if the views have no ``parse`` or no ``keypoints``.
    """
    joints, (scale, middle) = views.require("keypoints"), _frames(views, which)
    spread = scale.view(-1, 1, 1, 1)
    grid = spread * identity_grid(views.size) + middle.view(-1, 1, 1, 2)
    picture = warp(to_pictures(views.image), grid, "border").clamp(-1, 1)
    masks = {"parse": views.parse, "neck": views.neck}
    moved = {
        name: warp(mask[:, None].float(), grid, "zeros", "nearest")[:, 0].to(mask.dtype)
        for name, mask in masks.items()
        if mask is not None
    }
    places = (to_normalised(joints[..., :2], views.size) - middle[:, None]) / scale[:, None]
    seen = joints[..., 2:] * (places.abs() <= 1).all(-1, keepdim=True)
    told = torch.cat([to_pixels(places, views.size) * seen, seen], dim=-1)
    return Views((picture + 1).mul(127.5).round().to(torch.uint8), keypoints=told, **moved)


def _frames(views: Views, which: Tensor | None) -> tuple[Tensor, Tensor]:
    """How large a part of the picture is kept of each person, (N, 1), and its middle, (N, 2) in [-1, 1]."""
    rows, columns = views.size
    body = views.require("parse") > 0
    joints = views.require("keypoints")[:, HIPS]
    known = joints[..., 2].bool().all(1)
    known = known if which is None else known & which
    hips = joints[..., 1].mean(1)
    down, across = torch.arange(rows), torch.arange(columns)
    top = torch.where(body.any(2), down, rows).amin(1).float()
    left = torch.where(body.any(1), across, columns).amin(1).float()
    right = torch.where(body.any(1), across, -1).amax(1).float()
    height = (hips - top).clamp(min=1)
    first, last = top - ABOVE * height, hips + BELOW * height
    scale = torch.where(known, (last - first) / (rows - 1), 1.0)
    centre = torch.stack([(left + right) / 2, (first + last) / 2], dim=1)
    return scale[:, None], torch.where(known[:, None], to_normalised(centre, views.size), 0.0)
