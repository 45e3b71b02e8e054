"""GAN-CLS's loss with three kinds of pairs, and GAN-INT's texts in between.

Reed et al. 2016 (ICML, arXiv:1605.05396), algorithm 1 and section 4.3. A discriminator that only ever saw real pairs
and fakes could ignore the text; real pictures with a **wrong** text make it look. FashionGAN (Zhu et al. 2017,
arXiv:1710.07346) trains both of its stages so. Logits and signs are those of :mod:`vtonlib.losses.gan`.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import softplus

from vtonlib.errors import VtonError


class Weights(NamedTuple):
    """What the two kinds of pairs to be refused weigh; a right pair weighs 1.

    Attributes:
        wrong: real pictures with a text of others.
        fake: generated pictures with the text that they were made from.
    """

    wrong: float
    fake: float


WEIGHTS = {
    "reed": Weights(0.5, 0.5),
    "intent": Weights(0.1, 0.9),
    "effective": Weights(1.0, 1.0),
    "none": Weights(0.0, 1.0),
}
"""``reed`` is GAN-CLS's and StackGAN's. FashionGAN's released code reports a loss weighted as ``intent``, but trains
with ``effective``, since its weights do not reach the gradients. ``none`` is a conditional GAN without wrong pairs, for
comparison."""


def weights(name: str) -> Weights:
    """Look weights up by their name.

    Raises:
        VtonError: if there are none of that name.
    """
    if name not in WEIGHTS:
        raise VtonError(f"weights are {name!r}; choose one of {', '.join(WEIGHTS)}")
    return WEIGHTS[name]


def discriminator_loss(right: Tensor, wrong: Tensor, fake: Tensor, weighed: Weights) -> Tensor:
    """-mean log D(right) - w_wrong mean log(1 - D(wrong)) - w_fake mean log(1 - D(fake)).

    Args:
        right: logits of real pictures with their own texts.
        wrong: logits of real pictures with texts that really say something else.
        fake: logits of generated pictures with their texts.
        weighed: of the last two, see :data:`WEIGHTS`.

    Returns:
        Scalar >= 0.
    """
    refused = weighed.wrong * softplus(wrong).mean() + weighed.fake * softplus(fake).mean()
    return softplus(-right).mean() + refused


def between(texts: Tensor, share: float = 0.5) -> Tensor:
    """Codes of texts that nobody wrote (section 4.3): share * t_i + (1 - share) * t_j.

    The first half of the batch is paired with the second; of an odd number the last is left out.

    Args:
        texts: (B, N), two or more.
        share: of the first of each pair, in [0, 1]; the paper's beta, 0.5 there.

    Returns:
        (B // 2, N).

    Raises:
        VtonError: for fewer than two texts.
    """
    half = len(texts) // 2
    if not half:
        raise VtonError(f"texts are {tuple(texts.shape)}; give two or more to interpolate between")
    return torch.lerp(texts[half : 2 * half], texts[:half], share)


def interpolating_generator_loss(own: Tensor, interpolated: Tensor, weight: float = 1.0) -> Tensor:
    """-log D, averaged over fakes of real texts and of :func:`between` together (GAN-INT, equation 5).

    There is no real picture to an interpolated text, so only the generator meets it. A mean over all fakes, so that
    with half as many of the second kind those have a third of the weight.

    Args:
        own: logits of fakes with real texts.
        interpolated: logits of fakes with interpolated texts.
        weight: of each of those, beside 1 for each of the others.

    Returns:
        Scalar >= 0.
    """
    total = softplus(-own).sum() + weight * softplus(-interpolated).sum()
    return total / (own.numel() + interpolated.numel())
