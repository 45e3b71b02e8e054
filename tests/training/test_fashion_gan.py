"""What FashionGAN's stages show their networks, and how they weigh it."""

from dataclasses import replace

import pytest
import torch

from vtonlib.data.outfits import ATTRIBUTES, outfits
from vtonlib.data.representations.fashiongan import merge, one_hot
from vtonlib.errors import VtonError
from vtonlib.losses.gan_cls import Weights
from vtonlib.models.fashion_gan.one_step import prior_of_7
from vtonlib.profiles import Budget, budget
from vtonlib.training.fashion_gan import FashionGanStage, said_of
from vtonlib.training.registry import stage_class
from vtonlib.training.stages.fashion_gan_shape import FashionGanShapeStage, channels_of, folded

TINY = Budget(steps=4, batch_size=4, width=4, minutes=0, where="tests", peak_mib=1, height=64)
PAINTERS = ("fashion_gan_image", "non_compositional", "one_step_8_7", "one_step_8_4")


def shape_stage(**settings) -> FashionGanShapeStage:
    return FashionGanShapeStage(replace(FashionGanShapeStage.configure(TINY), **settings))


def some_labels(count: int = 2) -> torch.Tensor:
    return outfits("test", 64, ("person",)).tensors["labels"][:count].long()


def test_a_finer_constraint_keeps_all_its_numbers():
    prior = torch.arange(2 * 4 * 16 * 16.0).view(2, 4, 16, 16)
    small = folded(prior)
    assert small.shape == (2, 16, 8, 8) == (2, channels_of(16), 8, 8)
    assert sorted(small.flatten().tolist()) == sorted(prior.flatten().tolist())
    assert sorted(small[0, :4, 0, 0].tolist()) == [0, 1, 16, 17]


def test_a_coarser_constraint_is_repeated():
    prior = torch.rand(1, 4, 4, 4)
    small = folded(prior)
    assert small.shape == (1, channels_of(4), 8, 8)
    assert (small[0, :, 2:4, 6:8] == prior[0, :, 1, 3][:, None, None]).all()
    assert torch.equal(folded(prior.repeat_interleave(2, 2).repeat_interleave(2, 3)), small)


def test_cells_that_do_not_fit_are_refused():
    with pytest.raises(VtonError, match="12 x 12"):
        folded(torch.zeros(1, 4, 12, 12))


@pytest.mark.parametrize("cells", [4, 8, 16, 32])
def test_the_first_stage_draws_from_every_size_of_constraint(cells):
    stage = shape_stage(cells=cells)
    maps = stage.map_for(some_labels(), torch.zeros(2, 50))
    assert maps.shape == (2, 64, 64)


def test_what_the_stages_are_shown_of_a_map():
    segmentation = one_hot(some_labels())
    shown = {name: stage_class(name)(stage_class(name).configure(TINY)).condition(segmentation) for name in PAINTERS}
    torch.testing.assert_close(shown["fashion_gan_image"], segmentation)
    torch.testing.assert_close(shown["non_compositional"], segmentation)
    torch.testing.assert_close(shown["one_step_8_7"], prior_of_7(segmentation))
    torch.testing.assert_close(shown["one_step_8_4"], merge(segmentation))
    torch.testing.assert_close(shape_stage().condition(segmentation), merge(segmentation))


def test_the_discriminator_sees_hard_maps_and_the_generator_feels_soft_ones():
    logits = torch.randn(2, 7, 64, 64, requires_grad=True)
    shown = shape_stage().shown(logits)
    assert set(shown.detach().round(decimals=5).unique().tolist()) == {0.0, 1.0}
    weights = torch.randn_like(logits)
    (gradient,) = torch.autograd.grad((shown * weights).sum(), logits)
    (expected,) = torch.autograd.grad((logits.softmax(1) * weights).sum(), logits)
    torch.testing.assert_close(gradient, expected)


def test_rare_labels_count_more_and_the_mean_pixel_counts_one():
    labels = some_labels(8)
    weight = shape_stage(rare=0.5).weigh(labels)
    assert weight is not None
    assert weight[labels].mean().item() == pytest.approx(1, abs=1e-5)
    share = torch.bincount(labels.flatten(), minlength=7) / labels.numel()
    assert weight[6] / weight[0] == pytest.approx((share[0] / share[6]).sqrt().item(), rel=1e-4)
    assert shape_stage(rare=0.0).weigh(labels) is None


def test_sentences_that_say_the_same_of_a_map_may_differ_in_colour():
    people = outfits("train", 64).only(range(300))
    of_map, of_picture = said_of(people, FashionGanShapeStage.SAYS), said_of(people, FashionGanStage.SAYS)
    kind, sleeve, colour = (people.tensors[name] for name in ("kind", "sleeve", "colour"))
    same_map = (kind[:, None] == kind) & (sleeve[:, None] == sleeve)
    assert torch.equal(of_map[:, None] == of_map, same_map)
    assert torch.equal(of_picture[:, None] == of_picture, same_map & (colour[:, None] == colour))
    assert int(of_picture.max()) < len(ATTRIBUTES["kind"]) * len(ATTRIBUTES["colour"]) * len(ATTRIBUTES["sleeve"])


def test_the_wrong_pair_is_the_real_map_with_another_sentence(monkeypatch):
    stage, seen = shape_stage(), []
    batch = {
        "labels": some_labels(4), "coding": torch.arange(4.0)[:, None].repeat(1, 50),
        "said": torch.tensor([0, 0, 1, 1]),
        "image": torch.zeros(4, 3, 64, 64),
    }  # fmt: skip
    monkeypatch.setattr(
        stage,
        "discriminator",
        lambda drawn, told, condition: seen.append((drawn, told, condition)) or drawn.mean((1, 2, 3)),
    )
    stage.discriminator_loss(batch, torch.Generator().manual_seed(0))
    (real, own, prior), (again, wrong, same_prior), (fake, told, _) = seen
    assert torch.equal(real, again)
    assert torch.equal(prior, same_prior)
    assert torch.equal(own, batch["coding"])
    assert torch.equal(told, own)
    assert torch.equal(wrong[:, :10], own[:, :10]), "the wearer stays"
    assert (batch["said"][wrong[:, 10].long()] != batch["said"]).all()
    assert not fake.requires_grad


def test_only_slim_profiles_depart_from_the_release():
    slim, full = (FashionGanShapeStage.configure(budget("fashion_gan_shape", name)) for name in ("cpu", "gpu"))
    default = FashionGanShapeStage.Config()
    assert replace(full, steps=default.steps) == default
    assert (slim.game_interval, slim.rare, slim.deviation) == (4, 0.5, 0.02)
    assert shape_stage(pairs="reed").weighed == Weights(0.5, 0.5)
    assert [phase.name for phase in shape_stage().phases] == ["D", "G", "truth"]
    assert [phase.name for phase in shape_stage(game_interval=1).phases] == ["D", "G"]
