"""CP-VTON's U-Net."""

import pytest
import torch
from torch.nn import functional as F

from vtonlib.errors import VtonError
from vtonlib.nn.unet import UNet


@pytest.mark.parametrize(("size", "levels"), [((256, 192), 6), ((128, 96), 5), ((64, 48), 4), ((8, 8), 2)])
def test_the_output_has_the_size_of_the_input(size, levels):
    assert UNet(5, 4, levels, width=4)(torch.randn(2, 5, *size)).shape == (2, 4, *size)


def test_channels_are_the_papers():
    unet = UNet(25, 4)
    assert [layer.out_channels for layer in unet.down] == [64, 128, 256, 512, 512, 512]
    assert [(layer.in_channels, layer.out_channels) for layer in unet.up] == [
        (512, 512),
        (1024, 512),
        (1024, 256),
        (512, 128),
        (256, 64),
        (128, 4),
    ]


def test_two_levels_written_out():
    unet, x = UNet(3, 2, levels=2, width=4), torch.randn(2, 3, 16, 12)
    skip = unet.down[0](x)
    y = unet.down[1](F.leaky_relu(skip, 0.2))
    y = F.instance_norm(unet.up[0](F.interpolate(F.relu(y), scale_factor=2, mode="bilinear", align_corners=False)))
    both = F.relu(torch.cat([skip, y], dim=1))
    y = unet.up[1](F.interpolate(both, scale_factor=2, mode="bilinear", align_corners=False))
    assert torch.equal(unet(x), y)


def test_the_last_normalisation_fixes_mean_and_deviation_of_every_picture():
    x = torch.randn(3, 5, 32, 24)
    for last_norm in (False, True):
        out = UNet(5, 4, levels=3, width=4, last_norm=last_norm)(x)
        fixed = out.mean((2, 3)).abs().max() < 1e-4 and (out.std((2, 3)) - 1).abs().max() < 0.01
        assert fixed == last_norm


def test_gradients_reach_all_but_the_biases_that_normalisation_takes_away():
    unet = UNet(5, 4, levels=4, width=4)
    unet(torch.randn(2, 5, 64, 48)).square().mean().backward()
    size = {name: parameter.grad.abs().max() for name, parameter in unet.named_parameters()}
    dead = {name for name, largest in size.items() if largest < 1e-6}
    assert dead == {f"{way}.{level}.bias" for way, levels in (("down", (1, 2)), ("up", (0, 1, 2))) for level in levels}


@pytest.mark.parametrize("shape", [(1, 5, 60, 48), (1, 5, 64, 40), (1, 4, 64, 48)])
def test_inputs_that_do_not_fit_are_refused(shape):
    with pytest.raises(VtonError, match=r"input is .*; give \(B, 5, H, W\) with H and W multiples of 16"):
        UNet(5, 4, levels=4, width=4)(torch.zeros(shape))


def test_one_level_is_refused():
    with pytest.raises(VtonError, match="levels is 1; give 2 or more"):
        UNet(5, 4, levels=1)
