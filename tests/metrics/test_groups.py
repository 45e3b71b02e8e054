"""Figures by group, by hand, and the interval of a gap against scipy."""

import numpy as np
import pytest
import torch
from scipy.stats import bootstrap

from vtonlib.errors import VtonError
from vtonlib.metrics.groups import by_group, gap

GROUPS = ("a", "b", "a", "b", "b")


def test_means_of_groups_by_hand():
    scores = by_group(torch.tensor([1.0, 2.0, 3.0, 4.0, torch.nan]), GROUPS, "L1")
    assert list(scores) == ["a", "b"]
    assert (scores["a"].value, scores["b"].value) == (2, 3)
    assert scores["b"].settings == "b: L1, mean of 2 pictures"


def test_a_gap_against_scipy():
    rng = np.random.default_rng(0)
    one, other = rng.normal(1, 0.5, 80), rng.normal(0.7, 0.2, 40)
    values, groups = torch.from_numpy(np.concatenate([one, other])), ["one"] * 80 + ["other"] * 40
    found = gap(values, groups, "one", "other", "L1", resamples=5000)
    expected = bootstrap(
        (one, other), lambda x, y, axis: x.mean(axis) - y.mean(axis), n_resamples=5000, method="percentile", rng=rng
    ).confidence_interval
    assert found.value == pytest.approx(one.mean() - other.mean())
    assert found.interval == pytest.approx((expected.low, expected.high), abs=0.01)
    assert found.interval[0] > 0


def test_equal_groups_have_a_gap_whose_interval_holds_zero():
    values = torch.rand(100, generator=torch.Generator().manual_seed(0))
    found = gap(values, ["a", "b"] * 50, "a", "b", "L1")
    assert found.interval[0] < 0 < found.interval[1]
    assert gap(values, ["a", "b"] * 50, "b", "a", "L1").value == pytest.approx(-found.value)


@pytest.mark.parametrize(("groups", "complaint"), [
    (("a", "b"), "2 names of groups for 3 values"), (("a", "a", "b"), "group 'b': has 1 values"),
    (("a", "a", "a"), "group 'b': has 0 values"),
])  # fmt: skip
def test_what_cannot_be_compared_is_named(groups, complaint):
    with pytest.raises(VtonError, match=complaint):
        gap(torch.rand(3), groups, "a", "b", "L1")
