"""How different two pictures look to a classifier of photos: the distance of features at every layer.

As in LPIPS (Zhang et al. 2018, arXiv:1801.03924): features are scaled to unit length at each place, their
squared distances are averaged over the picture and added over the layers. Departure: the backbone is EfficientNet-lite0
and no layer weights are learned, so figures compare with each other and with no published LPIPS. The networks of the
book are trained with other backbones, so none of them was taught to please this one.
"""

from __future__ import annotations

import torch
from torch import Tensor

from vtonlib.metrics.average import average
from vtonlib.metrics.pairs import check_pictures, size_of
from vtonlib.metrics.score import Score
from vtonlib.nn.backbones.frozen import Backbone

AT_ONCE = 25
EPSILON = 1e-10


@torch.no_grad()
def perceptual_distance(result: Tensor, truth: Tensor, backbone: Backbone) -> Score:
    """The mean over pictures, 0 for equal ones and at most 4 for each layer; lower is better.

    Args:
        result: (N, 3, H, W) in [-1, 1], H and W multiples of 16.
        truth: of the same shape.
        backbone: of :func:`vtonlib.nn.backbones.backbone`, such as ``efficientnet_lite0``.

    Raises:
        VtonError: if shapes or ranges are wrong.
    """
    check_pictures(result, truth, None)
    parts = zip(result.split(AT_ONCE), truth.split(AT_ONCE), strict=True)
    distances = torch.cat([_of_each(backbone(ours), backbone(theirs)) for ours, theirs in parts])
    settings = (
        f"unit features of {backbone.name}, {len(backbone.names)} layers, {len(truth)} pictures, {size_of(truth)}"
    )
    return average(distances.double(), settings)


def _of_each(ours: tuple[Tensor, ...], theirs: tuple[Tensor, ...]) -> Tensor:
    return torch.stack(
        [(_unit(a) - _unit(b)).square().sum(1).mean((1, 2)) for a, b in zip(ours, theirs, strict=True)]
    ).sum(0)


def _unit(features: Tensor) -> Tensor:
    return features / (features.square().sum(1, keepdim=True).sqrt() + EPSILON)
