"""What the stages of chapter 03 promise beyond the common checks."""

from dataclasses import replace

import pytest
import torch

from vtonlib.data.text import encode_characters
from vtonlib.data.upper_bodies import upper_bodies
from vtonlib.losses.gan_cls import discriminator_loss, weights
from vtonlib.models.text.conditioning_augmentation import KL_WEIGHT
from vtonlib.training.stages.char_cnn_rnn import found, one_hot, symbols
from vtonlib.training.stages.gan_cls import GanClsConfig, GanClsStage, mirrored, shown, variety
from vtonlib.training.wrong_sentences import near_misses, other_garments

from .tiny import BUDGET, tiny_batches


@pytest.fixture
def batch():
    return next(tiny_batches("gan_cls"))


def gan(**settings):
    return GanClsStage(replace(GanClsStage.configure(BUDGET), **settings), 0)


def test_wrong_sentences_really_say_something_else():
    garments = {"kind": torch.tensor([0, 0, 0, 1]), "colour": torch.tensor([5, 5, 6, 5]), "sleeve": torch.zeros(4)}
    rng = torch.Generator().manual_seed(0)
    drawn = torch.stack([other_garments({**garments, "text": torch.zeros(4, 40)}, 1, rng)[:, 0] for _ in range(200)])
    assert set(drawn[:, 0].tolist()) == {2, 3}
    assert set(drawn[:, 2].tolist()) == {0, 1, 3}
    alike = {name: torch.zeros(3) for name in garments}
    assert other_garments({**alike, "text": torch.zeros(3, 40)}, 2, rng).shape == (3, 2)


def test_near_misses_are_wrong_in_one_thing_and_mostly_right_in_the_other():
    """To the first example the second is another sleeve in its colour, the third another colour with its sleeve."""
    garments = {"colour": torch.tensor([5, 5, 6, 6]), "sleeve": torch.tensor([0, 1, 0, 1])}
    rng = torch.Generator().manual_seed(0)
    drawn = torch.stack([near_misses({**garments, "text": torch.zeros(4, 40)}, rng)[0] for _ in range(400)])
    assert set(drawn[:, 0].tolist()) == {1, 3}  # sleeve 1
    assert set(drawn[:, 1].tolist()) == {2, 3}  # colour 6
    assert (drawn == torch.tensor([1, 2])).float().mean() > 0.9
    alike = {name: torch.zeros(3) for name in garments}
    assert near_misses({**alike, "text": torch.zeros(3, 40)}, rng).shape == (3, 2)


@pytest.mark.parametrize("near", [False, True])
def test_the_discriminators_loss_by_hand(batch, near):
    stage = gan(near_misses=near)
    loss = stage.discriminator_loss(batch, torch.Generator().manual_seed(3))["adversarial"]
    rng = torch.Generator().manual_seed(3)
    again = gan()
    real, text = mirrored(batch["image"], rng), batch["text"]
    fake = again.generator(torch.randn(8, 16, generator=rng), text, torch.zeros(8, 0))[0]
    torch.randn(8, 0, generator=rng)
    others = near_misses(batch, rng) if near else other_garments(batch, 1, rng)
    wrong = again.discriminator(torch.cat([real] * others.shape[1]), text[others.T.flatten()])
    right, false = again.discriminator(real, text), again.discriminator(fake, text)
    torch.testing.assert_close(loss, discriminator_loss(right, wrong, false, weights("effective")))


def test_the_paper_s_settings_for_a_wide_network_and_all_that_helps_for_a_slim_one():
    wide = GanClsStage.configure(replace(BUDGET, width=128))
    assert wide == GanClsConfig(steps=8, ema_half_life=wide.ema_half_life)
    slim = GanClsStage.configure(BUDGET)
    assert (slim.side, slim.plain, slim.near_misses, slim.compare) == (32, True, True, True)


def test_variety_by_hand_is_limited_to_what_is_enough():
    pictures = torch.zeros(4, 3, 2, 2)
    pictures[1] = 0.1
    pictures[3] = -1.0
    assert variety(pictures).item() == pytest.approx((0.1 + 0.2) / 2)
    assert variety(torch.ones(2, 3, 4, 4)).item() == 0


def test_variety_paints_half_of_the_sentences_twice(batch):
    stage = gan(variety=2.0)
    losses = stage.generator_loss(batch, torch.Generator().manual_seed(3))
    text = batch["text"][[0, 0, 1, 1, 2, 2, 3, 3]]
    noise = torch.randn(8, 16, generator=torch.Generator().manual_seed(3))
    pictures = gan().generator(noise, text, torch.zeros(8, 0))[0]
    torch.testing.assert_close(losses["variety"], -2.0 * variety(pictures))
    assert set(gan(variety=0.0).generator_loss(batch, torch.Generator())) == {"adversarial"}


def test_small_pictures_are_enlarged_to_be_shown_and_others_stay():
    painted = gan().paint(torch.randn(2, 40), seed=0)
    assert painted.shape == (2, 3, 64, 64)
    assert painted.abs().max() <= 1
    left = torch.linspace(-0.5, 0.5, 32).expand(1, 3, 32, 32)
    assert (shown(left)[..., 2:-2].diff(dim=3) > 0).all()
    large = torch.rand(1, 3, 64, 64)
    assert torch.equal(shown(large), large)


def test_real_people_look_like_the_stage_s_pictures():
    assert gan().people("test", once=True).tensors["image"].shape[1:] == (3, 32, 32)
    wide = gan(side=64, plain=False).people("test", once=True)
    assert torch.equal(wide.tensors["image"], upper_bodies("test", once=True).tensors["image"])


def test_a_deaf_stage_paints_the_same_whatever_is_said():
    codes = torch.randn(2, 40)
    deaf, hearing = gan(deaf=True), gan()
    pictures = torch.cat([deaf.paint(code[None], seed=0) for code in codes])
    assert torch.equal(pictures[0], pictures[1])
    heard = torch.cat([hearing.paint(code[None], seed=0) for code in codes])
    assert (heard[0] - heard[1]).abs().max() > 1e-3 * heard.abs().max()


def test_interpolation_and_augmentation_add_what_they_say(batch):
    losses = gan(augmented=16, interpolation=1.0).generator_loss(batch, torch.Generator().manual_seed(0))
    assert set(losses) == {"adversarial", "divergence", "variety"}
    stage = gan(augmented=16, variety=0.0)
    cloud = stage.generator.augment(batch["text"], torch.zeros(8, 16))
    losses = stage.generator_loss(batch, torch.Generator())
    torch.testing.assert_close(losses["divergence"], KL_WEIGHT * cloud.divergence())


def test_symbols_are_characters_that_take_less_room():
    sentences = ["The lady wore a tee.", "~ é 0", ""]
    numbers = symbols(sentences)
    assert numbers.dtype == torch.uint8
    assert torch.equal(one_hot(numbers), encode_characters(sentences))


def test_what_is_found_by_hand():
    """Six sentences; each finds the five others, and all but the last two are alike."""
    values = {name: torch.tensor([0, 0, 0, 0, 1, 2]) for name in ("kind", "colour", "sleeve")}
    scores = 1 - torch.eye(6)
    assert found(scores, values)["colour"].value == pytest.approx((4 * 3 / 5) / 6)
