"""char-CNN-RNN in both variants: counts by hand, steps, order, and that pictures and texts can be brought together."""

import pytest
import torch

from tests.models.counting import count, every_parameter_learns
from vtonlib.data.text import encode_characters
from vtonlib.errors import VtonError
from vtonlib.losses.joint_embedding import joint_embedding_loss
from vtonlib.models.text.char_cnn_rnn import CharCnnRnn

SENTENCES = ["the lady wore a red sleeveless dress.", "the man wears a long-sleeved black jacket", ""]


def test_numbers_of_parameters():
    first_two = (70 * 4 + 1) * 384 + (384 * 4 + 1) * 512
    short = first_two + (512 * 4 + 1) * 256 + 2 * (256 + 1) * 256 + (256 + 1) * 1024
    long = first_two + (512 * 4 + 1) * 512 + 3 * 2 * (512 + 1) * 512 + (512 + 1) * 1024
    assert short == 1_814_144 == count(CharCnnRnn("short"))
    assert long == 4_045_184 == count(CharCnnRnn("long"))


@pytest.mark.parametrize(("variant", "steps"), [("short", 8), ("long", 18)])
def test_steps_of_the_recurrent_network(variant, steps):
    reader = CharCnnRnn(variant, code=12, channels=(6, 8), hidden=5)
    characters = encode_characters(SENTENCES)
    assert reader.convolutions(characters.transpose(1, 2)).shape == (3, 5, steps)
    code = reader(characters)
    assert code.shape == (3, 12)
    assert (code[0] - code[1]).abs().max() > 0


@pytest.mark.parametrize("variant", ["short", "long"])
def test_the_code_comes_from_the_mean_of_all_states(variant):
    torch.manual_seed(0)
    reader = CharCnnRnn(variant, code=12, channels=(6, 8), hidden=5)
    states, _ = reader.rnn(reader.convolutions(encode_characters(SENTENCES).transpose(1, 2)).transpose(1, 2))
    mean = sum(states[:, step] for step in range(states.shape[1])) / states.shape[1]
    torch.testing.assert_close(reader(encode_characters(SENTENCES)), reader.linear(mean))


@pytest.mark.parametrize("variant", ["short", "long"])
def test_first_weights_lie_within_their_bound(variant):
    weights = torch.cat([p.flatten() for p in CharCnnRnn(variant, channels=(16, 16), hidden=16).parameters()])
    assert 0.079 < weights.abs().max() <= 0.08
    assert weights.std().item() == pytest.approx(0.08 / 3**0.5, rel=0.02)


@pytest.mark.parametrize("variant", ["short", "long"])
def test_every_parameter_gets_a_gradient(variant):
    torch.manual_seed(0)
    reader = CharCnnRnn(variant, code=12, channels=(6, 8), hidden=5)
    every_character = torch.eye(70).repeat(3, 1)[:201]
    reader(torch.stack([every_character, every_character.flip(0)])).square().sum().backward()
    assert every_parameter_learns(reader)


@pytest.mark.parametrize("variant", ["short", "long"])
def test_texts_learn_to_find_their_pictures(variant):
    torch.manual_seed(0)
    reader = CharCnnRnn(variant, code=4, channels=(16, 16), hidden=16)
    characters, pictures = encode_characters(SENTENCES), 3 * torch.eye(4)[:3]
    optimiser = torch.optim.Adam(reader.parameters(), 1e-2)
    for _ in range(60):
        loss = joint_embedding_loss(pictures, reader(characters))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    scores = pictures @ reader(characters).T
    assert scores.argmax(1).tolist() == scores.argmax(0).tolist() == [0, 1, 2]


def test_what_does_not_fit_is_refused():
    with pytest.raises(VtonError, match="variant is 'medium'; choose one of short, long"):
        CharCnnRnn("medium")
    with pytest.raises(VtonError, match=r"characters is \(1, 70, 201\); give \(B, 201, 70\)"):
        CharCnnRnn("short", channels=(4, 4), hidden=4)(torch.zeros(1, 70, 201))
