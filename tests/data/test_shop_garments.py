"""Shop pictures: inner collars lie in the garment, removal by hand, and un-mixing against the renderer."""

import numpy as np
import pytest
import torch

from vtonlib.data.layout import read_sample, sample_names
from vtonlib.data.sample import CATEGORIES
from vtonlib.data.shop_garments import SHOP_WHITE, over_skin, shop_garments, unmixed, without_inner_collar
from vtonlib.data.wardrobe_set import wardrobe_set

SIZE = (128, 96)


@pytest.fixture(scope="module")
def garments():
    return shop_garments("test", SIZE[0])


def test_each_garment_is_that_of_its_sample(garments):
    root = wardrobe_set(SIZE)
    names = sample_names(root, "test")
    for row, owner in ((3, "cloth"), (len(names) + 5, "other_cloth")):
        garment = getattr(read_sample(root, "test", names[row % len(names)]), owner)
        assert np.array_equal(garments.image[row].permute(1, 2, 0), garment.image)
        assert np.array_equal(garments.inner[row], (garment.inner_collar | garment.label_tag) & garment.mask)
        assert garments.sheer[row] == pytest.approx(garment.alpha.max(), abs=0.01)
        assert CATEGORIES[garments.category[row]] == garment.category


def test_inner_collars_lie_in_the_garment_and_trousers_have_none(garments):
    assert not (garments.inner & ~garments.mask).any()
    assert not garments.inner[garments.category == CATEGORIES.index("bottom")].any()
    assert garments.inner[garments.category == CATEGORIES.index("top")].flatten(1).any(1).all()


def test_what_is_removed_is_white_and_no_part_of_the_mask():
    cloth, mask, inner = torch.full((1, 3, 2, 2), -0.5), torch.ones(1, 1, 2, 2), torch.zeros(1, 1, 2, 2)
    inner[0, 0, 0, 0] = 1
    clean, rest = without_inner_collar(cloth, mask, inner)
    assert clean[0, 0].tolist() == [[1, -0.5], [-0.5, -0.5]]
    assert rest[0, 0].tolist() == [[0, 1], [1, 1]]


def test_unmixing_undoes_the_white_of_the_shop():
    """As ``wardrobe/shop.py`` mixes it, on bytes."""
    cloth, sheer = torch.tensor([-0.6, 0.0, 0.7]).view(1, 3, 1, 1), torch.tensor(0.4)
    bytes_ = (cloth + 1) * 127.5
    seen = 255 - (255 - bytes_) * (1 - 0.8 * 0.4)
    assert torch.allclose(unmixed(seen / 127.5 - 1, sheer), cloth, atol=1e-5)
    assert SHOP_WHITE == 0.8
    assert torch.equal(unmixed(cloth, torch.tensor(0.0)), cloth)


def test_a_third_of_skin_by_hand():
    cloth, skin = torch.tensor([0.9, 0.0, -0.6]).view(1, 3, 1, 1), torch.tensor([0.3, 0.3, 0.3]).view(1, 3, 1, 1)
    expected = torch.tensor([0.7, 0.1, -0.3]).view(1, 3, 1, 1)
    assert torch.allclose(over_skin(cloth, torch.tensor(1 / 3), skin), expected, atol=1e-6)
    assert torch.equal(over_skin(cloth, torch.tensor(0.0), skin), cloth)
