"""The human parser: shapes, resolution, and what it refuses."""

import pytest
import torch

from vtonlib.errors import VtonError
from vtonlib.models.human_parser import HumanParser


@pytest.mark.parametrize("size", [(64, 48), (128, 96), (32, 16)])
def test_there_is_a_logit_for_each_label_and_pixel(size):
    logits = HumanParser(classes=7, width=4)(torch.zeros(2, 3, *size))
    assert logits.shape == (2, 7, *size)


def test_the_default_has_the_width_of_u_net():
    parser = HumanParser()
    assert parser.down[0][0][0].weight.shape == (64, 3, 3, 3)
    # By hand: a 3 x 3 convolution from a to b channels with its normalisation has 9 a b + 2 b weights.
    pairs = [(3, 64), (64, 64), (64, 128), (128, 128), (128, 256), (256, 256), (256, 256), (256, 256)]
    pairs += [(512, 256), (256, 256), (384, 128), (128, 128), (192, 64), (64, 64)]
    expected = sum(9 * a * b + 2 * b for a, b in pairs) + 64 * 84 + 84
    assert sum(p.numel() for p in parser.parameters()) == expected


def test_every_parameter_gets_a_gradient():
    parser = HumanParser(classes=5, width=4)
    parser(torch.randn(2, 3, 32, 32)).square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in parser.parameters())


def test_pixels_of_a_cell_have_labels_of_their_own():
    """The last layer gives four labels for each cell of half resolution: one for each of its pixels."""
    parser = HumanParser(classes=3, width=4).eval()
    with torch.no_grad():
        parser.label.weight.zero_()
        parser.label.bias.copy_(torch.arange(12.0))
        logits = parser(torch.zeros(1, 3, 16, 16))
    assert logits[0, :, :2, :2].tolist() == [[[0, 1], [2, 3]], [[4, 5], [6, 7]], [[8, 9], [10, 11]]]


def test_weights_by_hand_and_what_evaluation_makes_of_them():
    parser = HumanParser(classes=2, width=4)
    labels = torch.zeros(1, 10, 10, dtype=torch.long)
    labels[0, 0, :4] = 1  # a share of 0.04 beside 0.96
    rarity = [1 / 0.961**0.5, 1 / 0.041**0.5]
    expected = torch.tensor([2 * value / sum(rarity) for value in rarity])
    for _ in range(500):
        weight = parser.weigh(labels)
    torch.testing.assert_close(weight, expected)
    picture = torch.randn(1, 3, 32, 32)
    parser.eval()
    corrected = parser(picture)
    parser.log_weight.zero_()
    torch.testing.assert_close(corrected + 0.5 * expected.log().view(1, 2, 1, 1), parser(picture), atol=1e-3, rtol=0)


def test_sides_that_cannot_be_halved_are_refused():
    with pytest.raises(VtonError, match=r"picture is \(64, 50\); give sides that are multiples of 16"):
        HumanParser(width=4)(torch.zeros(1, 3, 64, 50))
