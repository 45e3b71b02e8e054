"""KID against two independent implementations, its interval, and what it must leave alone."""

from itertools import product

import pytest
import torch
from torch import Tensor
from torchmetrics.image.kid import poly_mmd

from vtonlib.errors import VtonError
from vtonlib.metrics import kid
from vtonlib.metrics.kid import extract, kernel_distance, kernel_distance_of_features
from vtonlib.training.seeding import seeded


def draw(count: int, shift: float = 0.0, seed: int = 0, features: int = 6) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(count, features, generator=generator, dtype=torch.float64) + shift


def naive(real: Tensor, fake: Tensor) -> float:
    """The unbiased estimate as the paper defines it, pair by pair."""

    def kernel(x: Tensor, y: Tensor) -> float:
        return (float(x @ y) / len(x) + 1) ** 3

    n, m = len(real), len(fake)
    within_real = sum(kernel(real[i], real[j]) for i, j in product(range(n), repeat=2) if i != j)
    within_fake = sum(kernel(fake[i], fake[j]) for i, j in product(range(m), repeat=2) if i != j)
    across = sum(kernel(x, y) for x, y in product(real, fake))
    return within_real / (n * (n - 1)) + within_fake / (m * (m - 1)) - 2 * across / (n * m)


@pytest.mark.parametrize("shift", [0.0, 0.5])
def test_it_equals_the_papers_double_sum(shift):
    real, fake = draw(9), draw(9, shift, seed=1)
    assert kernel_distance_of_features(real, fake, resamples=2).value == pytest.approx(naive(real, fake), abs=1e-12)


@pytest.mark.parametrize("shift", [0.0, 0.5])
def test_it_equals_torchmetrics(shift):
    real, fake = draw(200), draw(200, shift, seed=1)
    k_rr, k_ff, k_rf = ((a @ b.T / 6 + 1) ** 3 for a, b in ((real, real), (fake, fake), (real, fake)))
    by_hand = (k_rr.sum() - k_rr.trace() + k_ff.sum() - k_ff.trace()) / (200 * 199) - 2 * k_rf.mean()
    value = kernel_distance_of_features(real, fake, resamples=2).value
    assert value == pytest.approx(float(poly_mmd(real, fake)), abs=1e-9)
    assert value == pytest.approx(float(by_hand), abs=1e-9)


def test_it_grows_with_the_distance():
    values = [kernel_distance_of_features(draw(100), draw(100, s, seed=1), resamples=2).value for s in (0, 0.2, 0.5, 1)]
    assert values == sorted(values)
    assert values[-1] > 0.1


def test_equal_distributions_give_zero_on_average_and_not_more():
    """A biased estimate would stay above zero in every draw."""
    values = [
        kernel_distance_of_features(draw(40, seed=2 * s), draw(40, seed=2 * s + 1), resamples=2).value
        for s in range(40)
    ]
    mean, error = torch.tensor(values).mean(), torch.tensor(values).std() / 40**0.5
    assert abs(mean) < 3 * error
    assert min(values) < 0


def test_the_global_generator_stays_where_it_is():
    torch.manual_seed(3)
    before = torch.get_rng_state()
    kernel_distance_of_features(draw(20), draw(20, seed=1), resamples=5)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_same_seed_gives_the_same_interval():
    first, again, other = (
        kernel_distance_of_features(draw(30), draw(30, 0.3, seed=1), resamples=50, seed=seed) for seed in (0, 0, 1)
    )
    assert first == again
    assert first.value == other.value
    assert first.interval != other.interval


def test_a_resample_that_draws_every_picture_once_is_the_estimate(monkeypatch):
    real, fake = draw(12), draw(12, 0.4, seed=1)
    monkeypatch.setattr(torch, "randint", lambda high, size, generator: torch.arange(high).expand(size))
    score = kernel_distance_of_features(real, fake, resamples=3)
    assert score.interval == pytest.approx((score.value, score.value), abs=1e-12)


def test_the_interval_narrows_with_more_pictures():
    widths = []
    for count in (25, 100, 400):
        low, high = kernel_distance_of_features(draw(count), draw(count, 0.4, seed=1), resamples=200).interval
        assert low < high
        widths.append(high - low)
    assert widths[0] > 1.5 * widths[1] > 2 * widths[2]


def kernel_mean(a: float, b: float, d: int = 6) -> float:
    """E (x.y / d + 1)^3 for independent x ~ N((a, ..., a), 1) and y ~ N((b, ..., b), 1), from the moments of x.y."""
    m, aa, bb = d * a * b, d * a * a, d * b * b
    first, second, third = m, m**2 + aa + bb + d, m**3 + 3 * m * bb + 3 * m * (aa + d + 2)
    return third / d**3 + 3 * second / d**2 + 3 * first / d + 1


TRUTH = kernel_mean(0, 0) + kernel_mean(0.4, 0.4) - 2 * kernel_mean(0, 0.4)


def test_the_estimate_is_unbiased():
    values = [
        kernel_distance_of_features(draw(50, seed=s), draw(50, 0.4, seed=500 + s), resamples=2).value for s in range(60)
    ]
    error = torch.tensor(values).std().item() / 60**0.5
    assert sum(values) / 60 == pytest.approx(TRUTH, abs=3 * error)
    assert error < 0.2 * TRUTH


def test_the_interval_covers_the_truth_as_often_as_it_says():
    """Of 40 intervals of 95 % each, fewer than 33 would cover in one suite of a thousand."""
    covered = 0
    for seed in range(40):
        real, fake = draw(80, seed=1000 + seed), draw(80, 0.4, seed=2000 + seed)
        low, high = kernel_distance_of_features(real, fake, resamples=100).interval
        covered += low <= TRUTH <= high
    assert covered >= 33


def test_settings_say_how_it_was_measured():
    settings = kernel_distance_of_features(draw(20), draw(20, seed=1), resamples=7).settings
    assert settings == "KID, cubic kernel, 20 + 20 pictures, 6 features, 7 resamples"


def test_sets_of_different_size_are_refused():
    """Cutting the longer one would drop whole classes where pictures are stored class by class."""
    with pytest.raises(VtonError, match="sets of equal size here, got 20 real and 25 fake pictures"):
        kernel_distance_of_features(draw(20), draw(25))


class Corners:
    """Takes the first features of a picture and counts its calls."""

    num_features = 3

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def features(self, picture: Tensor) -> Tensor:
        self.sizes.append(len(picture))
        return picture.flatten(1)[:, :3].requires_grad_(True) * 1.0


def test_features_are_computed_in_parts_without_gradients_in_double_precision():
    network, pictures = Corners(), torch.rand(5, 1, 2, 2)
    features = extract(pictures, network, batch_size=2)
    assert network.sizes == [2, 2, 1]
    assert features.dtype == torch.float64
    assert not features.requires_grad
    assert torch.equal(features.float(), pictures.flatten(1)[:, :3])


def test_pictures_go_through_the_network():
    with seeded(0):
        real, fake = torch.rand(8, 1, 2, 2), torch.rand(8, 1, 2, 2)
    expected = kernel_distance_of_features(real.flatten(1)[:, :3], fake.flatten(1)[:, :3], resamples=4, seed=2)
    assert kernel_distance(real, fake, Corners(), resamples=4, seed=2) == expected


@pytest.mark.parametrize(
    ("real", "fake", "named"),
    [
        (torch.zeros(1, 1, 2, 2), torch.zeros(2, 1, 2, 2), "real: .* got 1"),
        (torch.zeros(2, 1, 2, 2), torch.zeros(0, 1, 2, 2), "fake: .* got 0"),
        (torch.zeros(2, 1, 2, 2), torch.full((3, 1, 2, 2), torch.nan), "fake: .* finite values"),
        (torch.full((3, 1, 2, 2), torch.inf), torch.zeros(2, 1, 2, 2), "real: .* finite values"),
    ],
)
def test_bad_pictures_are_refused_by_name(real, fake, named):
    with pytest.raises(VtonError, match=named):
        kernel_distance(real, fake, Corners())


def test_the_module_has_no_state():
    """Two networks of different width one after the other: nothing is cached between calls."""
    assert kernel_distance_of_features(draw(9), draw(9, seed=1), resamples=2).value == pytest.approx(
        naive(draw(9), draw(9, seed=1))
    )
    wide = draw(9, features=11), draw(9, 0.2, seed=1, features=11)
    assert kernel_distance_of_features(*wide, resamples=2).value == pytest.approx(naive(*wide))
    assert kid._Given(11).num_features == 11
