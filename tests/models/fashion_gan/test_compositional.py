"""Compositional mapping: what masks of either kind do to values and to gradients."""

import pytest
import torch

from vtonlib.errors import VtonError
from vtonlib.models.fashion_gan.compositional import CompositionalMapping, compose
from vtonlib.models.fashion_gan.shape import hard_map, soft_map


def random(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def test_by_hand():
    renderings = torch.tensor([1.0, -1.0]).view(1, 2, 1, 1, 1).expand(1, 2, 3, 1, 2)
    masks = torch.tensor([[1.0, 0.25], [0.0, 0.75]]).view(1, 2, 1, 2)
    assert compose(renderings, masks)[0, :, 0].tolist() == [[1, -0.5]] * 3


def test_with_one_hot_masks_each_pixel_is_that_of_one_rendering():
    renderings, logits = random(2, 7, 3, 8, 6).tanh(), random(2, 7, 8, 6, seed=1)
    picture = compose(renderings, hard_map(logits))
    labels = logits.argmax(1)
    for image in range(2):
        for y in range(8):
            for x in range(6):
                assert torch.equal(picture[image, :, y, x], renderings[image, labels[image, y, x], :, y, x])


def test_a_rendering_has_no_gradient_outside_its_region():
    renderings, logits = random(2, 7, 3, 8, 6).requires_grad_(), random(2, 7, 8, 6, seed=1)
    masks = hard_map(logits)
    (compose(renderings, masks) * random(2, 3, 8, 6, seed=2)).sum().backward()
    inside = masks[:, :, None].expand_as(renderings) == 1
    assert (renderings.grad[~inside] == 0).all()
    assert (renderings.grad[inside] != 0).all()


def test_one_label_everywhere_leaves_a_plain_generator():
    renderings, masks = random(2, 7, 3, 8, 6), torch.zeros(2, 7, 8, 6)
    masks[:, 4] = 1
    assert torch.equal(compose(renderings, masks), renderings[:, 4])


def test_shares_keep_the_range():
    renderings, masks = (50 * random(2, 7, 3, 8, 6)).tanh(), soft_map(3 * random(2, 7, 8, 6, seed=1))
    picture = compose(renderings, masks)
    assert picture.abs().max() <= 1 + 1e-6
    torch.testing.assert_close(compose(torch.ones_like(renderings), masks), torch.ones(2, 3, 8, 6))


def test_soft_masks_let_the_loss_reach_the_map_and_hard_ones_do_not():
    channels = random(2, 21, 8, 6).tanh().requires_grad_()
    probabilities = soft_map(random(2, 7, 8, 6, seed=1)).requires_grad_()
    CompositionalMapping(7)(channels, probabilities).square().sum().backward()
    assert (probabilities.grad != 0).all()
    probabilities.grad = None
    CompositionalMapping(7, hard=True)(channels, probabilities).square().sum().backward()
    assert probabilities.grad is None
    assert channels.grad.abs().sum() > 0


def test_hard_masks_equal_soft_ones_of_a_sure_map():
    channels, masks = random(2, 21, 8, 6), hard_map(random(2, 7, 8, 6, seed=1))
    assert torch.equal(CompositionalMapping(7, hard=True)(channels, masks), CompositionalMapping(7)(channels, masks))


def test_channels_of_one_region_lie_together():
    masks = torch.zeros(1, 7, 1, 1)
    masks[:, 2] = 1
    picture = CompositionalMapping(7)(torch.arange(21.0).view(1, 21, 1, 1), masks)
    assert picture.flatten().tolist() == [6, 7, 8]


def test_what_does_not_fit_is_refused():
    with pytest.raises(VtonError, match=r"renderings are \(2, 7, 3, 8, 8\) and masks \(2, 6, 8, 8\); give"):
        compose(torch.zeros(2, 7, 3, 8, 8), torch.zeros(2, 6, 8, 8))
    with pytest.raises(VtonError, match=r"channels are \(2, 3, 8, 8\); give \(B, 21, H, W\)"):
        CompositionalMapping(7)(torch.zeros(2, 3, 8, 8), torch.zeros(2, 7, 8, 8))
