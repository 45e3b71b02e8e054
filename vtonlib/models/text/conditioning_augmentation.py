"""Conditioning augmentation: a sentence names a small cloud of codes, not a point.

StackGAN (Zhang et al. 2017, arXiv:1612.03242), section 3.2, in the form of its released code. Few sentences leave the
space of codes nearly empty; drawing from N(mu, sigma^2) and keeping that close to N(0, 1) fills it.
"""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor, nn

from vtonlib.nn.expect import expect
from vtonlib.nn.strided import SLOPE

KL_WEIGHT = 2.0
"""Of the divergence in the generator's loss, in the released code."""


class Augmented(NamedTuple):
    """A cloud of codes and one code drawn from it.

    Attributes:
        code: (B, N), what the generator is told.
        mean: (B, N), mu.
        log_deviation: (B, N), log sigma.
    """

    code: Tensor
    mean: Tensor
    log_deviation: Tensor

    def divergence(self) -> Tensor:
        """KL(N(mu, sigma^2) || N(0, 1)), averaged over numbers and batch: a scalar >= 0.

        The paper sums over the numbers; the released code averages, and weighs with :data:`KL_WEIGHT`.
        """
        variance = (2 * self.log_deviation).exp()
        return (0.5 * (variance + self.mean.square() - 1) - self.log_deviation).mean()


class ConditioningAugmentation(nn.Module):
    """From a code of text to c = mu + sigma * eps.

    A LeakyReLU follows the linear layer, as in the released code, so that sigma is hardly ever much below 1.

    Args:
        text: numbers in the code of the text.
        code: numbers in c; 128 in the paper.
    """

    def __init__(self, text: int = 1024, code: int = 128) -> None:
        super().__init__()
        self.text, self.code = text, code
        self.layers = nn.Sequential(nn.Linear(text, 2 * code), nn.LeakyReLU(SLOPE))

    def forward(self, text: Tensor, noise: Tensor) -> Augmented:
        """Draw one code for each text.

        Args:
            text: (B, text).
            noise: (B, code), eps from N(0, 1), which the released code cuts off at two deviations; zeros give mu.

        Raises:
            VtonError: if an input has another shape.
        """
        expect("text code", text, self.text)
        expect("noise", noise, self.code)
        mean, log_deviation = self.layers(text).chunk(2, dim=1)
        return Augmented(mean + log_deviation.exp() * noise, mean, log_deviation)
