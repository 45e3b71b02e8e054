"""The reader of words: its exact count, what padding and order do, and that it can learn attributes."""

import pytest
import torch

from tests.models.counting import count, every_parameter_learns
from vtonlib.data.text import Vocabulary
from vtonlib.errors import VtonError
from vtonlib.losses.attributes import attribute_loss
from vtonlib.models.text.word_rnn import WordRnn


def test_it_has_the_releases_parameters():
    first = 539 * 100 + 100 * 100 + 2 * 100
    second = 100 * 100 + 100 * 100 + 2 * 100
    heads = (100 + 1) * (19 + 17 + 2 + 4)
    assert first + second + heads == 88_542 == count(WordRnn())


def test_the_papers_code_has_forty_numbers():
    reader = WordRnn(code=40)
    code = reader(torch.tensor([[3, 4, 0]]), torch.tensor([2]))
    assert code.shape == (1, 40)
    assert code.abs().max() < 1
    assert {name: tuple(logits.shape) for name, logits in reader.attributes(code).items()} == {
        "category": (1, 19), "colour": (1, 17), "gender": (1, 2), "sleeve": (1, 4),
    }  # fmt: skip


def test_it_is_the_last_state_of_pytorchs_own_network():
    torch.manual_seed(0)
    reader = WordRnn(10, code=6)
    sentence = torch.tensor([[2, 5, 9, 3]])
    _, last = reader.rnn(torch.nn.functional.one_hot(sentence, 10).float())
    torch.testing.assert_close(reader(sentence, torch.tensor([4])), last[-1])


def test_huge_weights_do_not_leave_the_range():
    torch.manual_seed(0)
    reader = WordRnn(10, code=20)
    for parameter in reader.rnn.parameters():
        torch.nn.init.normal_(parameter)
    code = reader(torch.tensor([[2, 5, 9, 3]]), torch.tensor([4]))
    assert 0.9 < code.max() <= 1
    assert -1 <= code.min() < -0.9


def test_padding_changes_nothing_and_order_does():
    torch.manual_seed(0)
    reader = WordRnn(10, code=6)
    code = reader(torch.tensor([[2, 5, 0, 0], [2, 5, 7, 1], [5, 2, 0, 0]]), torch.tensor([2, 2, 2]))
    torch.testing.assert_close(code[0], code[1])
    torch.testing.assert_close(code[:1], reader(torch.tensor([[2, 5]]), torch.tensor([2])))
    assert (code[0] - code[2]).abs().max() > 1e-3


def test_an_empty_sentence_is_zero_also_alone():
    reader = WordRnn(10, code=6)
    assert not reader(torch.zeros(1, 4, dtype=torch.int64), torch.tensor([0])).any()
    assert not reader(torch.zeros(2, 0, dtype=torch.int64), torch.tensor([0, 0])).any()
    assert reader(torch.zeros(1, 4, dtype=torch.int64), torch.tensor([1])).any()


def test_every_parameter_gets_a_gradient():
    torch.manual_seed(0)
    reader = WordRnn(5, {"colour": 3, "sleeve": 2}, code=4)
    code = reader(torch.tensor([[0, 1, 2], [3, 4, 0]]), torch.tensor([3, 2]))
    attribute_loss(reader.attributes(code), {"colour": torch.tensor([0, 2]), "sleeve": torch.tensor([1, 1])}).backward()
    assert every_parameter_learns(reader)


def test_it_learns_attributes_from_sentences():
    torch.manual_seed(0)
    said = [(colour, sleeve) for colour in ("red", "blue", "green") for sleeve in ("short-sleeved", "sleeveless")]
    sentences = [f"the lady wore a {colour} {sleeve} tee." for colour, sleeve in said]
    vocabulary = Vocabulary.of(sentences)
    reader = WordRnn(len(vocabulary), {"colour": 3, "sleeve": 2}, code=16)
    values = {"colour": torch.arange(6) // 2, "sleeve": torch.arange(6) % 2}
    optimiser = torch.optim.Adam(reader.parameters(), 1e-2)
    for _ in range(100):
        loss = attribute_loss(reader.attributes(reader(*vocabulary.encode(sentences))), values)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    other = [sentence.replace("lady wore", "man wears") for sentence in sentences]
    told = reader.attributes(reader(*vocabulary.encode(other)))
    assert all(torch.equal(told[name].argmax(1), values[name]) for name in values)


def test_inputs_that_do_not_fit_are_refused():
    reader = WordRnn(10, code=4)
    with pytest.raises(VtonError, match=r"tokens are \(3,\), lengths \(1,\); give \(B, T\) and \(B,\)"):
        reader(torch.tensor([1, 2, 3]), torch.tensor([3]))
    with pytest.raises(VtonError, match="tokens reach from 2 to 10; this network has 10 words"):
        reader(torch.tensor([[2, 10]]), torch.tensor([2]))
    for length in (-1, 3):
        with pytest.raises(VtonError, match=rf"lengths are \[{length}\]; give 0 to 2"):
            reader(torch.tensor([[2, 3]]), torch.tensor([length]))
