"""MG-VTON's Warp-GAN: exact counts, what a warp moves and what it leaves alone, gradients."""

import pytest
import torch

from tests.models.counting import count
from vtonlib.errors import VtonError
from vtonlib.geometry.sampling import identity_grid
from vtonlib.models.mg_vton.warp_gan import WarpGan, moved


@pytest.fixture(autouse=True)
def _same_weights():
    """So narrow a network may have dead channels, which get no gradient."""
    torch.manual_seed(0)


def told(size=(64, 48), **settings):
    return [torch.rand(2, channels, *size, **settings) for channels in (3, 3, 18, 20)]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, 69_303_683),
        ({"convolutions": 2}, 48_060_803),
        ({"literal": True}, 66_975_427),
        ({"skips": True}, 69_303_683),
    ],
    ids=["three parts", "pix2pixHD's blocks", "literal", "skips"],
)
def test_the_number_of_parameters_at_the_papers_width(settings, expected):
    with torch.device("meta"):
        assert count(WarpGan(**settings)) == expected


def test_the_identity_moves_nothing():
    network, given = WarpGan(width=2, blocks=1).eval(), told()
    grid = identity_grid((64, 48)).expand(2, -1, -1, -1)
    assert torch.allclose(network(*given, grid), network(*given, None), atol=1e-5)


def test_features_move_by_whole_cells():
    """One cell of 8 x 6 to the left, told on a grid of the picture's size."""
    features = torch.rand(1, 4, 8, 6)
    step = torch.tensor([2 / 5, 0.0])
    found = moved(features, (identity_grid((64, 48)) + step)[None])
    assert torch.allclose(found[..., :-1], features[..., 1:], atol=1e-5)
    assert not found[..., -1].any()


@pytest.mark.parametrize("skips", [False, True])
@pytest.mark.parametrize("literal", [False, True])
def test_the_aligned_inputs_stay_in_place_unless_the_paper_is_taken_literally(literal, skips):
    """A grid that looks far outside loses the reference; taken literally, it loses the garment and the pose as well."""
    network, one, other = WarpGan(width=2, blocks=1, literal=literal, skips=skips).eval(), told(), told()
    outside = torch.full((2, 8, 6, 2), 10.0)
    assert torch.equal(network(*one, outside), network(other[0], *one[1:], outside))
    assert torch.equal(network(*one, outside), network(one[0], *other[1:], outside)) == literal


def test_skips_bring_what_the_waist_is_too_small_for():
    """With nothing left of the waist, the picture still depends on every pixel of both streams."""
    network, given = WarpGan(width=2, blocks=1, skips=True).eval(), told(requires_grad=True)
    torch.nn.init.zeros_(network.decoder[0].weight)
    network(*given, None).sum().backward()
    assert all((each.grad != 0).float().mean() > 0.9 for each in (given[0], given[1]))


def test_every_input_counts_and_every_parameter_gets_a_gradient():
    network, given = WarpGan(width=2, blocks=1), told(requires_grad=True)
    grid = (0.8 * identity_grid((64, 48))).expand(2, -1, -1, -1)
    picture = network(*given, grid)
    assert picture.shape == (2, 3, 64, 48)
    assert picture.abs().max() <= 1
    (picture * torch.randn_like(picture)).sum().backward()
    assert all(each.grad.abs().amax((0, 2, 3)).min() > 0 for each in given)
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in network.parameters())


def test_wrong_inputs_are_named():
    network, given = WarpGan(width=2, blocks=1), told()
    with pytest.raises(VtonError, match="parsing is"):
        network(*given[:3], given[3][:, :19], None)
    with pytest.raises(VtonError, match="multiples of 8"):
        network(*told((60, 48)), None)
