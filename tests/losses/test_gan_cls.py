"""GAN-CLS's and GAN-INT's losses against values worked by hand."""

import math

import pytest
import torch

from vtonlib.errors import VtonError
from vtonlib.losses.gan import objective
from vtonlib.losses.gan_cls import (
    WEIGHTS,
    Weights,
    between,
    discriminator_loss,
    interpolating_generator_loss,
    weights,
)

RIGHT = torch.tensor([0.0, 2.0], dtype=torch.float64)
WRONG = torch.tensor([1.0, -2.0], dtype=torch.float64)  # not symmetric, or a wrong sign would go unseen
FAKE = torch.tensor([-3.0, 0.5], dtype=torch.float64)


def softplus(x: float) -> float:
    return math.log1p(math.exp(x))


@pytest.mark.parametrize(("name", "wrong", "fake"), [("reed", 0.5, 0.5), ("intent", 0.1, 0.9), ("effective", 1.0, 1.0)])
def test_the_discriminators_loss_by_hand(name, wrong, fake):
    expected = (softplus(0) + softplus(-2)) / 2
    expected += wrong * (softplus(1) + softplus(-2)) / 2 + fake * (softplus(-3) + softplus(0.5)) / 2
    assert discriminator_loss(RIGHT, WRONG, FAKE, weights(name)).item() == pytest.approx(expected, rel=1e-12)


def test_without_wrong_pairs_it_is_the_plain_objective():
    plain = objective("non_saturating").discriminator(RIGHT, FAKE)
    torch.testing.assert_close(discriminator_loss(RIGHT, WRONG, FAKE, Weights(0.0, 1.0)), plain)


def test_an_unsure_discriminator_has_two_log_two_or_three():
    zero = torch.zeros(3)
    losses = {name: discriminator_loss(zero, zero, zero, weighed).item() for name, weighed in WEIGHTS.items()}
    assert losses == pytest.approx(
        {name: n * math.log(2) for name, n in (("reed", 2), ("intent", 2), ("effective", 3), ("none", 2))}
    )


@pytest.mark.parametrize("name", WEIGHTS)
def test_right_pairs_are_pulled_up_and_the_others_down_by_their_weights(name):
    logits = [torch.zeros(4, requires_grad=True) for _ in range(3)]
    discriminator_loss(*logits, weights(name)).backward()
    slopes = [4 * logit.grad[0].item() for logit in logits]
    assert slopes == pytest.approx([-0.5, 0.5 * WEIGHTS[name].wrong, 0.5 * WEIGHTS[name].fake])


def test_patches_average_like_single_logits():
    patches = [logits.view(2, 1, 1, 1).expand(2, 1, 3, 3) for logits in (RIGHT, WRONG, FAKE)]
    torch.testing.assert_close(
        discriminator_loss(*patches, weights("reed")), discriminator_loss(RIGHT, WRONG, FAKE, weights("reed"))
    )


def test_unknown_weights_list_the_known_ones():
    with pytest.raises(VtonError, match="weights are 'equal'; choose one of reed, intent, effective"):
        weights("equal")


def test_texts_in_between_pair_the_first_half_with_the_second():
    texts = torch.tensor([[0.0, 8.0], [1.0, 1.0], [4.0, 0.0], [3.0, 5.0], [99.0, 99.0]])
    assert between(texts).tolist() == [[2, 4], [2, 3]]
    assert between(texts, 0.75).tolist() == [[1, 6], [1.5, 2]]
    assert torch.equal(between(texts, 1.0), texts[:2])
    assert torch.equal(between(texts, 0.0), texts[2:4])
    with pytest.raises(VtonError, match=r"texts are \(1, 2\); give two or more"):
        between(texts[:1])


def test_the_generators_loss_is_one_mean_over_both_kinds():
    own, interpolated = torch.tensor([0.0, 2.0, -1.0, 3.0]), torch.tensor([1.0, -2.0])
    expected = sum(softplus(-logit) for logit in (0, 2, -1, 3, 1, -2)) / 6
    assert interpolating_generator_loss(own, interpolated).item() == pytest.approx(expected)
    doubled = expected + (softplus(-1) + softplus(2)) / 6
    assert interpolating_generator_loss(own, interpolated, 2.0).item() == pytest.approx(doubled)
    plain = objective("non_saturating").generator(torch.cat([own, interpolated]))
    torch.testing.assert_close(interpolating_generator_loss(own, interpolated), plain)
