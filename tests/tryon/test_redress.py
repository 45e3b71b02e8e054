"""FashionGAN from a view and a sentence gives what it gives in chapter 05, where more is known of the wearer."""

import numpy as np
import pytest
import torch
from PIL import Image
from typer.testing import CliRunner

from vtonlib import zoo
from vtonlib.cli import app
from vtonlib.data.layout import read_sample
from vtonlib.data.mini import wardrobe_mini
from vtonlib.data.outfits import outfits
from vtonlib.errors import VtonError
from vtonlib.studies.redressing import redress_in_two_steps
from vtonlib.tryon import person, redress
from vtonlib.tryon.redress import PAINTER, SHAPE, seen_of

SENTENCE = "the {} wore a blue long-sleeved sweater."


@pytest.fixture(scope="module")
def wearers():
    return outfits("test", 128, ("person",))


def test_what_is_seen_of_a_wearer_is_what_the_wardrobe_knows(wearers):
    agreed = {"sunglasses": 0, "hat": 0, "hair_length": 0}
    for name in wearers.names[:60]:
        sample = read_sample(wardrobe_mini(), "test", name)
        found = seen_of(sample.person, SENTENCE.format("lady"))
        agreed["sunglasses"] += found["sunglasses"] == sample.attributes["sunglasses"]
        agreed["hat"] += (found["hat"] == "none") == (sample.attributes["hat"] == "none")
        agreed["hair_length"] += (found["hair_length"] == "long") == (sample.attributes["hair_length"] == "long")
    assert agreed["sunglasses"] == agreed["hat"] == 60
    assert agreed["hair_length"] >= 51  # hair behind shoulders is not seen


def test_the_picture_is_that_of_the_chapter(wearers):
    row = next(
        row
        for row, name in enumerate(wearers.names)
        if seen_of(person(name), SENTENCE.format("man"))["hair_length"] == "short"
        and wearers.tensors["gender"][row] == 1
    )
    wearer, sentence = wearers.only([row]), SENTENCE.format("man")
    expected = redress_in_two_steps(zoo.load(SHAPE), zoo.load(PAINTER), wearer, [sentence]).finished[0]
    found = torch.from_numpy(redress(person(wearer.names[0]), sentence)).permute(2, 0, 1)
    assert found.shape == (3, 128, 128)
    assert torch.allclose(found.float(), (expected.clamp(-1, 1) + 1) * 127.5, atol=1.1)


def test_the_sentence_says_who_wears_it():
    with pytest.raises(VtonError, match="does not say who wears it"):
        redress(person("000000"), "a red dress.")


def test_the_command_writes_the_same_picture(tmp_path):
    sentence = SENTENCE.format("lady")
    result = CliRunner().invoke(app, ["tryon", "000000", "--text", sentence, "-o", str(tmp_path / "me.png")])
    assert result.exit_code == 0, result.output
    assert np.array_equal(np.array(Image.open(tmp_path / "me.png")), redress(person("000000"), sentence))
