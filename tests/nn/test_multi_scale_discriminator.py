"""pix2pixHD's discriminator: exact counts, maps, the smaller picture, and what it tells on the way."""

import itertools

import pytest
import torch
from torch.nn import functional as F

from tests.models.counting import count
from vtonlib.nn.multi_scale_discriminator import MultiScaleDiscriminator, ScaleDiscriminator


def on_paper(inputs, widths):
    chain = [inputs, *widths, 1]
    return sum(16 * a * b + b for a, b in itertools.pairwise(chain))


@pytest.mark.parametrize(
    ("levels", "widths", "expected"),
    [(3, [64, 128, 256, 512], 2_803_649), (4, [64, 128, 256, 512, 512], 6_998_465)],
    ids=["pix2pixHD's code", "MG-VTON"],
)
def test_the_number_of_parameters(levels, widths, expected):
    """One scale that sees the picture, a parsing and a pose: 3 + 20 + 18 channels."""
    with torch.device("meta"):
        network = ScaleDiscriminator(41, levels=levels)
        both = MultiScaleDiscriminator(41, levels=levels)
    assert count(network) == on_paper(41, widths) == expected
    assert count(both) == 2 * expected


@pytest.mark.parametrize(("levels", "maps"), [(3, [(35, 27), (19, 15)]), (4, [(19, 15), (11, 9)])])
def test_maps_of_256_x_192(levels, maps):
    judged = MultiScaleDiscriminator(3, width=2, levels=levels)(torch.rand(1, 3, 256, 192))
    assert [tuple(scale.logits.shape[2:]) for scale in judged] == maps
    assert [len(scale.features) for scale in judged] == [levels + 1] * 2


def test_the_second_scale_sees_the_picture_half_as_large():
    network, picture = MultiScaleDiscriminator(3, width=2), torch.rand(2, 3, 64, 48)
    smaller = F.avg_pool2d(picture, 3, stride=2, padding=1, count_include_pad=False)
    assert torch.equal(network(picture)[1].logits, network.scales[1](smaller).logits)


def test_what_is_judged_beside_is_put_beside():
    network, picture, told = MultiScaleDiscriminator(5, width=2), torch.rand(2, 3, 32, 24), torch.rand(2, 2, 32, 24)
    assert torch.equal(network(picture, told)[0].logits, network(torch.cat([picture, told], 1))[0].logits)


def test_every_parameter_gets_a_gradient():
    network = MultiScaleDiscriminator(3, width=2, levels=2)
    sum(scale.logits.square().sum() for scale in network(torch.rand(2, 3, 64, 48))).backward()
    missing = [name for name, p in network.named_parameters() if p.grad is None]
    assert not missing
