"""Mean ranks of simulated raters against exact ones; intervals against scipy's and against what they promise."""

import numpy as np
import pytest
import torch
from scipy.stats import bootstrap, friedmanchisquare

from vtonlib.errors import VtonError
from vtonlib.metrics.ranking_study.answers import Answer
from vtonlib.metrics.ranking_study.ranks import (
    Ranks,
    first_shares,
    friedman,
    letter_means,
    mean_ranks,
    share_before,
    to_ranks,
)

from .raters import (
    METHODS,
    answer_all,
    expected_plackett_luce,
    expected_thurstone,
    method_of,
    plackett_luce,
    ranks_of,
    thurstone,
    tiny_study,
)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def class_of(study, raters, behaviour):
    return to_ranks(study, [answer for n in range(raters) for answer in answer_all(study, f"rater {n}", behaviour)])


def made(values) -> Ranks:
    """Ranks (raters, cases, methods) as they are."""
    of_method = torch.as_tensor(np.asarray(values), dtype=torch.float64)
    people, cases, methods = of_method.shape
    names = tuple(map(str, range(people))), tuple(map(str, range(cases)))
    return Ranks(METHODS[:methods], *names, of_method, of_method)


def random_ranks(rng, people=12, cases=5, methods=5):
    return rng.random((people, cases, methods)).argsort(-1).argsort(-1) + 1.0


@pytest.mark.parametrize(
    ("behaviour", "expected", "preferences"),
    [
        (plackett_luce, expected_plackett_luce, (8.0, 4.0, 2.0, 1.0, 1.0)),
        (thurstone, expected_thurstone, (1.2, 0.8, 0.1, -0.5, -0.6)),
    ],
)
def test_mean_ranks_come_to_the_exact_ones(behaviour, expected, preferences):
    ranks = class_of(tiny_study(20), 60, behaviour(preferences, np.random.default_rng(0)))
    found = mean_ranks(ranks, seeded())
    exact = expected(preferences)
    assert sum(exact) == pytest.approx(15)
    # 1,200 answers whose ranks deviate by less than 1.4: standard errors below 0.04
    assert [found[method].value for method in METHODS] == pytest.approx(exact, abs=0.12)
    firsts = first_shares(ranks, seeded())
    if behaviour is plackett_luce:
        shares = [strength / sum(preferences) for strength in preferences]
        assert [firsts[method].value for method in METHODS] == pytest.approx(shares, abs=0.05)
        before = share_before(ranks, METHODS[0], METHODS[2], seeded())
        assert before.value == pytest.approx(8 / (8 + 2), abs=0.04)


def test_a_rater_who_goes_by_the_place_says_nothing_about_methods():
    ranks = class_of(tiny_study(20), 60, lambda seen: range(1, 6))
    assert [score.value for score in mean_ranks(ranks, seeded()).values()] == pytest.approx([3] * 5, abs=0.12)
    assert [score.value for score in letter_means(ranks, seeded())] == [1, 2, 3, 4, 5]


def test_a_rater_who_sees_only_quality_is_not_misled_by_the_place():
    ranks = class_of(tiny_study(3), 2, lambda seen: [m + 1 for m in seen])
    assert [score.value for score in mean_ranks(ranks, seeded()).values()] == [1, 2, 3, 4, 5]
    assert [score.value for score in first_shares(ranks, seeded()).values()] == [1, 0, 0, 0, 0]
    assert share_before(ranks, METHODS[1], METHODS[0], seeded()).value == 0


def test_by_hand_with_an_answer_missing():
    values = [[[1, 2, 3], [1, 3, 2]], [[2, 1, 3], [np.nan] * 3]]
    scores = mean_ranks(made(values), seeded())
    assert [score.value for score in scores.values()] == pytest.approx([4 / 3, 2, 8 / 3])
    assert [score.value for score in first_shares(made(values), seeded()).values()] == pytest.approx([2 / 3, 1 / 3, 0])
    assert share_before(made(values), METHODS[1], METHODS[2], seeded()).value == pytest.approx(2 / 3)
    settings = scores["original"].settings
    assert settings == (
        "mean rank of 3, 1 is best, 2 raters, 2 cases, 3 answers, 95 % bootstrap over raters, 2000 resamples"
    )


@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_the_interval_is_scipys_bootstrap_over_raters(missing):
    rng = np.random.default_rng(1)
    strengths = rng.normal(size=(15, 1, 5))  # raters differ, so their answers resemble each other
    values = (strengths + rng.normal(size=(15, 8, 5))).argsort(-1).argsort(-1) + 1.0
    values[rng.random((15, 8)) < missing] = np.nan
    sums, counts = np.nansum(values, 1), (~np.isnan(values[..., 0])).sum(1)
    ours = list(mean_ranks(made(values), seeded(), resamples=8000).values())
    for m in range(5):
        theirs = bootstrap(
            (sums[:, m], counts), lambda total, count, axis=-1: total.sum(axis) / count.sum(axis), paired=True,
            method="percentile", n_resamples=8000, rng=np.random.default_rng(m),
        )  # fmt: skip
        assert ours[m].value == pytest.approx(np.nanmean(values[..., m]))
        # the ends of two bootstraps of 8,000 draws differ by a few hundredths of their width
        width = theirs.confidence_interval.high - theirs.confidence_interval.low
        assert ours[m].interval == pytest.approx(tuple(theirs.confidence_interval), abs=0.05 * width)


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    """With twelve raters a percentile interval is a little short, as theory has it: about 92 of 100."""
    rng = np.random.default_rng(2)
    generator = seeded()
    hits = []
    for _ in range(150):
        for score in mean_ranks(made(random_ranks(rng)), generator, resamples=300).values():
            hits.append(score.interval[0] <= 3 <= score.interval[1])
    assert 0.88 <= np.mean(hits) <= 0.97


def test_answers_of_one_rater_are_not_independent_draws():
    """Raters of one mind, asked 50 times each: the interval must be as wide as if each had been asked once."""
    once = random_ranks(np.random.default_rng(3), people=10, cases=1)
    often = np.repeat(once, 50, axis=1)
    for a, b in zip(mean_ranks(made(once), seeded()).values(), mean_ranks(made(often), seeded()).values(), strict=True):
        assert a.interval == pytest.approx(b.interval)


def test_drawing_cases_too_sees_that_cases_differ():
    """All raters agree on each case, and cases differ: other raters would find the same, other cases would not."""
    values = np.repeat(random_ranks(np.random.default_rng(4), people=1, cases=10), 8, axis=0)
    fixed = mean_ranks(made(values), seeded())["original"]
    free = mean_ranks(made(values), seeded(), over="raters and cases")["original"]
    assert fixed.interval == pytest.approx((fixed.value, fixed.value))
    theirs = bootstrap((values[0, :, 0],), np.mean, method="percentile", n_resamples=8000, rng=np.random.default_rng(0))
    assert free.interval == pytest.approx(tuple(theirs.confidence_interval), abs=0.15)
    assert "bootstrap over raters and cases" in free.settings


def test_a_draw_without_any_answer_is_left_out():
    values = np.full((2, 2, 3), np.nan)
    values[0, 0], values[1, 1] = (1, 2, 3), (3, 2, 1)
    score = mean_ranks(made(values), seeded(), over="raters and cases")["original"]
    assert score.interval == (1, 3)


def test_one_rater_has_no_interval():
    score = mean_ranks(made(random_ranks(np.random.default_rng(5), people=1)), seeded())["original"]
    assert score.interval is None
    assert score.settings == "mean rank of 5, 1 is best, 1 raters, 5 cases, 5 answers"


def test_the_same_generator_gives_the_same_interval():
    ranks = made(random_ranks(np.random.default_rng(6)))
    assert mean_ranks(ranks, seeded(3)) == mean_ranks(ranks, seeded(3))


def test_friedmans_test_takes_each_rater_as_one_block():
    values = random_ranks(np.random.default_rng(7))
    values[:, :, 0] -= 1.5
    expected = friedmanchisquare(*values.mean(1).T)
    score = friedman(made(values))
    assert score.value == pytest.approx(expected.pvalue)
    assert score.value < 0.05
    assert score.settings.endswith(f"{expected.statistic:.4g} with 4 degrees of freedom, 12 raters as blocks")


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ([[[1, 2, 3]]], "needs 3 methods and 2 raters, got 3, 1"),
        ([[[1, 2]], [[1, 2]]], "needs 3 methods and 2 raters, got 2, 2"),
        ([[[1, 2, 3], [2, 3, 1], [3, 1, 2]]] * 2, "every rater gave all methods one mean rank"),
    ],
)
def test_friedmans_test_says_when_there_is_nothing_to_test(values, named):
    with pytest.raises(VtonError, match=named):
        friedman(made(values))


def test_letters_are_looked_up_by_the_form_and_not_by_the_name():
    study = tiny_study(1)
    seen = [method_of(picture) for picture in study.question("P1", "case0").pictures]
    answer = Answer("Ada", "P1", "case0", tuple(m + 1 for m in seen))
    assert to_ranks(study, [answer]).of_method[0, 0].tolist() == [1, 2, 3, 4, 5]
    assert to_ranks(study, [answer]).of_letter[0, 0].tolist() == [m + 1 for m in seen]


def test_what_cannot_be_computed_is_said():
    with pytest.raises(VtonError, match=r"study \w{12}: there are no answers; let somebody rank first"):
        to_ranks(tiny_study(), [])
    with pytest.raises(VtonError, match="method 'viton': the study compares original, fashiongan"):
        share_before(made(random_ranks(np.random.default_rng(0))), "viton", "original", seeded())


def test_ranks_of_orders_from_the_largest():
    assert ranks_of(np.array([0.1, 0.9, 0.5])).tolist() == [3, 1, 2]
