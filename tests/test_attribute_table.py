"""Chapter 05's table: who is compared with whom, what is pasted, and that the rulers lie where they must."""

import torch

from vtonlib.data.design import design_coding
from vtonlib.data.outfits import outfits
from vtonlib.data.sentence_pairs import sentence_pairs
from vtonlib.data.views import to_pictures
from vtonlib.studies import attribute_table
from vtonlib.studies.redressing import METHODS, TWO_STEPS

SIDE = 64


class Config:
    side = SIDE


class Copies:
    """A first stage that draws the photo's own map, whatever it is told, and remembers what it was told."""

    config = Config()

    def map_for(self, labels, coding, seed=0):
        self.told = coding
        return labels


class Flat:
    """A painter of one grey."""

    def draw(self, labels, coding, seed=0):
        return torch.zeros(len(labels), 3, *labels.shape[1:])


def test_every_held_out_person_gets_the_sentence_of_the_fixed_partner():
    wearers, owners = attribute_table.wearers_and_owners(SIDE)
    people, pairs = outfits("test", SIDE, ("person",)), sentence_pairs()
    assert wearers.names == people.names == pairs.names
    assert owners.names == tuple(people.names[row] for row in pairs.owners)
    assert owners.sentences == tuple(people.sentences[row] for row in pairs.owners)


def test_methods_with_two_steps_share_the_map_and_all_keep_hair_and_face():
    wearers, owners = attribute_table.wearers_and_owners(SIDE)
    wearers, sentences = wearers.only(range(6)), owners.sentences[:6]
    shape = Copies()
    answers = attribute_table.redress_all(shape, dict.fromkeys(METHODS, Flat()), wearers, sentences)
    assert torch.equal(shape.told, design_coding(wearers, sentences))
    photo, old = to_pictures(wearers.tensors["image"]), wearers.tensors["labels"].long()
    head = ((old == 1) | (old == 2))[:, None].expand_as(photo)
    for name, answer in answers.items():
        assert (answer.maps is not None) == (name in TWO_STEPS)
        assert torch.equal(answer.finished[head], photo[head])
        assert torch.equal(answer.painted, torch.zeros_like(photo))
        cloth = (old == 3)[:, None].expand_as(photo)
        assert (answer.finished[cloth] == 0).all(), "clothes are as painted"


def test_owners_photos_are_far_above_the_wearers_own():
    rulers = attribute_table.rulers(128)
    assert rulers["ceiling"]["map"].value > 4 * rulers["floor"]["map"].value
    assert rulers["ceiling"]["ap_colour"].value > 0.7
