"""The tower of convolutions that geometric matchers compare pictures with.

CP-VTON's (Wang et al. 2018, arXiv:1807.07688, section 3.1 and its code): strided convolutions down to 16 x 12 cells,
then two more. Each is followed by ReLU and **then** batch normalisation, the last one by ReLU alone. Departure: at
smaller sizes as many strided convolutions are left out as the picture has halvings less, so that the cells stay
16 x 12; at larger ones the channels stop growing at 8 times the width.
"""

from __future__ import annotations

from torch import Tensor, nn

from vtonlib.nn.halvings import halvings

CELLS = (16, 12)
"""Rows and columns of the features, whatever the size of the picture."""


class FeatureTower(nn.Module):
    """From a picture to features of 16 x 12 cells.

    Args:
        channels: of the picture.
        size: (height, width) of the picture: 16 x 12 doubled once or more often; 256 x 192 is the paper's.
        width: channels of the first convolution, 64 in the paper; the features have 8 times as many.

    Raises:
        VtonError: for another size.
    """

    def __init__(self, channels: int, size: tuple[int, int] = (256, 192), width: int = 64) -> None:
        super().__init__()
        self.features = 8 * width
        layers: list[nn.Module] = []
        before = channels
        for index in range(halvings(size, CELLS)):
            after = min(width << index, self.features)
            layers += [nn.Conv2d(before, after, kernel_size=4, stride=2, padding=1), nn.ReLU(), nn.BatchNorm2d(after)]
            before = after
        layers += [nn.Conv2d(before, self.features, kernel_size=3, padding=1), nn.ReLU(), nn.BatchNorm2d(self.features)]
        layers += [nn.Conv2d(self.features, self.features, kernel_size=3, padding=1), nn.ReLU()]
        self.layers = nn.Sequential(*layers)
        self.apply(_initialise)

    def forward(self, picture: Tensor) -> Tensor:
        """Map pictures (B, channels, H, W) to features (B, 8 width, 16, 12), all >= 0."""
        features: Tensor = self.layers(picture)
        return features


def _initialise(module: nn.Module) -> None:
    """As CP-VTON's code does: weights N(0, 0.02^2), scales N(1, 0.02^2), biases as PyTorch draws them."""
    if isinstance(module, nn.Conv2d):
        nn.init.normal_(module.weight, std=0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, mean=1.0, std=0.02)
