"""The generator that all of MG-VTON's networks share (Dong et al. 2019, arXiv:1902.11026, section 4.2).

It is the residual generator of Johnson et al. 2016 (arXiv:1603.08155) as pix2pixHD (Wang et al. 2018, arXiv:1711.11585)
takes it over. The paper lists fifteen numbers of filters, 64, 128, 256, 512 nine times, 256, 128, 64; here 64 belong to
the 7 x 7 convolution at full size, and the three that halve give 128, 256 and 512. Departure: the paper has ReLU after
every convolution; here the last of a block has none, so that a block can subtract.
"""

from __future__ import annotations

from torch import Tensor, nn

from vtonlib.errors import VtonError
from vtonlib.nn.strided import normal_weights

HALVINGS = 3


class ResidualBlock(nn.Module):
    """Convolutions of 3 x 3 with batch normalisation, ReLU between them, added to what came in.

    Args:
        width: channels.
        convolutions: how many, 3 in the paper and 2 in pix2pixHD.
    """

    def __init__(self, width: int, convolutions: int = 3) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for _ in range(convolutions):
            layers += [nn.ReflectionPad2d(1), *_normed(nn.Conv2d(width, width, kernel_size=3, bias=False), width)]
        self.layers = nn.Sequential(*layers[:-1])

    def forward(self, x: Tensor) -> Tensor:
        """(B, width, h, w) to the same shape."""
        changed: Tensor = x + self.layers(x)
        return changed


class ResnetGenerator(nn.Module):
    """Down by eight, residual blocks, up by eight.

    The three parts can be called one by one, since the Warp-GAN does something between the first two.

    Args:
        inputs: channels that come in.
        outputs: channels that go out; they are logits, to which a network applies what it needs.
        width: channels at full size, 64 in the paper; eight times as many in the blocks.
        blocks: how many residual blocks, 9 in the paper.
        convolutions: of each block, 3 in the paper.
    """

    def __init__(self, inputs: int, outputs: int, width: int = 64, blocks: int = 9, convolutions: int = 3) -> None:
        super().__init__()
        self.encoder = encoder(inputs, width)
        inner = width << HALVINGS
        self.blocks = nn.Sequential(*(ResidualBlock(inner, convolutions) for _ in range(blocks)))
        self.decoder = decoder(outputs, width)
        self.apply(normal_weights(0.02))

    def forward(self, x: Tensor) -> Tensor:
        """(B, inputs, H, W) to logits (B, outputs, H, W).

        Raises:
            VtonError: if H or W is no multiple of 8.
        """
        rows, columns = x.shape[2:]
        if rows % (1 << HALVINGS) or columns % (1 << HALVINGS):
            raise VtonError(f"picture is {rows}x{columns}; give multiples of {1 << HALVINGS}")
        logits: Tensor = self.decoder(self.blocks(self.encoder(x)))
        return logits


def encoder(inputs: int, width: int) -> nn.Sequential:
    """7 x 7 at full size, then three halvings: (B, inputs, H, W) to (B, 8 width, H / 8, W / 8)."""
    layers = [nn.ReflectionPad2d(3), *_normed(nn.Conv2d(inputs, width, kernel_size=7, bias=False), width)]
    for level in range(HALVINGS):
        before, after = width << level, width << (level + 1)
        layers += _normed(nn.Conv2d(before, after, kernel_size=3, stride=2, padding=1, bias=False), after)
    return nn.Sequential(*layers)


def decoder(outputs: int, width: int) -> nn.Sequential:
    """Three doublings, then 7 x 7: (B, 8 width, h, w) to logits (B, outputs, 8 h, 8 w)."""
    layers: list[nn.Module] = []
    for level in reversed(range(HALVINGS)):
        before, after = width << (level + 1), width << level
        doubling = nn.ConvTranspose2d(before, after, 3, stride=2, padding=1, output_padding=1, bias=False)
        layers += _normed(doubling, after)
    return nn.Sequential(*layers, nn.ReflectionPad2d(3), nn.Conv2d(width, outputs, kernel_size=7))


def _normed(convolution: nn.Module, width: int) -> list[nn.Module]:
    return [convolution, nn.BatchNorm2d(width), nn.ReLU()]
