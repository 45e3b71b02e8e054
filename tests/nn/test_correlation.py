"""Correlation against an explicit loop, the order of its channels, and its normalisations."""

import pytest
import torch

from vtonlib.errors import VtonError
from vtonlib.nn.correlation import competing, correlate, unit_length


def features(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def test_it_is_the_dot_product_of_all_places():
    searched, asking = features(2, 5, 4, 3), features(2, 5, 6, 2, seed=1)
    scores = correlate(searched, asking)
    assert scores.shape == (2, 12, 6, 2)
    for batch in range(2):
        for channel in range(12):
            row, column = channel % 4, channel // 4
            for y in range(6):
                for x in range(2):
                    expected = (searched[batch, :, row, column] * asking[batch, :, y, x]).sum()
                    assert scores[batch, channel, y, x] == pytest.approx(expected.item(), abs=1e-5)


def test_a_moved_picture_is_found_where_it_went():
    searched = unit_length(features(1, 64, 16, 12))
    best = correlate(searched, searched.roll((2, 3), dims=(2, 3))).argmax(dim=1)[0]
    row, column = best % 16, best // 16
    assert (row[7, 8], column[7, 8]) == (5, 5)


def test_unit_length_is_that_of_the_papers_code():
    x = features(2, 5, 4, 3)
    normed = unit_length(x)
    assert torch.allclose(normed.square().sum(1), x.square().sum(1) / (x.square().sum(1) + 1e-6))
    assert unit_length(torch.zeros(1, 3, 2, 2)).abs().sum() == 0


def test_correlation_of_unit_vectors_is_within_one():
    x = unit_length(features(1, 8, 6, 5))
    scores = correlate(x, x)
    assert scores.abs().max() < 1 + 1e-6
    places = [scores[0, row + 6 * column, row, column] for row in range(6) for column in range(5)]
    assert torch.stack(places).min() > 0.999


def test_competition_keeps_what_is_positive_and_rewards_what_is_alone():
    clear = torch.tensor([0.9, -0.5, 0.0, 0.0]).view(1, 4, 1, 1)
    blurred = torch.tensor([0.9, -0.5, 0.9, 0.9]).view(1, 4, 1, 1)
    assert competing(clear).flatten().tolist() == pytest.approx([1, 0, 0, 0], abs=1e-5)
    assert competing(blurred).flatten().tolist() == pytest.approx([3**-0.5, 0, 3**-0.5, 3**-0.5], abs=1e-5)


def test_gradients_are_right():
    searched, asking = features(1, 2, 3, 2).double(), features(1, 2, 2, 2, seed=1).double()
    inputs = (searched.requires_grad_(), asking.requires_grad_())
    assert torch.autograd.gradcheck(lambda a, b: competing(correlate(unit_length(a), unit_length(b))), inputs)


@pytest.mark.parametrize("other", [(2, 4, 4, 3), (1, 5, 4, 3), (2, 5, 12)])
def test_maps_that_do_not_fit_are_refused(other):
    with pytest.raises(VtonError, match=r"features are \(2, 5, 4, 3\) and .*; give two maps"):
        correlate(torch.zeros(2, 5, 4, 3), torch.zeros(other))
