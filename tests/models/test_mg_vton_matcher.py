"""MG-VTON's matcher: masks only."""

import pytest
import torch

from vtonlib.models.mg_vton_matcher import MaskMatcher


def test_number_of_parameters():
    """CP-VTON's matcher, whose first convolutions of 4 x 4 and 64 channels read 1 channel each instead of 22 and 3."""
    assert sum(p.numel() for p in MaskMatcher().parameters()) == 19_057_650 - (21 + 2) * 16 * 64 == 19_034_098
    assert sum(p.numel() for p in MaskMatcher(target_mask=True).parameters()) == 19_034_098 + 16 * 64


@pytest.mark.parametrize("size", [(256, 192), (128, 96), (64, 48)])
@pytest.mark.parametrize("target_mask", [False, True])
def test_it_tells_fifty_bounded_numbers(size, target_mask):
    body, mask = torch.rand(2, 1 + target_mask, *size), torch.rand(2, 1, *size).round()
    theta = MaskMatcher(size, width=4, target_mask=target_mask)(body, mask)
    assert theta.shape == (2, 50)
    assert 0 < theta.abs().max() <= 1


def test_every_parameter_gets_a_gradient():
    torch.manual_seed(0)
    matcher = MaskMatcher((64, 48), width=8, lattice=(3, 3)).eval()
    theta = matcher(torch.rand(2, 1, 64, 48), torch.rand(2, 1, 64, 48).round())
    assert theta.shape == (2, 18)
    theta.sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in matcher.parameters())


def test_empty_masks_give_numbers():
    theta = MaskMatcher((64, 48), width=4).eval()(torch.zeros(1, 1, 64, 48), torch.zeros(1, 1, 64, 48))
    assert theta.isfinite().all()
