"""The design coding d and how the networks of FashionGAN read it.

Zhu et al. 2017 (arXiv:1710.07346), section 3: d = (a, v) is what the new outfit is to be and who is to wear it, ten
human attributes a and a code v of the sentence. How it enters the layers is known from the released code only.
"""

from __future__ import annotations

from torch import nn

from vtonlib.nn.strided import SLOPE

DESIGN = 50
"""Numbers in the paper's design coding: ten of :func:`vtonlib.data.representations.fashiongan.human_attributes`, and
forty of the text."""

RELEASE_TEXT = 100
"""Numbers that the released code gives its networks instead: a code of the text, no human attributes."""

NOISE = 80
"""Numbers in each stage's noise, in the release; the paper's are not known here."""

SQUEEZED = 20
"""Numbers that each network of the release makes of the text before it meets anything else."""

FIRST_DEVIATION = 0.02 / 16
"""Of first weights, in the release. It is unusually small: after a convolution the deviation is then so close to the
constant inside batch normalisation that the first signals come out weak, the more so in slim networks. 0.02 is DCGAN's,
and the better start for those."""


def squeeze(coding: int, squeezed: int, norm: bool) -> nn.Sequential:
    """A layer of its own in every network: (B, coding) to (B, squeezed), normalised if ``norm``, and LeakyReLU."""
    linear = nn.Linear(coding, squeezed, bias=False)
    layers: list[nn.Module] = [linear, nn.BatchNorm1d(squeezed)] if norm else [linear]
    return nn.Sequential(*layers, nn.LeakyReLU(SLOPE, inplace=True))
