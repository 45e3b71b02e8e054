"""DCGAN's networks: counts worked by hand, shapes, first weights, spectral norm."""

import pytest
import torch
from scipy.linalg import svdvals
from torch import nn

from vtonlib.errors import VtonError
from vtonlib.models.dcgan import NORMALISATIONS, DCGANDiscriminator, DCGANGenerator
from vtonlib.training.seeding import seeded


def count(network: nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


def test_the_generator_has_the_parameters_of_the_papers_width():
    project = 100 * 256 * 7 * 7 + 2 * 256  # transposed convolution without bias, batch norm
    grow = 256 * 128 * 4 * 4 + 2 * 128
    paint = 128 * 1 * 4 * 4 + 1
    assert project + grow + paint == 1_781_505
    assert count(DCGANGenerator()) == 1_781_505


@pytest.mark.parametrize(("normalisation", "second"), [("batch", 2 * 256), ("spectral", 256), ("none", 256)])
def test_the_discriminator_has_the_parameters_of_the_papers_width(normalisation, second):
    first = 1 * 128 * 4 * 4 + 128
    middle = 128 * 256 * 4 * 4 + second  # batch norm's scale and shift, or a bias
    last = 256 * 7 * 7 + 1
    assert first + middle + last == {"batch": 539_521, "spectral": 539_265, "none": 539_265}[normalisation]
    assert count(DCGANDiscriminator(normalisation=normalisation)) == first + middle + last


@pytest.mark.parametrize(("latent", "width", "batch"), [(100, 8, 3), (2, 4, 1), (7, 5, 2)])
def test_the_generator_gives_pictures_between_minus_one_and_one(latent, width, batch):
    generator = DCGANGenerator(latent, width).eval()
    pictures = generator(100 * torch.randn(batch, latent))
    assert pictures.shape == (batch, 1, 28, 28)
    assert pictures.abs().max() <= 1


@pytest.mark.parametrize("normalisation", NORMALISATIONS)
@pytest.mark.parametrize("batch", [1, 3])
def test_the_discriminator_gives_one_logit_a_picture(normalisation, batch):
    logits = DCGANDiscriminator(4, normalisation)(torch.zeros(batch, 1, 28, 28))
    assert logits.shape == (batch,)


def test_logits_have_no_sigmoid():
    discriminator = DCGANDiscriminator(4, "none")
    last = discriminator.layers[-1]
    assert isinstance(last, nn.Linear)
    nn.init.constant_(last.bias, -5.0)
    assert discriminator(torch.zeros(1, 1, 28, 28)).item() < -4


@pytest.mark.parametrize("network", [DCGANGenerator, DCGANDiscriminator])
def test_first_weights_are_normal_with_the_papers_deviation(network):
    with seeded(0):
        built = network()
    for module in built.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
            slack = 4 / module.weight.numel() ** 0.5  # four standard errors, in deviations
            assert module.weight.std().item() == pytest.approx(0.02, rel=slack)
            assert abs(module.weight.mean().item()) < 0.02 * slack
            assert module.bias is None or not module.bias.any()
        if isinstance(module, nn.BatchNorm2d):
            assert module.weight.mean().item() == pytest.approx(1, abs=0.01)
            assert module.weight.std().item() == pytest.approx(0.02, rel=0.3)
            assert not module.bias.any()


def test_only_the_papers_layers_are_normalised():
    kinds = [type(module) for module in DCGANDiscriminator(4).layers]
    assert kinds.count(nn.BatchNorm2d) == 1
    assert kinds.index(nn.BatchNorm2d) == 3, "the first layer of D has none"
    generator = [type(module) for module in DCGANGenerator(4, 4).modules()]
    assert generator.count(nn.BatchNorm2d) == 2, "the last layer of G has none"


def test_spectral_normalisation_holds_the_largest_singular_value_at_one():
    with seeded(0):
        discriminator = DCGANDiscriminator(8, "spectral")
    for _ in range(20):  # every forward pass in training mode is one power iteration
        discriminator(torch.zeros(1, 1, 28, 28))
    layers = [layer for layer in discriminator.layers if isinstance(layer, nn.Conv2d | nn.Linear)]
    assert len(layers) == 3
    for layer in layers:
        largest = svdvals(layer.weight.detach().flatten(1).double().numpy())[0]
        assert largest == pytest.approx(1, abs=0.03)
        raw = layer.parametrizations.weight.original
        assert svdvals(raw.detach().flatten(1).numpy())[0] < 0.9, "the raw weights were small"


def test_spectral_normalisation_survives_a_hundredfold_weight():
    discriminator = DCGANDiscriminator(4, "spectral")
    picture = torch.rand(2, 1, 28, 28)
    before = discriminator.eval()(picture)
    with torch.no_grad():
        discriminator.layers[2].parametrizations.weight.original.mul_(100)
    torch.testing.assert_close(discriminator(picture), before)


def test_an_unknown_normalisation_lists_the_known_ones():
    with pytest.raises(VtonError, match="normalisation is 'layer'; choose one of batch, spectral, none"):
        DCGANDiscriminator(4, "layer")
