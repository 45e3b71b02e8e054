"""The perceptual loss by hand with a backbone of two layers, and on the book's parser."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from vtonlib.errors import VtonError
from vtonlib.losses.perceptual import PerceptualLoss, balanced_weights, perceptual_terms
from vtonlib.nn.backbones import backbone
from vtonlib.nn.backbones.frozen import Backbone


class Doubles(Backbone):
    """phi_1 = 2 x, phi_2 = the mean of blocks of 4 x 4, times 6."""

    name = "doubles"
    names = ("twice", "blocks")

    def __init__(self):
        layer = nn.Conv2d(3, 3, 1, bias=False)
        with torch.no_grad():
            layer.weight.copy_(2 * torch.eye(3).view(3, 3, 1, 1))
        super().__init__(layer)

    def features(self, scaled):
        twice = self.layers(scaled)
        return twice, 3 * F.avg_pool2d(twice, 4)


def plain(*levels, size=(16, 16)):
    return torch.tensor(levels).view(-1, 1, 1, 1).expand(-1, 3, *size).contiguous()


def stripes(height):
    """Rows of +height and -height in turn, whose blocks have mean 0."""
    return height * torch.tensor([1.0, -1.0]).repeat(8).view(1, 1, 16, 1).expand(1, 3, 16, 16)


def test_terms_by_hand():
    result = [torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([0.5])]
    truth = [torch.tensor([[1.0, 0.0], [3.0, 8.0]]), torch.tensor([-0.5])]
    assert perceptual_terms(result, truth).tolist() == [6 / 4, 1]


def test_loss_by_hand():
    loss = PerceptualLoss(Doubles(), [0.5, 10])
    # All pixels are off by 0.3: 2 * 0.3 in the first layer, 6 * 0.3 in the second.
    assert loss(plain(0.2), plain(-0.1)).item() == pytest.approx(0.5 * 0.6 + 10 * 1.8)
    # Stripes of +-0.3 are gone in blocks.
    assert loss(stripes(0.3), plain(0.0)).item() == pytest.approx(0.5 * 0.6, abs=1e-5)


def test_it_is_the_mean_over_the_batch():
    loss = PerceptualLoss(Doubles(), [1, 1])
    apart = [loss(plain(level), plain(0.0)) for level in (0.1, 0.5)]
    torch.testing.assert_close(loss(plain(0.1, 0.5), plain(0.0, 0.0)), sum(apart) / 2)


def test_gradients_reach_the_result_alone():
    net, result, truth = Doubles(), plain(0.2).requires_grad_(True), plain(-0.1).requires_grad_(True)
    PerceptualLoss(net, [0.5, 10]).train()(result, truth).backward()
    # d/dx of 0.5 mean|2 d| + 10 mean|6 mean d|, d > 0, spread over 3 * 16 * 16 numbers.
    torch.testing.assert_close(result.grad, torch.full_like(result, (0.5 * 2 + 10 * 6) / 768))
    assert truth.grad is None
    assert net.layers.weight.grad is None
    assert not net.training


def test_weights_make_each_layer_count_as_much_as_the_pixels():
    results, truths = torch.cat([plain(0.2), stripes(0.3)]), torch.zeros(2, 3, 16, 16)
    weights = balanced_weights(Doubles(), results, truths)
    # Pixels differ by 0.25 in the mean, layers by 0.5 and by 6 * 0.2 / 2.
    assert weights == pytest.approx((0.25 / 0.5, 0.25 / 0.6))
    assert [type(weight) for weight in weights] == [float, float]
    assert PerceptualLoss(Doubles(), weights)(results, truths).item() == pytest.approx(2 * 0.25)


def test_pictures_that_agree_give_no_weights():
    with pytest.raises(
        VtonError, match=r"pixels: differ by 0\.0 between results and truths; give pictures that differ"
    ):
        balanced_weights(Doubles(), plain(0.2), plain(0.2))
    with pytest.raises(VtonError, match=r"blocks: differ by 0\.0"):
        balanced_weights(Doubles(), stripes(0.25), plain(0.0))


@pytest.mark.parametrize("weights", [[1.0], [1.0, -0.1], [1.0, float("nan")], [1.0, float("inf")]])
def test_weights_that_do_not_fit(weights):
    with pytest.raises(VtonError, match="give a number >= 0 for each of twice, blocks"):
        PerceptualLoss(Doubles(), weights)


def test_shapes_that_do_not_fit():
    with pytest.raises(VtonError, match=r"result and truth are \(2, 3, 16, 16\) and \(1, 3, 16, 16\)"):
        PerceptualLoss(Doubles(), [1, 1])(plain(0.1, 0.2), plain(0.1))
    for result, truth in [([], []), ([torch.zeros(2)], [torch.zeros(1)]), ([torch.zeros(1)], [torch.zeros(1)] * 2)]:
        with pytest.raises(VtonError, match="features of result and truth have shapes"):
            perceptual_terms(result, truth)


@pytest.fixture(scope="module")
def parser_loss():
    return PerceptualLoss(backbone("human_parser"), [1, 1, 1, 1])


def blobs(shift=0):
    noise = torch.rand(2, 3, 64, 48, generator=torch.Generator().manual_seed(0)) * 2 - 1
    return F.avg_pool2d(noise, 5, 1, 2).mul(3).clamp(-1, 1).roll(shift, 3)


def test_a_picture_costs_nothing_beside_itself_and_more_the_further_it_is_off(parser_loss):
    truth = blobs()
    costs = [parser_loss((1 - share) * truth + share * blobs(24), truth).item() for share in (0, 0.1, 0.4, 1)]
    assert costs[0] == 0
    assert costs == sorted(set(costs))
    assert parser_loss(blobs(1), truth) > 0.1 * parser_loss(blobs(24), truth)


def test_bfloat16_changes_little_and_answers_in_float32(parser_loss):
    exact = parser_loss(blobs(4), blobs())
    with torch.autocast("cpu", torch.bfloat16):
        rough = parser_loss(blobs(4).bfloat16(), blobs())
        assert parser_loss(blobs(), blobs()) == 0
    assert rough.dtype == torch.float32
    assert rough.item() == pytest.approx(exact.item(), rel=0.02)
    assert rough.item() != exact.item()
