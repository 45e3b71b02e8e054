"""CAGAN's generator: its exact count, how it composes, what it is reminded of."""

import pytest
import torch

from tests.models.counting import count, every_parameter_learns
from vtonlib.errors import VtonError
from vtonlib.models.cagan import AnalogyGenerator, Swap


def test_the_number_of_parameters_is_that_of_its_layers():
    """By hand: six channels more into every layer, skips into the second and third of the way up."""
    down = [(3, 64), (64, 128), (128, 256), (256, 512)]
    up = [(512, 256), (512, 128), (256, 64), (64, 32), (32, 4)]
    assert count(AnalogyGenerator()) == sum((a + 6) * b * 16 + b for a, b in down + up) == 6_338_340


@pytest.mark.parametrize("size", [(256, 192), (128, 96), (64, 48)])
def test_a_mask_and_a_picture_come_out(size):
    swap = AnalogyGenerator(size, width=4)(*(torch.randn(2, 3, *size) for _ in range(3)))
    assert swap.alpha.shape == (2, 1, *size)
    assert swap.picture.shape == (2, 3, *size)
    assert 0 < swap.alpha.min() < swap.alpha.max() < 1
    assert swap.picture.abs().max() < 1


def test_the_result_is_a_mean_of_both_pictures():
    alpha = torch.tensor([0.0, 0.25, 1.0]).view(1, 1, 1, 3)
    result = Swap(alpha, torch.full((1, 3, 1, 3), 1.0)).on(torch.full((1, 3, 1, 3), -1.0))
    assert result[0, 0, 0].tolist() == [-1, -0.5, 1]


def test_person_and_worn_garment_are_seen_at_every_size():
    network, seen = AnalogyGenerator((64, 48), width=4), []
    for layer in (*network.encoder, *network.decoder):
        layer.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    person, worn, other = (torch.randn(1, 3, 64, 48) for _ in range(3))
    network(person, worn, other)
    known = torch.cat([person, worn], dim=1)
    for given in seen:
        rows, columns = given.shape[2:]
        pooled = known.view(1, 6, rows, 64 // rows, columns, 48 // columns).mean((3, 5))
        assert torch.allclose(given[:, -6:], pooled, atol=1e-5)


def test_every_parameter_gets_a_gradient():
    torch.manual_seed(0)
    network = AnalogyGenerator((64, 48), width=4)
    swap = network(*(torch.randn(2, 3, 64, 48) for _ in range(3)))
    (swap.alpha.square().sum() + swap.picture.square().sum()).backward()
    weights = [p for name, p in network.named_parameters() if name.endswith("weight")]
    assert all(p.grad.abs().sum() > 0 for p in weights)
    assert every_parameter_learns(network.last)


def test_a_size_that_is_no_doubling_is_refused():
    with pytest.raises(VtonError, match="size is"):
        AnalogyGenerator((100, 75))
