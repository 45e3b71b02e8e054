"""The conditional DCGAN: what it was told changes what it draws and says, and only where it is told."""

import pytest
import torch

from tests.models.counting import count
from vtonlib.errors import VtonError
from vtonlib.models.conditional_dcgan import WAYS, ConditionalDiscriminator, ConditionalGenerator
from vtonlib.models.dcgan import DCGANDiscriminator, DCGANGenerator


def test_numbers_of_parameters():
    assert count(ConditionalGenerator()) == count(DCGANGenerator()) + 10 * 256 * 7 * 7
    plain = count(DCGANDiscriminator())
    assert count(ConditionalDiscriminator(way="none")) == plain
    assert count(ConditionalDiscriminator(way="channels")) == plain + 10 * 128 * 4 * 4
    assert count(ConditionalDiscriminator(way="projection")) == plain + 10 * 256 * 7 * 7


@pytest.mark.parametrize("way", WAYS)
def test_the_label_changes_the_verdict_where_it_is_told(way):
    torch.manual_seed(0)
    discriminator = ConditionalDiscriminator(width=4, way=way).eval()
    picture = torch.randn(1, 1, 28, 28)
    one, other = (discriminator(picture, torch.tensor([label])) for label in (2, 7))
    assert one.shape == (1,)
    assert bool(one == other) == (way == "none")


def test_the_label_changes_the_picture():
    torch.manual_seed(0)
    generator, z = ConditionalGenerator(latent=8, width=4).eval(), torch.randn(1, 8)
    one, other = (generator(z, torch.tensor([label])) for label in (2, 7))
    assert one.shape == (1, 1, 28, 28)
    assert (one - other).abs().max() > 1e-3 * one.abs().max()


def test_another_way_is_refused():
    with pytest.raises(VtonError, match="choose one of channels, projection, none"):
        ConditionalDiscriminator(way="whisper")
