"""People cut out by their trunks: where the neck lies, what a far person becomes, what lies beyond the edge."""

import torch

from vtonlib.data.keypoints import COCO
from vtonlib.data.outfits import SENTENCE_VIEWS, outfits
from vtonlib.data.upper_bodies import ABOVE, BACKGROUND, TRUNKS, cut_out, upper_bodies


def person(neck, hips):
    keypoints = torch.zeros(1, 18, 3)
    keypoints[0, COCO["neck"], :2] = torch.tensor(neck)
    for side, shift in (("right_hip", -3.0), ("left_hip", 3.0)):
        keypoints[0, COCO[side], :2] = torch.tensor(hips) + torch.tensor([shift, 0.0])
    return keypoints


def test_the_neck_lies_where_it_should_and_the_trunk_fills_its_share():
    picture = torch.zeros(1, 3, 128, 128, dtype=torch.uint8)
    picture[0, :, 40:42, 60:62] = 255  # the neck
    picture[0, :, 60:62, 60:62] = 255  # the hips, 20 pixels below: 44 are cut out
    cut = cut_out(picture, person([61.0, 41.0], [61.0, 61.0]), 88)[0, 0].float()
    rows = torch.arange(88.0)
    upper, lower = cut[:60].sum(1), cut[60:].sum(1)
    neck, hips = (rows[:60] * upper).sum() / upper.sum(), (rows[60:] * lower).sum() / lower.sum()
    assert abs((hips - neck).item() - 88 / TRUNKS) < 0.5
    assert abs(neck.item() + 0.5 - 88 * ABOVE) < 1.5


def test_beyond_the_edge_its_last_pixels_are_repeated():
    picture = torch.zeros(1, 3, 128, 128, dtype=torch.uint8)
    picture[..., 0] = 200  # the leftmost column
    cut = cut_out(picture, person([10.0, 60.0], [10.0, 100.0]), 44)
    assert (cut[..., :8] > 190).all()
    assert (cut[..., -10:] == 0).all()


def test_far_people_come_near_and_keep_their_sentences():
    people, whole = upper_bodies("test", once=True), outfits("test", 128, SENTENCE_VIEWS)
    assert people.sentences == whole.sentences
    assert people.tensors["image"].shape == (len(whole), 3, 64, 64)
    assert set(people.tensors) == {"image", "kind", "colour", "sleeve", "gender"}
    assert len(upper_bodies("test")) == 2 * len(people)
    again = cut_out(whole.tensors["image"][7:8], whole.tensors["keypoints"][7:8], 64)
    assert torch.equal(people.tensors["image"][7:8], again)


def test_a_plain_grey_stands_where_no_label_is():
    plain, own = (upper_bodies("test", 128, True, behind) for behind in (True, False))
    whole = outfits("test", 128, SENTENCE_VIEWS)
    behind = (whole.tensors["labels"][3:4, None] == 0).expand(-1, 3, -1, -1)
    behind = cut_out(behind.byte() * 255, whole.tensors["keypoints"][3:4], 128)
    before, after = own.tensors["image"][3:4], plain.tensors["image"][3:4]
    assert (after[behind == 255] == BACKGROUND).all()
    assert torch.equal(after[behind == 0], before[behind == 0])
    assert 0.2 < (behind == 255).float().mean() < 0.9
