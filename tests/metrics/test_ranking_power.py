"""Simulated studies against the moments of the beta-binomial model and against scipy's power of a test."""

import pytest
import torch
from scipy.stats import betabinom, binom, norm

from vtonlib.errors import VtonError
from vtonlib.metrics.ranking_study.power import naive_power, power, simulate_votes

RATERS = 8


@pytest.mark.parametrize("agreement", [0.0, 0.2, 0.6])
def test_moments_are_those_of_the_model(agreement):
    votes = simulate_votes(0.6, agreement, pairs=50, raters=RATERS, studies=2000)
    if agreement:
        mass = (1 - agreement) / agreement
        model = betabinom(RATERS, 0.6 * mass, 0.4 * mass)
    else:
        model = binom(RATERS, 0.6)
    assert votes.shape == (2000, 50)
    assert float(votes.mean()) == pytest.approx(model.mean(), rel=0.01)
    assert float(votes.var()) == pytest.approx(model.var(), rel=0.03)


def test_agreement_is_the_correlation_of_two_raters():
    votes = simulate_votes(0.5, 0.3, pairs=200, raters=2, studies=1000)
    both = ((votes == 2).double().mean() - 0.25) / 0.25
    assert float(both) == pytest.approx(0.3, abs=0.01)


def test_power_without_agreement_is_that_of_a_z_test():
    pairs, share = 100, 0.6
    votes = simulate_votes(share, 0.0, pairs=pairs, raters=RATERS, studies=4000)
    error = (share * (1 - share) / (pairs * RATERS)) ** 0.5
    expected = norm.cdf((share - 0.5) / error - norm.ppf(0.975))
    assert power(votes, RATERS) == pytest.approx(expected, abs=0.01)
    assert naive_power(votes, RATERS) == pytest.approx(expected, abs=0.01)


def test_equal_systems_are_claimed_to_differ_once_in_forty_times_at_most_but_not_by_the_naive():
    votes = simulate_votes(0.5, 0.4, pairs=60, raters=RATERS, studies=4000)
    assert power(votes, RATERS) == pytest.approx(0.025, abs=0.01)
    assert naive_power(votes, RATERS) > 0.1


def test_more_pairs_help_where_more_raters_do_not():
    few, raters, pairs = (
        power(simulate_votes(0.58, 0.5, pairs=p, raters=r, studies=3000), r) for p, r in ((20, 5), (20, 50), (200, 5))
    )
    assert raters < few + 0.15
    assert pairs > few + 0.4


def test_the_same_seed_gives_the_same_votes():
    one, other, third = (simulate_votes(0.7, 0.2, 10, 5, 3, seed=seed) for seed in (1, 1, 2))
    assert torch.equal(one, other)
    assert not torch.equal(one, third)


@pytest.mark.parametrize(("share", "agreement"), [(1.0, 0.1), (0.0, 0.1), (0.5, 1.0), (0.5, -0.1)])
def test_impossible_studies_are_refused(share, agreement):
    with pytest.raises(VtonError, match="take a share in"):
        simulate_votes(share, agreement, 10, 5, 3)


def test_one_pair_has_no_error():
    with pytest.raises(VtonError, match="1 pair: an error over pairs"):
        power(torch.ones(3, 1), RATERS)
