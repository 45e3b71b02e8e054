"""The patch discriminator: its exact count, how much of a picture one logit sees, independence of the batch."""

import pytest
import torch

from tests.models.counting import count
from vtonlib.nn.patch_discriminator import PatchDiscriminator


def test_the_number_of_parameters_is_pix2pix_s_without_its_normalisation():
    """C64-C128-C256-C512 and one channel; the first and the last have biases."""
    pairs = [(6, 64), (64, 128), (128, 256), (256, 512), (512, 1)]
    assert count(PatchDiscriminator(6)) == sum(a * b * 16 for a, b in pairs) + 64 + 1 == 2_766_913


@pytest.mark.parametrize(("levels", "reach"), [(3, 70), (2, 34), (1, 16)])
def test_a_logit_sees_a_patch(levels, reach):
    """Isola et al. 2017, appendix 6.1.2: 70 x 70 with three halvings."""
    network = PatchDiscriminator(1, width=2, levels=levels)
    for layer in network.layers:
        if isinstance(layer, torch.nn.InstanceNorm2d):
            layer.forward = lambda x: x  # it looks at the whole picture
    picture = torch.randn(1, 1, 160, 160, requires_grad=True)
    logits = network(picture)
    logits[0, 0, logits.shape[2] // 2, logits.shape[3] // 2].backward()
    rows = picture.grad[0, 0].abs().sum(1).nonzero().flatten()
    assert int(rows[-1] - rows[0]) + 1 == reach


def test_one_picture_is_judged_as_it_is_among_others():
    network, pictures = PatchDiscriminator(3, width=4), torch.randn(3, 3, 64, 48)
    assert torch.allclose(network(pictures)[:1], network(pictures[:1]), atol=1e-5)
    assert network(pictures).shape == (3, 1, 6, 4)
