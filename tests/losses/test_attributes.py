"""The sum of cross-entropies of attributes."""

import math

import pytest
import torch

from vtonlib.errors import VtonError
from vtonlib.losses.attributes import attribute_loss


def test_by_hand():
    logits = {"colour": torch.zeros(2, 5), "sleeve": torch.tensor([[math.log(3), 0.0], [0.0, 0.0]])}
    values = {"sleeve": torch.tensor([0, 1]), "colour": torch.tensor([4, 0])}
    expected = math.log(5) + (math.log(4 / 3) + math.log(2)) / 2
    assert attribute_loss(logits, values).item() == pytest.approx(expected)


def test_other_names_are_refused():
    with pytest.raises(VtonError, match=r"attributes told are \['colour'\], true ones \['sleeve'\]; give the same"):
        attribute_loss({"colour": torch.zeros(1, 2)}, {"sleeve": torch.tensor([0])})
