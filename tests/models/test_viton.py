"""VITON's two networks: exact counts, shapes, gradients, one answer for one seed, and what they refuse."""

import pytest
import torch

from tests.models.counting import by_hand, count, every_parameter_learns
from vtonlib.errors import VtonError
from vtonlib.models.viton import Coarse, CoarseGenerator, RefinementNetwork, compose

SIZES = [(256, 192), (128, 96), (64, 48)]


def test_numbers_of_parameters_are_the_papers():
    assert count(CoarseGenerator()) == 29_269_632
    assert count(RefinementNetwork()) == 77_633


def test_one_halving_less_leaves_out_the_innermost_level():
    """By hand: 512 channels in and out of the level below, and the next one up reads no skip beside it."""
    innermost = by_hand((512, 512, 4, True), (1024, 512, 4, True))
    assert count(CoarseGenerator()) - count(CoarseGenerator((128, 96))) == innermost


@pytest.mark.parametrize("size", SIZES)
def test_a_picture_and_a_mask_come_out(size):
    coarse = CoarseGenerator(size, width=4)(torch.randn(2, 3, *size), torch.randn(2, 22, *size))
    assert coarse.picture.shape == (2, 3, *size)
    assert coarse.mask.shape == (2, 1, *size)
    assert max(coarse.picture.abs().max(), coarse.mask.abs().max()) < 1


def test_the_mask_is_the_first_channel():
    """As in the released code, whose weights would give a blue mask otherwise."""
    generator = CoarseGenerator((64, 48), width=4)
    with torch.no_grad():
        generator.last.weight[:, 1:] = 0
    coarse = generator(torch.randn(2, 3, 64, 48), torch.randn(2, 22, 64, 48))
    assert not coarse.picture.any()
    assert coarse.mask.any()


def test_a_mask_is_read_between_zero_and_one():
    mask = torch.tensor([-0.5, 0.25, 1.0]).view(1, 1, 1, 3)
    assert Coarse(mask.expand(1, 3, 1, 3), mask).region.flatten().tolist() == [0, 0.25, 1]


def test_half_of_the_innermost_decoded_features_are_left_out_in_training():
    """The next decoding is fed with them first: half are zero, and the others twice as large."""
    torch.manual_seed(0)
    generator, fed = CoarseGenerator((64, 48), width=16), []
    generator.decoder[1].register_forward_pre_hook(lambda _, given: fed.append(given[0][:, :64]))
    for mode in (False, True):
        generator.train(mode)
        generator.decoder[0][2].eval()  # the same normalisation twice
        with torch.no_grad():
            generator(torch.randn(1, 3, 64, 48).fill_(0.3), torch.ones(1, 22, 64, 48), torch.Generator().manual_seed(1))
    whole, thinned = fed
    assert thinned.count_nonzero() / thinned.numel() == pytest.approx(0.5, abs=0.05)
    assert whole.count_nonzero() == whole.numel()


def test_what_is_left_out_is_drawn_from_the_given_generator():
    generator, inputs = CoarseGenerator((64, 48), width=4), (torch.randn(2, 3, 64, 48), torch.randn(2, 22, 64, 48))
    before = torch.get_rng_state()
    first, second, other = (generator(*inputs, torch.Generator().manual_seed(seed)).picture for seed in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first, second)
    assert not torch.equal(first, other)


def test_every_parameter_of_the_generator_gets_a_gradient():
    torch.manual_seed(0)
    generator = CoarseGenerator((64, 48), width=8)
    coarse = generator(torch.randn(2, 3, 64, 48), torch.randn(2, 22, 64, 48))
    (coarse.picture.square().sum() + coarse.mask.square().sum()).backward()
    assert every_parameter_learns(generator)


def test_every_parameter_of_the_refinement_gets_a_gradient():
    torch.manual_seed(0)
    network = RefinementNetwork(width=4)
    alpha = network(torch.randn(2, 3, 16, 12), torch.randn(2, 3, 16, 12))
    assert alpha.shape == (2, 1, 16, 12)
    assert 0 < alpha.min() < alpha.max() < 1
    alpha.square().sum().backward()
    assert every_parameter_learns(network)


def test_the_refinement_normalises_over_the_whole_picture():
    """Layer normalisation: a scaled input of the first convolution gives the same answer."""
    torch.manual_seed(0)
    network, warped, coarse = RefinementNetwork(width=4), torch.randn(1, 3, 16, 12), torch.randn(1, 3, 16, 12)
    assert torch.allclose(network(warped, coarse), network(3 * warped, 3 * coarse), atol=1e-4)


def test_one_seed_gives_one_answer():
    answers = []
    for _ in range(2):
        torch.manual_seed(7)
        answers.append(CoarseGenerator((64, 48), width=4)(torch.randn(2, 3, 64, 48), torch.randn(2, 22, 64, 48)))
    assert all(torch.equal(a, b) for a, b in zip(*answers, strict=True))


def test_composition_by_hand():
    alpha = torch.tensor([0.0, 0.25, 1.0]).view(1, 1, 1, 3)
    result = compose(alpha, torch.ones(1, 3, 1, 3), -torch.ones(1, 3, 1, 3))
    assert result[0, 0, 0].tolist() == [-1, -0.5, 1]


@pytest.mark.parametrize(("cloth", "person"), [((2, 3, 64, 40), (2, 22, 64, 40)), ((2, 3, 64, 48), (2, 21, 64, 48))])
def test_inputs_that_do_not_fit_are_refused(cloth, person):
    with pytest.raises(VtonError, match="give 3 and 22 channels, and sides that are multiples of 16"):
        CoarseGenerator((64, 48), width=4)(torch.zeros(cloth), torch.zeros(person))


def test_a_size_that_cannot_be_halved_is_refused():
    with pytest.raises(VtonError, match="size is"):
        CoarseGenerator((100, 75))
