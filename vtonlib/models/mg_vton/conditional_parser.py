"""MG-VTON's first network (Dong et al. 2019, arXiv:1902.11026, section 3.1): labels of a person in another pose.

It knows the reference by its hair, face and body shape alone, the garment by its picture and the pose by its joints,
and says which label every pixel of the person in that pose has.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from vtonlib.data.labels import LIP_20
from vtonlib.nn.expect import expect
from vtonlib.nn.resnet_generator import ResnetGenerator

MASKS, CLOTH, POSE = 3, 3, 18
INPUTS = MASKS + CLOTH + POSE


class ConditionalParser(nn.Module):
    """24 channels in, one logit for each of the 20 labels out; 66,966,036 parameters by default.

    Args:
        width: channels at full size.
        blocks: residual blocks.
        convolutions: of each block.
    """

    def __init__(self, width: int = 64, blocks: int = 9, convolutions: int = 3) -> None:
        super().__init__()
        self.generator = ResnetGenerator(INPUTS, len(LIP_20), width, blocks, convolutions)

    def forward(self, masks: Tensor, cloth: Tensor, pose: Tensor) -> Tensor:
        """Logits (B, 20, H, W).

        Args:
            masks: (B, 3, H, W), hair, face and body shape of the reference.
            cloth: (B, 3, H, W) in [-1, 1].
            pose: (B, 18, H, W) in {0, 1}, the joints of the target.

        Raises:
            VtonError: if a shape is wrong, or H or W is no multiple of 8.
        """
        for name, given, channels in (("masks", masks, MASKS), ("cloth", cloth, CLOTH), ("pose", pose, POSE)):
            expect(name, given, channels, *cloth.shape[2:])
        logits: Tensor = self.generator(torch.cat([masks, cloth, pose], dim=1))
        return logits
