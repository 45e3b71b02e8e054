"""VGG19: the layers against torchvision's whole network, the input by hand, and the file that may not be there."""

import pytest
import torch
from torchvision.models import vgg19

from vtonlib.errors import VtonError
from vtonlib.nn.backbones import backbone
from vtonlib.nn.backbones import vgg19 as module
from vtonlib.nn.backbones.vgg19 import VGG19

# Channels of the convolutions of column E in table 1 of the paper, up to conv5_2.
COLUMN_E = [(1, 1, 3, 64), (1, 2, 64, 64), (2, 1, 64, 128), (2, 2, 128, 128), (3, 1, 128, 256)]
COLUMN_E += [(3, k, 256, 256) for k in (2, 3, 4)] + [(4, 1, 256, 512)] + [(4, k, 512, 512) for k in (2, 3, 4)]
COLUMN_E += [(5, k, 512, 512) for k in (1, 2)]


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """An empty cache of torch.hub, and a network that refuses everything."""

    def refuse(url, path, hash_prefix):
        raise AssertionError(f"asked for {url}")

    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    monkeypatch.setattr(torch.hub, "download_url_to_file", refuse)
    return tmp_path / "checkpoints" / "vgg19-dcbb9e9d.pth"


def small_state():
    """Weights of the right shapes that take no room: one number for each tensor, repeated."""
    with torch.device("meta"):
        shapes = {key: tensor.shape for key, tensor in vgg19(weights=None).state_dict().items()}
    return {key: torch.tensor(0.001 * k).expand(shape) for k, (key, shape) in enumerate(shapes.items())}


def test_layers_are_the_second_convolutions_of_each_block_after_relu():
    torch.manual_seed(0)
    ours = VGG19(None)
    with torch.device("meta"):
        theirs = vgg19(weights=None).features
    theirs.to_empty(device="cpu")
    numbers = iter([tensor for layer in ours.layers for tensor in layer.state_dict().values()])
    convolutions = [layer for layer in theirs if isinstance(layer, torch.nn.Conv2d)]
    found = {}
    for (block, k, before, after), layer in zip(COLUMN_E, convolutions, strict=False):
        assert layer.weight.shape == (after, before, 3, 3)
        with torch.no_grad():
            layer.weight.copy_(next(numbers))
            layer.bias.copy_(next(numbers))

        def keep(_, __, output, name=f"conv{block}_{k}"):
            found[name] = output.clone().relu()  # what its ReLU, in place, makes of it

        layer.register_forward_hook(keep)
    assert next(numbers, None) is None  # nothing deeper is kept
    picture = torch.rand(1, 3, 32, 32) * 2 - 1
    mean, deviation = torch.tensor([[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]]).view(2, 3, 1, 1)
    with torch.no_grad():
        theirs[:31]((picture / 2 + 0.5 - mean) / deviation)
        mine = dict(zip(ours.names, ours(picture), strict=True))
    assert list(mine) == ["conv1_2", "conv2_2", "conv3_2", "conv4_2", "conv5_2"]
    for name, layer in mine.items():
        assert found[name].std() > 0.03
        torch.testing.assert_close(layer, found[name], rtol=1e-3, atol=1e-3)


def test_the_input_is_scaled_as_torchvision_does():
    from torchvision.models import VGG19_Weights

    levels = torch.randint(0, 256, (1, 3, 224, 224), dtype=torch.uint8)
    theirs = VGG19_Weights.IMAGENET1K_V1.transforms(resize_size=224)(levels)
    torch.testing.assert_close(VGG19(None).scaled(levels / 127.5 - 1), theirs)


def test_nothing_is_fetched_unasked(hub):
    with pytest.raises(VtonError) as error:
        backbone("vgg19")
    assert str(error.value) == (
        f"{hub}: the weights of VGG19 are not there; set download=True to fetch 548 MB, or choose another backbone, "
        "efficientnet_lite0 or human_parser"
    )


def test_a_file_that_is_there_is_read(hub):
    hub.parent.mkdir()
    state = small_state()
    torch.save(state, hub)
    convolutions = [layer for part in backbone("vgg19").layers for layer in part if isinstance(layer, torch.nn.Conv2d)]
    assert len(convolutions) == 14
    assert torch.equal(convolutions[0].weight, state["features.0.weight"])
    assert torch.equal(convolutions[-1].bias, state["features.30.bias"])
    assert not convolutions[0].weight.requires_grad


def test_it_is_fetched_on_request_and_checked(hub, monkeypatch):
    asked = []

    def fetch(url, path, hash_prefix):
        asked.append((url.rsplit("/", 1)[-1], hash_prefix))
        torch.save(small_state(), path)

    monkeypatch.setattr(torch.hub, "download_url_to_file", fetch)
    assert backbone("vgg19", download=True).name == "vgg19"
    backbone("vgg19", download=True)  # it is there by now
    assert asked == [("vgg19-dcbb9e9d.pth", "dcbb9e9d")]


def test_no_connection(hub, monkeypatch):
    def fail(url, path, hash_prefix):
        raise OSError("no route")

    monkeypatch.setattr(torch.hub, "download_url_to_file", fail)
    with pytest.raises(
        VtonError, match=r"vgg19-dcbb9e9d.pth: could not be fetched from .* \(no route\); copy it there"
    ):
        backbone("vgg19", download=True)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a file of torch",
        {},
        [1, 2],
        {"features.0.weight": torch.zeros(1)},
    ],
)
def test_a_damaged_file_is_one_line(hub, content):
    hub.parent.mkdir()
    if isinstance(content, bytes):
        hub.write_bytes(content)
    else:
        torch.save(content, hub)
    with pytest.raises(VtonError, match=r"vgg19-dcbb9e9d.pth: is damaged .*; delete it and fetch it again") as error:
        module.load_vgg19()
    assert "\n" not in str(error.value)
