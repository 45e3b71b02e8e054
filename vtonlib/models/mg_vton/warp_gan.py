"""MG-VTON's Warp-GAN (Dong et al. 2019, arXiv:1902.11026, section 3.2): a person in another pose, coarse but whole.

The reference is in its own pose; the warped garment, the joints and the synthesised labels are in the target's. So the
reference is encoded apart, and only its features are warped before all are joined. The paper says that features are
warped and not pixels; it does not say whose, and its figure shows one generator. Both pictures, the reference and the
garment, go through the same encoder; joints and labels, which are no pictures, have their own. With ``literal``
everything is encoded together and warped together, which drags what is in place already out of it.

Departure, optional: not everything need pass through the waist. With ``skips`` the decoder adds, at each size, what
the encoders have there, the reference's warped by the same grid, as in Deformable GANs (Siarohin et al. 2018,
arXiv:1801.00055). That takes no parameters, and brings colours and edges to the picture in a fraction of the steps.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vtonlib.data.labels import LIP_20
from vtonlib.errors import VtonError
from vtonlib.geometry.sampling import warp
from vtonlib.nn.expect import expect
from vtonlib.nn.resnet_generator import HALVINGS, ResidualBlock, decoder, encoder
from vtonlib.nn.strided import normal_weights

CHANNELS = {"reference": 3, "cloth": 3, "pose": 18, "parsing": len(LIP_20)}
"""What it is told, in order; all but the reference is in the target's pose."""


class WarpGan(nn.Module):
    """44 channels in, a picture out; 69,303,683 parameters by default.

    Args:
        width: channels at full size.
        blocks: residual blocks.
        convolutions: of each block.
        literal: one encoder for everything, whose features are all warped.
        skips: the decoder adds the encoders' features of each size.
    """

    def __init__(
        self, width: int = 64, blocks: int = 9, convolutions: int = 3, literal: bool = False, skips: bool = False
    ) -> None:
        super().__init__()
        inner = width << HALVINGS
        self.literal, self.skips = literal, skips
        if literal:
            self.together = encoder(sum(CHANNELS.values()), width)
        else:
            self.picture = encoder(CHANNELS["reference"], width)
            self.layout = encoder(CHANNELS["pose"] + CHANNELS["parsing"], width)
            self.join = nn.Sequential(
                nn.Conv2d(3 * inner, inner, kernel_size=1, bias=False), nn.BatchNorm2d(inner), nn.ReLU()
            )
        self.blocks = nn.Sequential(*(ResidualBlock(inner, convolutions) for _ in range(blocks)))
        self.decoder = decoder(3, width)
        self.apply(normal_weights(0.02))

    def forward(self, reference: Tensor, cloth: Tensor, pose: Tensor, parsing: Tensor, grid: Tensor | None) -> Tensor:
        """The person in the target's pose, (B, 3, H, W) in [-1, 1].

        Args:
            reference: (B, 3, H, W) in [-1, 1], the reference without its clothes.
            cloth: (B, 3, H, W) in [-1, 1], the warped garment.
            pose: (B, 18, H, W) in {0, 1}, the joints of the target.
            parsing: (B, 20, H, W) in [0, 1], the synthesised labels.
            grid: (B, h, w, 2), where each point of the target lies in the reference; None warps nothing.

        Raises:
            VtonError: if a shape is wrong, or H or W is no multiple of 8.
        """
        rows, columns = reference.shape[2:]
        if rows % (1 << HALVINGS) or columns % (1 << HALVINGS):
            raise VtonError(f"reference is {rows}x{columns}; give multiples of {1 << HALVINGS}")
        told = {"reference": reference, "cloth": cloth, "pose": pose, "parsing": parsing}
        for name, given in told.items():
            expect(name, given, CHANNELS[name], rows, columns)
        if self.literal:
            together = sizes(self.together, torch.cat(list(told.values()), dim=1))
            *skips, features = (moved(each, grid) for each in together)
        else:
            before = [moved(each, grid) for each in sizes(self.picture, reference)]
            garment, after = sizes(self.picture, cloth), sizes(self.layout, torch.cat([pose, parsing], dim=1))
            features = self.join(torch.cat([before.pop(), garment.pop(), after.pop()], dim=1))
            skips = [torch.stack(each).sum(0) for each in zip(before, garment, after, strict=True)]
        return self._decode(self.blocks(features), skips if self.skips else [])

    def _decode(self, features: Tensor, skips: list[Tensor]) -> Tensor:
        """Decode the bottleneck, and add on the way what skips it, given from large to small."""
        for layer in self.decoder:
            features = layer(features)
            if isinstance(layer, nn.ReLU) and skips:
                features = features + skips.pop()
        return features.tanh()


def sizes(encoder: nn.Sequential, x: Tensor) -> list[Tensor]:
    """What an encoder has at each size, from large to small: (B, width, H, W) to (B, 8 width, H / 8, W / 8)."""
    found = []
    for layer in encoder:
        x = layer(x)
        if isinstance(layer, nn.ReLU):
            found.append(x)
    return found


def moved(features: Tensor, grid: Tensor | None) -> Tensor:
    """Features (B, C, h, w) warped by a grid of any size, nothing from outside; as they are without a grid."""
    if grid is None:
        return features
    cells = (features.shape[2], features.shape[3])
    smaller = F.interpolate(grid.permute(0, 3, 1, 2), cells, mode="bilinear", align_corners=True)
    return warp(features, smaller.permute(0, 2, 3, 1), "zeros")
