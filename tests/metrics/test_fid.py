"""FID against scipy's matrix root, against normal distributions by hand, and its bias."""

import numpy as np
import pytest
import torch
from scipy.linalg import sqrtm

from vtonlib.errors import VtonError
from vtonlib.metrics.fid import frechet_distance


def features(count, width=6, shift=0.0, scale=1.0, seed=0):
    generator = torch.Generator().manual_seed(seed)
    mixing = torch.randn(width, width, generator=torch.Generator().manual_seed(7), dtype=torch.float64)
    return torch.randn(count, width, generator=generator, dtype=torch.float64) @ mixing * scale + shift


def by_scipy(real, fake):
    (m, s), (n, t) = ((each.mean(0).numpy(), np.cov(each.numpy().T)) for each in (real, fake))
    return float(((m - n) ** 2).sum() + np.trace(s + t - 2 * np.real(sqrtm(s @ t))))


@pytest.mark.parametrize("sizes", [(200, 200), (50, 300)])
def test_against_the_matrix_root(sizes):
    real, fake = features(sizes[0]), features(sizes[1], shift=0.3, scale=1.4, seed=1)
    assert frechet_distance(real, fake) == pytest.approx(by_scipy(real, fake), rel=1e-6)


def test_two_normal_distributions_on_a_line_by_hand():
    """Means 0 and 3, deviations 1 and 2: 9 + (1 - 2)^2 = 10."""
    real = torch.tensor([[-1.0], [1.0]]) / 2**0.5
    fake = 3 + 2 * real
    assert frechet_distance(real, fake) == pytest.approx(10)


def test_equal_sets_have_no_distance_and_the_order_does_not_matter():
    real, fake = features(40), features(60, shift=1, seed=3)
    assert frechet_distance(real, real) == pytest.approx(0, abs=1e-6)
    assert frechet_distance(real, fake) == pytest.approx(frechet_distance(fake, real))


def test_small_samples_of_one_distribution_look_far_apart():
    far, near = (frechet_distance(features(count, seed=1), features(count, seed=2)) for count in (20, 2000))
    assert far > 20 * near > 0


@pytest.mark.parametrize(
    ("real", "fake", "complaint"),
    [
        (torch.rand(1, 3), torch.rand(5, 3), "real: FID needs two"),
        (torch.rand(5, 3), torch.full((5, 3), torch.nan), "fake: FID needs two"),
        (torch.rand(5, 3), torch.rand(5, 4), "features of one length, got 3 and 4"),
    ],
)
def test_what_cannot_be_compared_is_named(real, fake, complaint):
    with pytest.raises(VtonError, match=complaint):
        frechet_distance(real, fake)
