"""MG-VTON's refinement render: exact counts, compositions by hand, gradients."""

import pytest
import torch

from tests.models.counting import count
from vtonlib.errors import VtonError
from vtonlib.models.mg_vton.render import RefinementRender


def told(**settings):
    return [torch.rand(2, channels, 32, 24, **settings) for channels in (3, 3, 18)]


@pytest.mark.parametrize(("composes", "expected"), [(True, 66_906_433), (False, 66_912_707)])
def test_the_number_of_parameters_at_the_papers_width(composes, expected):
    with torch.device("meta"):
        assert count(RefinementRender(composes=composes)) == expected


def test_the_picture_is_composed_by_the_mask():
    cloth, coarse, pose = told()
    picture, mask = RefinementRender(width=2, blocks=1).eval()(cloth, coarse, pose)
    assert torch.allclose(picture, mask * cloth + (1 - mask) * coarse)
    assert mask.shape == (2, 1, 32, 24)
    assert mask.min() > 0
    assert mask.max() < 1


def test_the_mask_stays_inside_the_garment():
    cloth, coarse, pose = told()
    inside = torch.zeros(2, 1, 32, 24)
    inside[..., 8:16] = 1
    picture, mask = RefinementRender(width=2, blocks=1).eval()(cloth, coarse, pose, inside)
    assert not mask[..., :8].any()
    assert torch.equal(picture[..., 16:], coarse[..., 16:])


def test_without_a_mask_the_picture_is_drawn():
    picture, mask = RefinementRender(width=2, blocks=1, composes=False)(*told())
    assert picture.shape == (2, 3, 32, 24)
    assert not mask.any()


@pytest.mark.parametrize("composes", [True, False])
def test_every_input_counts_and_every_parameter_gets_a_gradient(composes):
    network, given = RefinementRender(width=2, blocks=1, composes=composes), told(requires_grad=True)
    picture, _ = network(*given)
    (picture * torch.randn_like(picture)).sum().backward()
    assert all(each.grad.abs().amax((0, 2, 3)).min() > 0 for each in given)
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in network.parameters())


def test_a_wrong_input_is_named():
    cloth, coarse, pose = told()
    with pytest.raises(VtonError, match="coarse is"):
        RefinementRender(width=2, blocks=1)(cloth, coarse[:, :2], pose)
