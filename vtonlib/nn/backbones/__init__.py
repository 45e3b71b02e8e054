"""Frozen networks whose features pictures are compared by, behind one interface: ``backbone(name)``.

Each maps pictures (B, 3, H, W) in [-1, 1], H and W multiples of 16, to feature maps phi_1 .. phi_n, fine to
coarse:

- ``vgg19``: that of VITON and CP-VTON, five layers; its file (548 MB) does not come with the package;
- ``efficientnet_lite0``: trained on ImageNet, too, but small, five layers; it comes with the extra ``perceptual``;
- ``human_parser``: the book's own parser, four layers, from the zoo; it knows the wardrobe's people only.

A backbone's module is imported when it is asked for, so that a chapter depends on the one that it uses.
"""

from __future__ import annotations

from vtonlib.errors import VtonError
from vtonlib.nn.backbones.frozen import Backbone

NAMES = ("vgg19", "efficientnet_lite0", "human_parser")


def backbone(name: str, download: bool = False) -> Backbone:
    """A backbone with its weights, on the CPU.

    Args:
        name: one of :data:`NAMES`.
        download: whether the weights of ``vgg19`` may be fetched if they are not there; the others are never fetched.

    Raises:
        VtonError: for another name, or weights that are not there or damaged.
    """
    if name == "vgg19":
        from vtonlib.nn.backbones.vgg19 import load_vgg19

        return load_vgg19(download)
    if name == "efficientnet_lite0":
        from vtonlib.nn.backbones.efficientnet_lite import EfficientNetLite0

        return EfficientNetLite0()
    if name == "human_parser":
        from vtonlib.nn.backbones.human_parser import load_human_parser

        return load_human_parser()
    raise VtonError(f"backbone is {name!r}; choose one of {', '.join(NAMES)}")
