"""The colour of skin: a median by hand, and what happens where none is seen."""

import torch

from vtonlib.data.labels import LIP
from vtonlib.data.representations.skin import skin_colour
from vtonlib.data.views import Views


def test_it_is_the_median_of_what_is_seen():
    image, parse = torch.zeros(1, 3, 2, 3, dtype=torch.uint8), torch.zeros(1, 2, 3, dtype=torch.uint8)
    image[0, 0, 0], image[0, 0, 1] = torch.tensor([10, 20, 200]), torch.tensor([255, 255, 255])
    parse[0, 0] = torch.tensor([LIP["face"], LIP["left_arm"], LIP["right_arm"]])
    views = Views(image, parse, torch.zeros(1, 2, 3, dtype=torch.bool))
    assert torch.allclose(skin_colour(views)[0, 0], torch.tensor(20 / 127.5 - 1))
    neck = Views(image, parse, torch.tensor([[[False] * 3, [True] * 3]]))
    assert torch.allclose(skin_colour(neck)[0, 0], torch.tensor(200 / 127.5 - 1))  # 10 20 200 255 255 255


def test_without_skin_it_is_grey():
    image, parse = torch.full((1, 3, 2, 3), 90, dtype=torch.uint8), torch.zeros(1, 2, 3, dtype=torch.uint8)
    assert torch.equal(skin_colour(Views(image, parse)), torch.zeros(1, 3, 1, 1))
