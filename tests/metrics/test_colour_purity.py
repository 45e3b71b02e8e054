"""Colours inside their regions, on pictures painted by hand."""

import pytest
import torch

from vtonlib.errors import VtonError
from vtonlib.metrics.colour_purity import colour_purity


def halves(left: float, right: float) -> tuple[torch.Tensor, torch.Tensor]:
    """A grey picture of two regions, 10 x 10 each, between columns of background."""
    labels = torch.zeros(1, 10, 24, dtype=torch.int64)
    labels[:, :, 2:12], labels[:, :, 12:22] = 3, 6
    picture = torch.full((1, 3, 10, 24), 0.9)
    picture[..., 2:12], picture[..., 12:22] = left, right
    return picture, labels


def test_clean_regions_are_pure():
    assert colour_purity(*halves(-0.5, 0.5)).value == 1


def test_every_pixel_of_anothers_colour_counts():
    picture, labels = halves(-0.5, 0.5)
    picture[..., 2:4] = 0.5  # two of ten columns have bled
    assert colour_purity(picture, labels).value == pytest.approx(180 / 200)


def test_background_neither_counts_nor_competes():
    picture, labels = halves(-0.5, 0.5)
    picture[..., 2:4] = 0.9
    picture[..., :2] = -0.5
    assert colour_purity(picture, labels).value == pytest.approx(180 / 200)


def test_a_blur_across_the_border_costs():
    picture, labels = halves(-0.5, 0.5)
    blurred = torch.nn.functional.avg_pool2d(picture, (1, 9), stride=1, padding=(0, 4), count_include_pad=False)
    noisy = picture + 0.9 * torch.randn(picture.shape, generator=torch.Generator().manual_seed(0))
    assert colour_purity(noisy, labels).value < 0.97
    assert colour_purity(blurred, labels).value <= 1


def test_regions_of_one_colour_and_tiny_ones_say_nothing():
    with pytest.raises(VtonError, match="no picture has a value"):
        colour_purity(*halves(0.3, 0.3))
    picture, labels = halves(-0.5, 0.5)
    labels[labels == 6] = 0
    labels[:, 0, 13:20] = 6
    with pytest.raises(VtonError, match="no picture has a value"):
        colour_purity(picture, labels)


def test_the_mean_is_over_the_pictures_that_say_something():
    clean, dirty, same = halves(-0.5, 0.5), halves(-0.5, 0.5), halves(0.3, 0.3)
    dirty[0][..., 2:4] = 0.5
    pictures, labels = (torch.cat(parts) for parts in zip(clean, dirty, same, strict=True))
    score = colour_purity(pictures, labels)
    assert score.value == pytest.approx((1 + 0.9) / 2)
    assert "mean of 2 pictures" in score.settings


def test_other_sizes_are_refused():
    picture, labels = halves(0, 1)
    with pytest.raises(VtonError, match="maps"):
        colour_purity(picture, labels[:, :5])
