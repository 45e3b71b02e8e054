"""Pixels of a collar on a throat, by hand."""

import pytest
import torch

from vtonlib.errors import VtonError
from vtonlib.metrics.throat import NEAR, collar_pixels, removed


def flat(value):
    return torch.full((1, 3, 4, 4), value)


@pytest.fixture(scope="module")
def region():
    mask = torch.zeros(1, 1, 4, 4)
    mask[..., :2, :] = 1
    return mask


def test_a_pasted_collar_counts_on_the_throat_alone(region):
    assert collar_pixels(flat(-0.8), flat(0.5), flat(-0.8), region).tolist() == [8]


def test_skin_does_not_count(region):
    assert collar_pixels(flat(0.5), flat(0.5), flat(-0.8), region).tolist() == [0]


def test_a_third_colour_does_not_count_even_if_it_is_nearer_to_the_collar(region):
    assert collar_pixels(flat(-0.8 + NEAR + 0.05), flat(0.9), flat(-0.8), region).tolist() == [0]


def test_a_collar_of_the_colour_of_skin_counts_for_nobody(region):
    assert collar_pixels(flat(0.5), flat(0.5), flat(0.5), region).tolist() == [0]


def test_what_is_removed_is_a_share_of_the_whole_list():
    assert removed(torch.tensor([8.0, 2.0]), torch.tensor([1.0, 0.0])) == pytest.approx(0.9)
    with pytest.raises(VtonError, match="no throat showed"):
        removed(torch.zeros(2), torch.zeros(2))


def test_shapes_must_agree(region):
    with pytest.raises(VtonError, match="warped is"):
        collar_pixels(flat(0.0), flat(0.0), torch.zeros(1, 3, 4, 3), region)
