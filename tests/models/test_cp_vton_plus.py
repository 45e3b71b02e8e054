"""CP-VTON+'s networks: CP-VTON's, with masks among their inputs."""

import pytest
import torch

from vtonlib.errors import VtonError
from vtonlib.models.cp_vton_plus import GeometricMatcherPlus, TryOnModulePlus


def test_numbers_of_parameters_are_the_papers():
    networks = GeometricMatcherPlus(), TryOnModulePlus()
    assert [sum(p.numel() for p in network.parameters()) for network in networks] == [19_055_602, 21_350_276]


@pytest.mark.parametrize("size", [(256, 192), (128, 96), (64, 48)])
def test_shapes(size):
    person, mask = torch.randn(2, 22, *size), torch.rand(2, 1, *size).round()
    assert GeometricMatcherPlus(size, width=4)(person, mask).shape == (2, 50)
    done = TryOnModulePlus(size, width=4, last_norm=True)(person, torch.randn(2, 3, *size), mask)
    assert done.picture.shape == (2, 3, *size)
    assert done.mask.shape == (2, 1, *size)


def test_gradients_reach_every_weight_and_the_masks():
    torch.manual_seed(0)
    person, warped = torch.randn(2, 22, 64, 48), torch.randn(2, 3, 64, 48)
    mask = torch.rand(2, 1, 64, 48).round().requires_grad_()
    matcher, module = GeometricMatcherPlus((64, 48), width=8).eval(), TryOnModulePlus((64, 48), width=4)
    done = module(person, warped, mask)
    (done.picture.square().sum() + done.mask.square().sum()).backward()
    assert mask.grad.abs().sum() > 0
    assert all(p.grad.abs().sum() > 0 for p in module.parameters() if p.dim() > 1)
    matcher(person, mask).square().sum().backward()
    assert all(p.grad.abs().sum() > 0 for p in matcher.parameters())


def test_colours_are_refused():
    with pytest.raises(VtonError, match=r"cloth is \(1, 3, 64, 48\); this matcher takes \(B, 1, 64, 48\)"):
        GeometricMatcherPlus((64, 48), width=4)(torch.zeros(1, 22, 64, 48), torch.zeros(1, 3, 64, 48))
