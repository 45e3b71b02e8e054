"""Claims are weighed as a reader would by hand, and every stored one can be weighed."""

import pytest

from vtonlib.studies.claims import CLAIMS, Claim, load_study, weigh, weigh_all

CLAIM = Claim("a is ahead of b and c", "somebody", "table 1", "none/none", "a", ("b", "c"), "ssim")


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ([0.8, 0.9], [0.7, 0.75], "yes, in every seed"),
        ([0.6, 0.9], [0.7, 0.65], "yes, in the mean"),
        ([0.6, 0.7], [0.8, 0.9], "no"),
        ([0.8, 0.8], [0.8, 0.8], "no"),
    ],
)
def test_a_claim_by_hand(ours, theirs, expected):
    study = {"a": {"ssim": ours}, "b": {"ssim": theirs}, "c": {"ssim": [0.1]}}
    verdict = weigh(CLAIM, study)
    assert str(verdict) == expected
    assert verdict.seeds == 1
    assert verdict.ours == pytest.approx(sum(ours) / 2)
    assert verdict.nearest == pytest.approx(sum(theirs) / 2)


def test_low_figures_turn_the_order_round():
    low = Claim(**{**vars(CLAIM), "lower": True})
    study = {"a": {"ssim": [0.1, 0.2]}, "b": {"ssim": [0.3]}, "c": {"ssim": [0.25]}}
    assert weigh(low, study) == (True, True, pytest.approx(0.15), pytest.approx(0.25), 1)
    assert not weigh(CLAIM, study).kept


def test_every_claim_can_be_weighed_and_no_two_are_the_same():
    verdicts = weigh_all()
    assert len(verdicts) == len(CLAIMS) >= 12
    assert len({claim.text for claim in CLAIMS}) == len(CLAIMS)
    assert {verdict.kept for verdict in verdicts.values()} == {True, False}


def test_every_source_is_in_the_bibliography(pytestconfig):
    known = (pytestconfig.rootpath / "book" / "references.bib").read_text()
    assert all(f"{{{claim.source}," in known for claim in CLAIMS)


def test_true_pictures_have_an_inception_score_and_nothing_else():
    assert list(load_study("tryon/unpaired")["real"]) == ["is_lite0"]
