"""The perceptual loss of VITON and CP-VTON: pictures compared by what a frozen network sees in them.

sum over i of lambda_i |phi_i(I') - phi_i(I)|_1 (Han et al. 2018, arXiv:1711.08447, equation 3, after Chen and Koltun
2017, arXiv:1707.09405, equation 1), for the layers phi_1 .. phi_5 of a backbone. The papers' phi_0 is the picture
itself, whose plain L1 a stage adds with weight 1. |.|_1 is the mean over all numbers of a layer, not their sum.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from vtonlib.errors import VtonError
from vtonlib.nn.backbones.frozen import Backbone


def perceptual_terms(result_features: Sequence[Tensor], truth_features: Sequence[Tensor]) -> Tensor:
    """Mean absolute difference of each layer, taken in float32 since neighbouring features differ little.

    Args:
        result_features: feature maps, one for each layer.
        truth_features: as many, of the same shapes.

    Returns:
        (layers,) float32, each >= 0.

    Raises:
        VtonError: if numbers or shapes differ.
    """
    shapes = [[tuple(layer.shape) for layer in features] for features in (result_features, truth_features)]
    if not shapes[0] or shapes[0] != shapes[1]:
        raise VtonError(
            f"features of result and truth have shapes {shapes[0]} and {shapes[1]}; give the same, one or more"
        )
    pairs = zip(result_features, truth_features, strict=True)
    return torch.stack([(result.float() - truth.float()).abs().mean() for result, truth in pairs])


class PerceptualLoss(nn.Module):
    """The weighted sum of the terms.

    It holds the backbone; ``to(device)`` moves both. Keep it out of a stage's networks, which are trained and stored.

    Args:
        backbone: of :func:`vtonlib.nn.backbones.backbone`.
        weights: lambda_1 .. lambda_n, one for each of its layers, such as
            :func:`vtonlib.losses.perceptual_balance.balance` gives.

    Raises:
        VtonError: for another number of weights, or one that is negative or not finite.
    """

    weights: Tensor

    def __init__(self, backbone: Backbone, weights: Sequence[float]) -> None:
        super().__init__()
        if len(weights) != len(backbone.names) or not all(0 <= weight < math.inf for weight in weights):
            raise VtonError(f"weights are {list(weights)}; give a number >= 0 for each of {', '.join(backbone.names)}")
        self.backbone = backbone
        self.register_buffer("weights", torch.tensor(weights, dtype=torch.float32), persistent=False)

    def forward(self, result: Tensor, truth: Tensor) -> Tensor:
        """How far a result is from the truth, as the backbone sees them.

        Args:
            result: (B, 3, H, W) in [-1, 1]; gradients flow to it.
            truth: of the same shape; no gradient flows to it.

        Returns:
            Scalar float32 >= 0, the mean over the batch.

        Raises:
            VtonError: if shapes differ, or do not suit the backbone.
        """
        _check_shapes(result, truth)
        with torch.no_grad():
            wanted = self.backbone(truth)
        return (self.weights * perceptual_terms(self.backbone(result), wanted)).sum()


@torch.no_grad()
def balanced_weights(backbone: Backbone, results: Tensor, truths: Tensor) -> tuple[float, ...]:
    """Weights with which each layer counts as much as the pixels, on a given batch.

    lambda_i = |I' - I|_1 / |phi_i(I') - phi_i(I)|_1, so that on that batch each of phi_1 .. phi_n contributes as much
    as phi_0. That is CRN's rule, which VITON says it follows. The layers together then weigh n times as much as the
    pixels (in VITON's code, 3 times); scale the loss by 1/n where they should weigh as much.

    Args:
        backbone: whose n layers are to be balanced.
        results: (B, 3, H, W) in [-1, 1], pictures that are wrong the way results are.
        truths: of the same shape.

    Returns:
        lambda_1 .. lambda_n as plain floats > 0, which a configuration can hold.

    Raises:
        VtonError: if shapes differ, or a layer or the pixels see no difference.
    """
    _check_shapes(results, truths)
    pixels = perceptual_terms([results], [truths]).item()
    terms = perceptual_terms(backbone(results), backbone(truths)).tolist()
    for layer, term in zip(("pixels", *backbone.names), (pixels, *terms), strict=True):
        if not 0 < term < math.inf:
            raise VtonError(f"{layer}: differ by {term} between results and truths; give pictures that differ")
    return tuple(pixels / term for term in terms)


def _check_shapes(result: Tensor, truth: Tensor) -> None:
    if result.shape != truth.shape:
        raise VtonError(f"result and truth are {tuple(result.shape)} and {tuple(truth.shape)}; give the same shape")
