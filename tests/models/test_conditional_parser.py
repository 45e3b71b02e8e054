"""MG-VTON's conditional parser: its exact count, what it is told, and gradients."""

import pytest
import torch

from tests.models.counting import count
from vtonlib.errors import VtonError
from vtonlib.models.mg_vton.conditional_parser import ConditionalParser


def test_the_number_of_parameters_at_the_papers_width():
    with torch.device("meta"):
        assert count(ConditionalParser()) == 66_966_036


def test_it_is_told_three_things_and_names_a_wrong_one():
    parser = ConditionalParser(width=2, blocks=1)
    told = torch.rand(2, 3, 32, 24), torch.rand(2, 3, 32, 24), torch.rand(2, 18, 32, 24)
    assert parser(*told).shape == (2, 20, 32, 24)
    with pytest.raises(VtonError, match="pose is"):
        parser(told[0], told[1], told[2][:, :17])
    with pytest.raises(VtonError, match="masks is"):
        parser(told[0][:, :, :16], told[1], told[2])


def test_every_input_counts_and_every_parameter_gets_a_gradient():
    parser = ConditionalParser(width=2, blocks=1)
    told = [torch.rand(2, channels, 32, 24, requires_grad=True) for channels in (3, 3, 18)]
    parser(*told).square().sum().backward()
    assert all(given.grad.abs().amax((0, 2, 3)).min() > 0 for given in told)
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in parser.parameters())
