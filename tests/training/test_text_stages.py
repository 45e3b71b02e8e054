"""What the stages of chapter 03 promise beyond the common checks."""

from dataclasses import replace

import pytest
import torch

from vtonlib.data.text import encode_characters
from vtonlib.losses.gan_cls import discriminator_loss, weights
from vtonlib.models.text.conditioning_augmentation import KL_WEIGHT
from vtonlib.training.stages.char_cnn_rnn import found, one_hot, symbols
from vtonlib.training.stages.gan_cls import GanClsStage, mirrored, other_garments

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


def test_the_discriminators_loss_by_hand(batch):
    stage = gan()
    loss = stage.discriminator_loss(batch, torch.Generator().manual_seed(3))["adversarial"]
    rng = torch.Generator().manual_seed(3)
    stage.generator.zero_grad()
    again = gan()
    real, text = mirrored(batch["image"], rng), batch["text"]
    fake = again.generator(torch.randn(8, 100, generator=rng), text, torch.zeros(8, 0))[0]
    torch.randn(8, 0, generator=rng)
    wrong = text[other_garments(batch, 1, rng)[:, 0]]
    right, wrong, false = (again.discriminator(x, t) for x, t in ((real, text), (real, wrong), (fake, text)))
    torch.testing.assert_close(loss, discriminator_loss(right, wrong, false, weights("reed")))


def test_a_deaf_stage_paints_the_same_whatever_is_said():
    codes = torch.randn(2, 40)
    deaf, hearing = gan(deaf=True), gan()
    pictures = torch.cat([deaf.paint(code[None], seed=0) for code in codes])
    assert torch.equal(pictures[0], pictures[1])
    heard = torch.cat([hearing.paint(code[None], seed=0) for code in codes])
    assert (heard[0] - heard[1]).abs().max() > 1e-3 * heard.abs().max()


def test_interpolation_and_augmentation_add_what_they_say(batch):
    losses = gan(augmented=16, interpolation=1.0).generator_loss(batch, torch.Generator().manual_seed(0))
    assert set(losses) == {"adversarial", "divergence"}
    stage = gan(augmented=16)
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
