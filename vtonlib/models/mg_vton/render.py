"""MG-VTON's refinement render (Dong et al. 2019, arXiv:1902.11026, section 3.3): back to the garment's own pixels.

A network looks at the warped garment, the coarse person and the joints, and says where the garment's pixels are
better. Departure, optional: the mask is held inside the warped garment's, without which the term that asks for more
cloth may paste paper everywhere.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from vtonlib.nn.expect import expect
from vtonlib.nn.resnet_generator import ResnetGenerator

CHANNELS = {"cloth": 3, "coarse": 3, "pose": 18}


class Rendered(NamedTuple):
    """What the render gives.

    Attributes:
        picture: (B, 3, H, W) in [-1, 1].
        mask: (B, 1, H, W) in [0, 1], where the garment's own pixels are; all zeros if there is no composition.
    """

    picture: Tensor
    mask: Tensor


class RefinementRender(nn.Module):
    """24 channels in, a composition mask out; 66,906,433 parameters by default.

    Args:
        width: channels at full size.
        blocks: residual blocks.
        convolutions: of each block.
        composes: False draws the picture instead of a mask, the paper's "w/o Mask".
    """

    def __init__(self, width: int = 64, blocks: int = 9, convolutions: int = 3, composes: bool = True) -> None:
        super().__init__()
        self.composes = composes
        outputs = 1 if composes else 3
        self.generator = ResnetGenerator(sum(CHANNELS.values()), outputs, width, blocks, convolutions)

    def forward(self, cloth: Tensor, coarse: Tensor, pose: Tensor, inside: Tensor | None = None) -> Rendered:
        """Refine a coarse picture.

        Args:
            cloth: (B, 3, H, W) in [-1, 1], the warped garment.
            coarse: (B, 3, H, W) in [-1, 1], the Warp-GAN's person.
            pose: (B, 18, H, W) in {0, 1}, the joints of the target.
            inside: (B, 1, H, W) in [0, 1], the warped garment's mask, which the composition mask may not leave; None
                lets it go anywhere, as in the paper.

        Raises:
            VtonError: if a shape is wrong, or H or W is no multiple of 8.
        """
        for name, given in (("cloth", cloth), ("coarse", coarse), ("pose", pose)):
            expect(name, given, CHANNELS[name], *cloth.shape[2:])
        answer = self.generator(torch.cat([cloth, coarse, pose], dim=1))
        if not self.composes:
            return Rendered(answer.tanh(), torch.zeros_like(answer[:, :1]))
        mask = answer.sigmoid() if inside is None else answer.sigmoid() * inside
        return Rendered(mask * cloth + (1 - mask) * coarse, mask)
