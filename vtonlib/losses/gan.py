"""The adversarial objectives of the book, and the R1 gradient penalty.

Conventions: a discriminator gives *logits* (any real number, no sigmoid), larger means "real"; every function returns a
scalar that its player minimises, averaged over all entries, so one logit per picture and a patch map both work.

With D(x) = sigmoid(logit): the first two objectives are Goodfellow et al. 2014 (arXiv:1406.2661, eq. 1 and the remark
below it), least squares is Mao et al. 2017 (arXiv:1611.04076, eq. 9, targets a=0, b=c=1), the hinge is Lim & Ye 2017
(arXiv:1705.02894), R1 is Mescheder et al. 2018 (arXiv:1801.04406, eq. 9).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import relu, softplus

from vtonlib.errors import VtonError


@dataclass(frozen=True)
class Objective:
    """One pair of losses for the two players.

    Attributes:
        discriminator: (real logits, fake logits) -> scalar that the discriminator minimises.
        generator: fake logits -> scalar that the generator minimises.
    """

    discriminator: Callable[[Tensor, Tensor], Tensor]
    generator: Callable[[Tensor], Tensor]


def cross_entropy_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """-mean log D(x) - mean log(1 - D(G(z))); softplus(-a) = -log sigmoid(a) is the stable form."""
    return softplus(-real).mean() + softplus(fake).mean()


def saturating_generator(fake: Tensor) -> Tensor:
    """Mean log(1 - D(G(z))), the min-max game as written: its gradient vanishes where D is sure."""
    return -softplus(fake).mean()


def non_saturating_generator(fake: Tensor) -> Tensor:
    """-mean log D(G(z)): the same fixed point, with a gradient where D is sure."""
    return softplus(-fake).mean()


def hinge_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """mean max(0, 1 - real) + mean max(0, 1 + fake): logits beyond the margin are left alone."""
    return relu(1 - real).mean() + relu(1 + fake).mean()


def hinge_generator(fake: Tensor) -> Tensor:
    """-mean logit."""
    return -fake.mean()


def least_squares_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """Half the mean squared distance of the logits from 1 (real) and 0 (fake)."""
    return 0.5 * (real - 1).square().mean() + 0.5 * fake.square().mean()


def least_squares_generator(fake: Tensor) -> Tensor:
    """Half the mean squared distance of the fakes' logits from 1."""
    return 0.5 * (fake - 1).square().mean()


OBJECTIVES: dict[str, Objective] = {
    "saturating": Objective(cross_entropy_discriminator, saturating_generator),
    "non_saturating": Objective(cross_entropy_discriminator, non_saturating_generator),
    "hinge": Objective(hinge_discriminator, hinge_generator),
    "least_squares": Objective(least_squares_discriminator, least_squares_generator),
}


def objective(name: str) -> Objective:
    """Look an objective up by its name.

    Raises:
        VtonError: if there is none of that name.
    """
    if name not in OBJECTIVES:
        raise VtonError(f"objective is {name!r}; choose one of {', '.join(OBJECTIVES)}")
    return OBJECTIVES[name]


def r1_penalty(real: Tensor, logits: Tensor) -> Tensor:
    """Half the mean squared gradient norm of the logits at real pictures.

    Args:
        real: (B, ...) pictures that require a gradient, from which ``logits`` were computed in float32.
        logits: the discriminator's output for them.

    Returns:
        Scalar 1/2 E ||grad_x D(x)||^2; multiply by gamma.
    """
    (gradient,) = torch.autograd.grad(logits.sum(), real, create_graph=True)
    return 0.5 * gradient.flatten(1).square().sum(1).mean()
