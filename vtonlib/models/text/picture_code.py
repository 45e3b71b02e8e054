"""The picture's side of a joint embedding of pictures and sentences: small, since it learns along. No paper."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from vtonlib.nn.expect import expect

CELLS = 8
"""A picture is looked at as so many rows and columns of mean colours."""


class PictureCode(nn.Module):
    """From the mean colours of 8 x 8 cells to a code.

    Reed et al. 2016 (arXiv:1605.05395) take features of a GoogLeNet that was trained on a million photographs, and
    leave them as they are. Ours start from nothing, so two layers have to learn.

    Args:
        code: numbers in the code.
        hidden: numbers in the layer before it.
    """

    def __init__(self, code: int, hidden: int = 256) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(), nn.Linear(3 * CELLS**2, hidden), nn.ReLU(inplace=True), nn.Linear(hidden, code)
        )

    def forward(self, picture: Tensor) -> Tensor:
        """Codes (B, code) of pictures (B, 3, S, S) in [-1, 1], where S is a multiple of 8."""
        expect("picture", picture, 3, picture.shape[-1], picture.shape[-1])
        code: Tensor = self.layers(F.adaptive_avg_pool2d(picture, CELLS))
        return code
