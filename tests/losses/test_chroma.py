"""Brightness and chroma against hand-worked cases, and rarity against what each label sums to."""

import pytest
import torch

from vtonlib.errors import VtonError
from vtonlib.losses.chroma import colour_loss, rarity


def plain(red: float, green: float, blue: float) -> torch.Tensor:
    return torch.tensor([red, green, blue]).view(1, 3, 1, 1).expand(1, 3, 2, 2)


def test_a_grey_difference_has_no_chroma():
    off = colour_loss(plain(0.5, 0.5, 0.5), plain(0.1, 0.1, 0.1), chroma=3.0)
    assert off.item() == pytest.approx(0.4**2 / 4)  # one of four numbers is off, squared


def test_a_difference_in_chroma_counts_as_often_as_asked():
    # Brightness agrees; red and blue are off by 0.2 each way.
    off = [colour_loss(plain(0.2, 0.0, -0.2), plain(0, 0, 0), chroma).item() for chroma in (1.0, 2.0)]
    assert off[0] == pytest.approx(2 * 0.2**2 / 4)
    assert off[1] == pytest.approx(4 * off[0])


def test_large_differences_count_on_a_line():
    off = colour_loss(plain(1.0, 1.0, 1.0), plain(-1.0, -1.0, -1.0), chroma=1.0)
    assert off.item() == pytest.approx((2 * 2 - 1) / 4)  # 2 (|x| - 1/2) for |x| > 1


def test_weights_choose_the_pixels():
    painted, photo = torch.zeros(1, 3, 2, 2), torch.zeros(1, 3, 2, 2)
    painted[..., 0, 0] = 0.5
    weights = torch.zeros(1, 2, 2)
    assert colour_loss(painted, photo, 1.0, weights) == 0
    weights[0, 0, 0] = 4
    assert colour_loss(painted, photo, 1.0, weights).item() == pytest.approx(
        4 * colour_loss(painted, photo, 1.0).item()
    )


def test_rarity_lets_labels_count_alike_and_keeps_the_mean():
    labels = torch.tensor([[[0, 0, 0, 1]]])
    assert torch.equal(rarity(labels, 0.0), torch.ones(1, 1, 4))
    weights = rarity(labels, 1.0)
    assert weights[labels == 0].sum().item() == pytest.approx(weights[labels == 1].sum().item())
    assert weights.mean().item() == pytest.approx(1)


def test_shapes_that_do_not_fit():
    with pytest.raises(VtonError, match=r"give \(B, 3, H, W\) twice and \(B, H, W\)"):
        colour_loss(torch.zeros(1, 3, 2, 2), torch.zeros(1, 3, 2, 2), 1.0, torch.ones(1, 3, 3))
