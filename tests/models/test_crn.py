"""The cascade: its exact count, what each module sees, and what it refuses."""

import pytest
import torch

from tests.models.counting import by_hand, count, every_parameter_learns
from vtonlib.errors import VtonError
from vtonlib.models.crn import CascadedRefinementNetwork

SIZES = [(256, 192), (128, 96), (64, 48)]


def test_the_number_of_parameters_is_that_of_seven_modules():
    """By hand: five modules of 1,024 channels up to 64 rows, two of 512, each seeing the 25 channels again."""
    layers = [(25, 1024, 3, True), (1024, 1024, 3, True)]
    for before, after in ((1024, 1024),) * 4 + ((1024, 512), (512, 512)):
        layers += [(before + 25, after, 3, True), (after, after, 3, True)]
    assert count(CascadedRefinementNetwork()) == by_hand(*layers) + 512 * 3 + 3 == 98_139_651


@pytest.mark.parametrize("size", SIZES)
def test_a_picture_comes_out(size):
    network = CascadedRefinementNetwork(size, width=2)
    assert network(torch.randn(2, 3, *size), torch.randn(2, 22, *size)).shape == (2, 3, *size)
    assert len(network.cascade) == {256: 7, 128: 6, 64: 5}[size[0]]


def test_every_module_sees_the_input_at_its_size():
    network, seen = CascadedRefinementNetwork((64, 48), width=2), []
    for module in network.cascade:
        module.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    person = torch.randn(1, 22, 64, 48)
    network(torch.ones(1, 3, 64, 48), person)
    assert [tuple(x.shape[2:]) for x in seen] == [(4, 3), (8, 6), (16, 12), (32, 24), (64, 48)]
    assert torch.allclose(seen[0][:, 3:], person.view(1, 22, 4, 16, 3, 16).mean((3, 5)), atol=1e-5)  # area
    assert torch.equal(seen[-1][:, -22:], person)


def test_every_parameter_gets_a_gradient():
    torch.manual_seed(0)
    network = CascadedRefinementNetwork((64, 48), width=4)
    network(torch.randn(2, 3, 64, 48), torch.randn(2, 22, 64, 48)).square().sum().backward()
    assert every_parameter_learns(network)


@pytest.mark.parametrize("shapes", [((2, 4, 64, 48), (2, 22, 64, 48)), ((2, 3, 128, 96), (2, 22, 128, 96))])
def test_other_inputs_are_refused(shapes):
    with pytest.raises(VtonError, match="this network takes 3 and 22 channels of 64 x 48"):
        CascadedRefinementNetwork((64, 48), width=2)(*(torch.zeros(shape) for shape in shapes))


def test_a_size_that_is_no_doubling_is_refused():
    with pytest.raises(VtonError, match="size is"):
        CascadedRefinementNetwork((100, 75))
