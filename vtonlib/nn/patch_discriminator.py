"""The discriminator that judges patches: pix2pix (Isola et al. 2017, arXiv:1611.07004, appendix 6.1.2).

It gives one logit for each of many overlapping patches, of 70 x 70 pixels with three halvings, so it asks whether cloth
looks like cloth and leaves the layout to the other losses. Departure: instance normalisation for pix2pix's batch
normalisation, so that what it says of a picture does not depend on the others of the batch.
"""

from __future__ import annotations

from torch import Tensor, nn

from vtonlib.nn.strided import SLOPE, normal_weights


class PatchDiscriminator(nn.Module):
    """Convolutions of 4 x 4: ``levels`` that halve the picture, one more, and one to a single channel.

    The last two take away a row and a column each.

    Args:
        inputs: channels of the picture and of all that it is judged beside, concatenated.
        width: channels of the first layer, 64 in the paper; they double up to 8 times as many.
        levels: halvings, 3 in the paper.
    """

    def __init__(self, inputs: int, width: int = 64, levels: int = 3) -> None:
        super().__init__()
        widths = [width * min(1 << level, 8) for level in range(levels + 1)]
        layers: list[nn.Module] = [nn.Conv2d(inputs, width, kernel_size=4, stride=2, padding=1), nn.LeakyReLU(SLOPE)]
        for level in range(1, levels + 1):
            stride = 2 if level < levels else 1
            layers += [
                nn.Conv2d(widths[level - 1], widths[level], kernel_size=4, stride=stride, padding=1, bias=False),
                nn.InstanceNorm2d(widths[level]),
                nn.LeakyReLU(SLOPE),
            ]
        self.layers = nn.Sequential(*layers, nn.Conv2d(widths[-1], 1, kernel_size=4, padding=1))
        self.apply(normal_weights(0.02))

    def forward(self, seen: Tensor) -> Tensor:
        """Logits (B, 1, h, w) of the patches of (B, inputs, H, W), larger where they look real.

        h is H / 2^levels - 2, and so is w.
        """
        logits: Tensor = self.layers(seen)
        return logits
