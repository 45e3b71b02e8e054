"""CP-VTON's two networks: sizes, exact counts, gradients, determinism, and what they refuse."""

import pytest
import torch

from vtonlib.errors import VtonError
from vtonlib.geometry.sampling import warp
from vtonlib.geometry.thin_plate import LatticeTps
from vtonlib.models.cp_vton import GeometricMatcher, Rendering, TryOnModule

SIZES = [(256, 192), (128, 96), (64, 48)]


def count(network):
    return sum(parameter.numel() for parameter in network.parameters())


@pytest.mark.parametrize("size", SIZES)
def test_the_matcher_gives_two_numbers_for_each_node(size):
    matcher = GeometricMatcher(size, width=4)
    theta = matcher(torch.randn(2, 22, *size), torch.randn(2, 3, *size))
    assert theta.shape == (2, 50)
    assert theta.abs().max() < 1
    assert theta.std() > 0


def test_the_loss_of_a_warped_garment_reaches_every_weight():
    torch.manual_seed(0)
    matcher, spline = GeometricMatcher((64, 48), width=8).eval(), LatticeTps((5, 5), (64, 48))
    cloth = torch.rand(2, 3, 64, 48)
    grid = spline(spline.offsets_from_theta(matcher(torch.randn(2, 22, 64, 48), cloth)))
    (warp(cloth, grid, "border") - torch.rand(2, 3, 64, 48)).abs().mean().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in matcher.parameters())


def test_the_matcher_takes_other_lattices():
    matcher = GeometricMatcher((64, 48), width=4, lattice=(3, 4))
    assert matcher(torch.randn(2, 22, 64, 48), torch.randn(2, 3, 64, 48)).shape == (2, 24)


def test_numbers_of_parameters_are_the_papers():
    assert count(GeometricMatcher()) == 19_057_650
    assert count(TryOnModule()) == 21_349_252


def test_smaller_sizes_leave_layers_out():
    """By hand: two strided convolutions less with their normalisation, and the next one reads 128 channels, not 512."""
    less = (256 * 128 * 16 + 256 + 2 * 256) + (512 * 256 * 16 + 512 + 2 * 512) + 512 * (512 - 128) * 9
    assert count(GeometricMatcher((64, 48))) == 19_057_650 - 2 * less
    outer = 512 * 512 * 16 + 512 + 512 * 1024 * 9 + 512
    assert count(TryOnModule((128, 96))) == 21_349_252 - outer


def test_every_parameter_of_the_matcher_gets_a_gradient():
    """In evaluation mode: in training, batch normalisation takes away the biases before it."""
    torch.manual_seed(0)
    matcher = GeometricMatcher((64, 48), width=8).eval()
    matcher(torch.randn(2, 22, 64, 48), torch.randn(2, 3, 64, 48)).square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in matcher.parameters())


def test_every_parameter_of_the_try_on_module_gets_a_gradient():
    """The biases that cannot change anything are named in the tests of the U-Net."""
    torch.manual_seed(0)
    module = TryOnModule((64, 48), width=4)
    picture, mask = module(torch.randn(2, 22, 64, 48), torch.randn(2, 3, 64, 48))
    (picture.square().sum() + mask.square().sum()).backward()
    assert all(p.grad is not None for p in module.parameters())
    assert all(p.grad.abs().sum() > 0 for p in module.parameters() if p.dim() > 1)


@pytest.mark.parametrize("kind", [GeometricMatcher, TryOnModule])
def test_one_seed_gives_one_answer(kind):
    answers = []
    for _ in range(2):
        torch.manual_seed(7)
        network = kind((64, 48), width=4)
        answers.append(network(torch.randn(2, 22, 64, 48), torch.randn(2, 3, 64, 48)))
    first, second = (answer if isinstance(answer, Rendering) else (answer,) for answer in answers)
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))


def test_the_matcher_can_learn_one_answer():
    torch.manual_seed(0)
    matcher = GeometricMatcher((64, 48), width=4)
    person, cloth, wanted = torch.randn(2, 22, 64, 48), torch.randn(2, 3, 64, 48), 0.3 * torch.randn(2, 50)
    optimiser = torch.optim.Adam(matcher.parameters(), 5e-3)
    losses = []
    for _ in range(20):
        loss = (matcher(person, cloth) - wanted).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.2 * losses[0]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("last_norm", [False, True])
def test_the_try_on_module_gives_a_picture_and_a_mask(size, last_norm):
    done = TryOnModule(size, width=4, last_norm=last_norm)(torch.randn(2, 22, *size), torch.randn(2, 3, *size))
    assert done.picture.shape == (2, 3, *size)
    assert done.mask.shape == (2, 1, *size)
    assert done.picture.abs().max() <= 1
    assert done.mask.min() >= 0
    assert done.mask.max() <= 1


def test_the_mask_chooses_the_garment():
    done = Rendering(torch.full((1, 3, 1, 2), -1.0), torch.tensor([0.0, 1.0]).view(1, 1, 1, 2))
    warped = torch.tensor([0.25, 0.5]).expand(1, 3, 1, 2)
    assert done.wearing(warped)[0, 0, 0].tolist() == [-1, 0.5]


def test_the_last_channel_is_the_mask():
    logits = torch.tensor([-9.0, 0.0, 9.0, -9.0]).view(1, 4, 1, 1)
    done = Rendering.of(logits)
    assert done.picture.flatten().tolist() == pytest.approx([-1, 0, 1], abs=1e-6)
    assert done.mask.item() == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("kind", [GeometricMatcher, TryOnModule])
def test_other_sizes_are_refused(kind):
    with pytest.raises(VtonError, match=r"size is \(256, 256\)"):
        kind((256, 256))


def test_inputs_that_do_not_fit_are_refused():
    matcher = GeometricMatcher((64, 48), width=4)
    with pytest.raises(VtonError, match=r"cloth is \(1, 3, 128, 96\); this matcher takes \(B, 3, 64, 48\)"):
        matcher(torch.zeros(1, 22, 64, 48), torch.zeros(1, 3, 128, 96))
    with pytest.raises(VtonError, match=r"person is \(1, 18, 64, 48\); this matcher takes \(B, 22, 64, 48\)"):
        matcher(torch.zeros(1, 18, 64, 48), torch.zeros(1, 3, 64, 48))
    with pytest.raises(VtonError, match=r"input is \(1, 21, 64, 48\); give \(B, 25, H, W\)"):
        TryOnModule((64, 48), width=4)(torch.zeros(1, 18, 64, 48), torch.zeros(1, 3, 64, 48))
