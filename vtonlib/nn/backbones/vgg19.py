"""VGG19 (Simonyan and Zisserman 2015, arXiv:1409.1556, table 1, column E), which VITON and CP-VTON compare by.

Layers as in VITON (Han et al. 2018, arXiv:1711.08447, equation 3): conv1_2 .. conv5_2, each after its ReLU. CP-VTON's
paper names the same ones; its code takes conv1_1 .. conv5_1 instead. Every public code feeds VGG19 in a way of its own
(VITON's: 0 .. 255 less the mean, and average pooling; CP-VTON's: [-1, 1] as it is), and weights of a loss hold for one
way only. Here it is torchvision's: red, green and blue in [0, 1] less the mean and over the deviation of ImageNet, and
pooling by the maximum, which is how these weights were trained.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn
from torchvision.models import VGG19_Weights, vgg19

from vtonlib.errors import VtonError
from vtonlib.nn.backbones.frozen import Backbone, in_turn

TAPS = {"conv1_2": 3, "conv2_2": 8, "conv3_2": 13, "conv4_2": 22, "conv5_2": 31}
"""Each layer's ReLU among torchvision's ``features``."""

MEAN = (0.485, 0.456, 0.406)
DEVIATION = (0.229, 0.224, 0.225)

URL = VGG19_Weights.IMAGENET1K_V1.url


class VGG19(Backbone):
    """phi_1 .. phi_5 of (B, 64 .. 512, H, W) down to (B, 512, H/16, W/16), all >= 0.

    Args:
        weights: state of torchvision's network, of which the first 14 convolutions are taken; None draws them at
            random, which is for tests of shapes.

    Raises:
        VtonError: if tensors are missing or have other shapes.
    """

    name = "vgg19"
    names = tuple(TAPS)
    layers: nn.ModuleList
    mean: Tensor
    deviation: Tensor

    def __init__(self, weights: Mapping[str, Tensor] | None) -> None:
        with torch.device("meta"):  # the dense layers, 124 of 144 million weights, are never needed
            layers = vgg19(weights=None).features[: max(TAPS.values()) + 1]
        if weights is None:
            layers.to_empty(device="cpu")
            for layer in layers:
                if isinstance(layer, nn.Conv2d):
                    nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
                    nn.init.zeros_(cast(Tensor, layer.bias))
        else:
            own = {key: weights[f"features.{key}"] for key in layers.state_dict() if f"features.{key}" in weights}
            try:
                layers.load_state_dict(own, assign=True)
            except RuntimeError as error:
                raise VtonError(f"weights of VGG19 do not fit ({error}); give those of torchvision") from None
        ends = [last + 1 for last in TAPS.values()]
        super().__init__(nn.ModuleList(layers[first:end] for first, end in zip([0, *ends], ends, strict=False)))
        self.register_buffer("mean", torch.tensor(MEAN).view(3, 1, 1), persistent=False)
        self.register_buffer("deviation", torch.tensor(DEVIATION).view(3, 1, 1), persistent=False)

    def scaled(self, picture: Tensor) -> Tensor:
        """From [-1, 1] to [0, 1], less ImageNet's mean and over its deviation."""
        return ((picture + 1) / 2 - self.mean) / self.deviation

    def features(self, scaled: Tensor) -> tuple[Tensor, ...]:
        """Outputs of the five ReLUs."""
        return in_turn(self.layers, scaled)


def load_vgg19(download: bool = False) -> VGG19:
    """VGG19 with torchvision's weights ``IMAGENET1K_V1`` from the cache of torch.hub.

    Args:
        download: whether the file (548 MB) may be fetched if it is not there.

    Raises:
        VtonError: if it is not there and may not be fetched, cannot be fetched, or is damaged.
    """
    path = Path(torch.hub.get_dir()) / "checkpoints" / Path(URL).name
    if not path.is_file():
        if not download:
            raise VtonError(
                f"{path}: the weights of VGG19 are not there; set download=True to fetch 548 MB, or choose another "
                "backbone, efficientnet_lite0 or human_parser"
            )
        fetch(path)
    try:
        weights = torch.load(path, map_location="cpu", weights_only=True)
        return VGG19(weights)
    except (OSError, EOFError, RuntimeError, pickle.UnpicklingError, VtonError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise VtonError(
            f"{path}: is damaged or no VGG19 of torchvision ({first}); delete it and fetch it again"
        ) from None


def fetch(path: Path) -> None:
    """Fetch torchvision's file and check that its SHA-256 begins as its name says.

    Raises:
        VtonError: if there is no connection, no room, or the file is another one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        torch.hub.download_url_to_file(URL, str(path), hash_prefix=path.stem.rsplit("-", 1)[-1])
    except (OSError, RuntimeError) as error:
        raise VtonError(
            f"{path}: could not be fetched from {URL} ({error}); copy it there, or choose another backbone"
        ) from error
