"""CNNGeometric's matchers: counts, starts, both steps, and that one learns from synthetic warps."""

import pytest
import torch
from torch import nn

from vtonlib.data.synthetic_warps import SyntheticWarps
from vtonlib.errors import VtonError
from vtonlib.geometry.affine import affine_grid
from vtonlib.geometry.compose import compose_affine
from vtonlib.geometry.sampling import identity_grid, warp
from vtonlib.geometry.thin_plate import LatticeTps
from vtonlib.models.cnn_geometric import CnnGeometric, TwoStepMatcher, vgg16_to_pool4


class Told(nn.Module):
    """A matcher that gives what it was told and remembers what it saw."""

    def __init__(self, kind, theta):
        super().__init__()
        self.kind, self.theta = kind, theta

    def forward(self, source, target):
        self.seen = source, target
        return self.theta.expand(len(source), -1)


def regressor_count(places, cells, outputs):
    first = 49 * places * 128 + 128 + 2 * 128
    second = 25 * 128 * 64 + 64 + 2 * 64
    return first + second + cells * 64 * outputs + outputs


@pytest.mark.parametrize(("kind", "outputs"), [("affine", 6), ("tps", 18)])
def test_numbers_of_parameters_are_the_papers(kind, outputs):
    """At 240 x 240, where VGG16 gives 15 x 15 cells and the two convolutions leave 5 x 5 of them."""
    matcher = CnnGeometric(kind, features=nn.Identity(), cells=(15, 15))
    assert matcher.linear.in_features == 1600
    assert sum(p.numel() for p in matcher.parameters()) == regressor_count(225, 25, outputs)


def test_the_papers_features():
    features = vgg16_to_pool4()
    assert sum(p.numel() for p in features.parameters()) == 7_635_264
    assert not any(p.requires_grad for p in features.parameters())
    # Four poolings, so that 240 x 240 has 15 x 15 cells.
    assert features(torch.randn(1, 3, 48, 32)).shape == (1, 512, 3, 2)


def test_other_features_and_cells():
    matcher = CnnGeometric("affine", features=nn.MaxPool2d(4), cells=(15, 15)).eval()
    picture = torch.randn(1, 3, 60, 60)
    assert matcher(picture, picture).shape == (1, 6)


@pytest.mark.parametrize("size", [(256, 192), (128, 96), (64, 48)])
def test_it_starts_close_to_the_map_that_changes_nothing(size):
    source, target = torch.randn(2, 2, 20, *size)
    affine = CnnGeometric("affine", size, channels=20, width=4)(source, target)
    assert torch.allclose(affine.view(2, 2, 3), torch.eye(2, 3).expand(2, -1, -1), atol=0.1)
    tps = CnnGeometric("tps", size, channels=20, width=4)(source, target)
    assert tps.shape == (2, 18)
    assert 0 < tps.abs().max() < 0.1


@pytest.mark.parametrize("kind", ["affine", "tps"])
def test_every_parameter_gets_a_gradient(kind):
    torch.manual_seed(0)
    matcher = CnnGeometric(kind, (64, 48), width=8).eval()
    matcher(torch.randn(2, 3, 64, 48), torch.randn(2, 3, 64, 48)).square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in matcher.parameters())


def test_the_second_step_sees_what_the_first_has_moved():
    source, target = torch.randn(2, 2, 3, 64, 48)
    theta = torch.tensor([[0.9, 0.1, 0.2, -0.1, 1.1, 0.0]])
    affine, tps = Told("affine", theta), Told("tps", torch.zeros(1, 18))
    done = TwoStepMatcher(affine, tps)(source, target)
    assert torch.equal(done.affine, theta.view(1, 2, 3).expand(2, -1, -1))
    assert torch.equal(affine.seen[0], source)
    assert torch.equal(tps.seen[0], warp(source, affine_grid(done.affine, (64, 48))))
    assert torch.equal(tps.seen[1], target)


def test_both_steps_become_one_grid():
    rng = torch.Generator().manual_seed(3)
    theta = torch.tensor([[0.8, 0.0, 0.1, 0.0, 0.9, 0.0]])
    told = Told("affine", theta), Told("tps", 0.1 * torch.randn(1, 18, generator=rng))
    # A smooth picture: interpolating twice and interpolating once differ little.
    picture = identity_grid((64, 48)).permute(2, 0, 1)[None]
    done = TwoStepMatcher(*told)(picture, picture)
    spline = LatticeTps((3, 3), (64, 48))
    bent = spline(spline.offsets_from_theta(done.tps))
    once = warp(picture, compose_affine(done.affine, bent, crop=True))
    twice = warp(warp(picture, affine_grid(done.affine, (64, 48))), bent)
    inside = (bent.abs() < 0.95).all(-1)[:, None].expand_as(once)
    assert inside.float().mean() > 0.5
    assert torch.allclose(once[inside], twice[inside], atol=1e-4)


@pytest.mark.parametrize("kind", ["affine", "tps"])
def test_it_can_learn_a_few_synthetic_warps(kind):
    torch.manual_seed(0)
    rng = torch.Generator().manual_seed(0)
    warps = SyntheticWarps(kind, (32, 24))
    pairs = warps.pairs(torch.rand(4, 2, 32, 24, generator=rng), rng)
    true = warps.grid(pairs.theta)
    matcher = CnnGeometric(kind, (32, 24), channels=2, width=4)
    optimiser = torch.optim.Adam(matcher.parameters(), 3e-3)
    gaps = []
    for _ in range(12):
        gap = (warps.grid(matcher(pairs.source, pairs.target)) - true).square().mean()
        optimiser.zero_grad()
        gap.backward()
        optimiser.step()
        gaps.append(gap.item())
    assert gaps[-1] < 0.3 * gaps[0]


def test_mistakes_are_named():
    with pytest.raises(VtonError, match="kind is 'hom'; choose one of affine, tps"):
        CnnGeometric("hom")
    with pytest.raises(VtonError, match=r"cells is \(16, 10\); give 11 or more"):
        CnnGeometric("tps", features=nn.Identity(), cells=(16, 10))
    with pytest.raises(VtonError, match=r"have \(20, 16\) and \(20, 16\) cells; this matcher takes \(15, 15\)"):
        CnnGeometric("tps", features=nn.Identity(), cells=(15, 15))(
            torch.zeros(1, 3, 20, 16), torch.zeros(1, 3, 20, 16)
        )
    with pytest.raises(VtonError, match="kinds 'tps', 'affine'; give 'affine', then 'tps'"):
        TwoStepMatcher(Told("tps", None), Told("affine", None))
