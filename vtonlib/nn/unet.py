"""CP-VTON's U-Net: strided convolutions down, bilinear up-sampling and convolutions up, skips between.

Wang et al. 2018 (arXiv:1807.07688), section 3.2, as its code has it, after pix2pix (Isola et al. 2017,
arXiv:1611.07004). The code up-samples bilinearly with ReLU where the paper says nearest neighbour with LeakyReLU; the
code is followed. Departure: the code normalises the output, too, which gives the logits of every picture the same mean
and deviation and so fixes how large a composition mask must be; here that is off unless asked for.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vtonlib.errors import VtonError


class UNet(nn.Module):
    """From one picture to another of the same size, without bounds.

    Instance normalisation has no weights here. It follows every convolution but the first and the innermost one on the
    way down, and every one on the way up, the last one only with ``last_norm``. Biases before it cannot change the
    output; they are kept since public weights hold them.

    Args:
        inputs: channels of the input.
        outputs: channels of the output.
        levels: halvings, 2 or more; 6 in the paper.
        width: channels at half resolution, 64 in the paper; they double up to 8 times as many.
        last_norm: normalise the output, as the public weights expect.

    Raises:
        VtonError: for fewer than two levels.
    """

    def __init__(self, inputs: int, outputs: int, levels: int = 6, width: int = 64, last_norm: bool = False) -> None:
        super().__init__()
        if levels < 2:
            raise VtonError(f"levels is {levels}; give 2 or more")
        self.inputs, self.last_norm = inputs, last_norm
        widths = [min(width << level, 8 * width) for level in range(levels)]
        self.down = nn.ModuleList(
            nn.Conv2d(before, after, kernel_size=4, stride=2, padding=1)
            for before, after in zip([inputs, *widths], widths, strict=False)
        )
        # From the inside out; all but the innermost also read the skip, which is as wide as what comes from below.
        before_up = [widths[-1], *(2 * wide for wide in widths[-2::-1])]
        self.up = nn.ModuleList(
            nn.Conv2d(before, after, kernel_size=3, padding=1)
            for before, after in zip(before_up, [*widths[-2::-1], outputs], strict=True)
        )

    def forward(self, picture: Tensor) -> Tensor:
        """Map (B, inputs, H, W) to (B, outputs, H, W).

        Raises:
            VtonError: if the channels differ, or H or W is no multiple of 2^levels.
        """
        step = 1 << len(self.down)
        channels, height, width = picture.shape[1:]
        if channels != self.inputs or height % step or width % step:
            raise VtonError(
                f"input is {tuple(picture.shape)}; give (B, {self.inputs}, H, W) with H and W multiples of {step}"
            )
        x: Tensor = self.down[0](picture)
        skips = [x]
        for down in self.down[1:]:
            x = down(F.leaky_relu(x, 0.2))
            if down is not self.down[-1]:
                x = F.instance_norm(x)
                skips.append(x)
        for up in self.up:
            x = up(F.interpolate(F.relu(x), scale_factor=2.0, mode="bilinear", align_corners=False))
            if up is not self.up[-1]:
                x = torch.cat([skips.pop(), F.instance_norm(x)], dim=1)
        return F.instance_norm(x) if self.last_norm else x
