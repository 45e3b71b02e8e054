"""Captions: the statistics of the real ones, true, and without the leak through the verb."""

from collections import Counter

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from vtonlib.errors import VtonError
from vtonlib.wardrobe.caption import VERBS, caption
from vtonlib.wardrobe.garment_spec import draw_garment, draw_swap


@pytest.fixture(scope="module")
def told():
    rng = np.random.default_rng(17)
    garments = [draw_garment(rng, draw_swap(rng)) for _ in range(4000)]
    return [(spec, caption(spec, "man" if rng.random() < 0.06 else "woman", rng)) for spec in garments]


def verb_of(sentence):
    return next(verb for verb in VERBS if sentence.split(" ", 2)[2].startswith(verb))


def test_length_is_that_of_real_captions(told):
    words = np.array([len(sentence.split()) for _, sentence in told])
    assert words.mean() == pytest.approx(8.07, abs=0.4)
    assert words.min() >= 4
    assert words.max() <= 17
    # Real captions: 56 % have exactly 8 words and 28 % have 7.
    assert 0.4 < np.mean(words == 8) < 0.65
    assert 0.2 < np.mean(words == 7) < 0.4
    assert np.mean([len(sentence) for _, sentence in told]) == pytest.approx(47.7, abs=6)
    assert max(len(sentence) for _, sentence in told) <= 104


def test_the_verb_tells_nothing_about_the_garment(told):
    verbs = [verb for verb, share in VERBS.items() if share > 0.03]
    for field in ("category", "kind"):
        names = sorted({getattr(spec, field) for spec, _ in told})
        table = Counter((getattr(spec, field), verb_of(sentence)) for spec, sentence in told)
        result = chi2_contingency([[table[name, verb] for verb in verbs] for name in names])
        assert result.pvalue > 0.01, field


def test_four_in_five_follow_the_main_template(told):
    plain = sum(
        sentence.endswith(f" {spec.fabric.colour_name} {sentence.split()[-2]} {spec.kind}.")
        for spec, sentence in told
        if spec.category != "bottom"
    )
    assert plain / sum(spec.category != "bottom" for spec, _ in told) == pytest.approx(0.81, abs=0.05)


def test_letters_are_told_in_a_third_of_the_cases_and_never_made_up(told):
    says = [(spec.fabric.graphic == "letters", "letters" in sentence) for spec, sentence in told]
    assert not any(said and not true for true, said in says)
    assert np.mean([said for true, said in says if true]) == pytest.approx(0.35, abs=0.1)
    assert 0.007 < np.mean([said for _, said in says]) < 0.03


def test_captions_are_true(told):
    for spec, sentence in told:
        assert sentence == sentence.lower()
        assert sentence.endswith(".")
        assert spec.kind in sentence.rstrip(".").split()
        assert spec.fabric.colour_name in sentence
        if "sleeveless" in sentence:
            assert spec.sleeve == "none"
        if "buttons" in sentence:
            assert spec.front == "placket"
        if "sheer" in sentence:
            assert spec.sheer > 0
        assert " a orange" not in sentence
        assert " a olive" not in sentence
        assert "girl" not in sentence


def test_the_wearer_is_named(told):
    spec, _ = told[0]
    rng = np.random.default_rng(0)
    assert caption(spec, "man", rng).startswith("the man ")
    assert caption(spec, "woman", rng).startswith("the lady ")
    with pytest.raises(VtonError, match="gender 'alien'"):
        caption(spec, "alien", rng)


def test_the_generator_decides(told):
    spec, _ = told[0]
    assert caption(spec, "woman", np.random.default_rng(1)) == caption(spec, "woman", np.random.default_rng(1))
