"""From a correlation map to the numbers of a transformation, as CP-VTON does it.

Wang et al. 2018 (arXiv:1807.07688), section 3.1 and its code: two strided and two plain convolutions, each followed by
batch normalisation and ReLU, and one linear layer. Biases of those convolutions cannot change anything, because the
normalisation subtracts them again; they are kept since public weights hold them.
"""

from __future__ import annotations

from torch import Tensor, nn

from vtonlib.nn.features import CELLS


class StridedRegressor(nn.Module):
    """From a correlation of 16 x 12 with 16 x 12 cells to a vector without bounds.

    Args:
        outputs: numbers to be regressed.
        width: channels of the last convolution, 64 in the paper; the first has 8 times as many.
    """

    def __init__(self, outputs: int, width: int = 64) -> None:
        super().__init__()
        rows, columns = CELLS
        layers: list[nn.Module] = []
        before = rows * columns
        for factor, kernel, stride in ((8, 4, 2), (4, 4, 2), (2, 3, 1), (1, 3, 1)):
            after = factor * width
            layers += [
                nn.Conv2d(before, after, kernel_size=kernel, stride=stride, padding=1),
                nn.BatchNorm2d(after),
                nn.ReLU(),
            ]
            before = after
        self.layers = nn.Sequential(*layers)
        self.linear = nn.Linear(before * (rows // 4) * (columns // 4), outputs)

    def forward(self, correlation: Tensor) -> Tensor:
        """Map a correlation (B, 192, 16, 12) to numbers (B, outputs)."""
        numbers: Tensor = self.linear(self.layers(correlation).flatten(1))
        return numbers


def start_near(linear: nn.Linear, target: Tensor, spread: float = 1e-3) -> None:
    """Make a last layer begin close to a vector, for example to the transformation that changes nothing.

    Not exactly there: with weights of zero no gradient would reach the layers before.

    Args:
        linear: from any number of features to N.
        target: (N,).
        spread: standard deviation of the weights.
    """
    nn.init.normal_(linear.weight, std=spread)
    linear.bias.data.copy_(target)
