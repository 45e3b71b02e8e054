"""The figures of chapter 10, by hand."""

from dataclasses import replace

import pytest
import torch

from vtonlib.data.collar_task import collar_task
from vtonlib.data.shop_garments import SHOP_WHITE
from vtonlib.geometry.sampling import identity_grid
from vtonlib.studies.collars import inside_on_throat, necklines_right, three_layers


@pytest.fixture(scope="module")
def task():
    return collar_task("neckline_change", 64).only(range(8))


def test_without_a_warp_the_inside_lies_where_the_shop_has_it(task):
    everywhere = replace(task, throat=torch.ones_like(task.throat))
    grids = identity_grid(task.size).expand(8, -1, -1, -1)
    assert torch.equal(inside_on_throat(everywhere, grids), task.inner)
    assert not inside_on_throat(replace(task, throat=torch.zeros_like(task.throat)), grids).any()


def test_the_truth_is_right_and_the_old_garment_is_wrong(task):
    assert {name: score.value for name, score in necklines_right(task.worn, task).items()} == {
        "closing": 1, "opening": 1, "both": 1,
    }  # fmt: skip
    assert {name: score.value for name, score in necklines_right(task.old, task).items()} == {
        "closing": 0, "opening": 0, "both": 0,
    }  # fmt: skip


def test_cloth_everywhere_is_half_right(task):
    assert necklines_right(torch.ones_like(task.worn), task)["both"].value == pytest.approx(0.5)


def test_opaque_cloth_is_composed_as_ever():
    result, mask, warped = torch.rand(2, 3, 4, 4), torch.rand(2, 1, 4, 4), torch.rand(2, 3, 4, 4)
    layered = three_layers(result, mask, warped, torch.zeros(2, 1, 4, 4), torch.zeros(2, 3, 1, 1))
    assert torch.allclose(layered, result, atol=1e-6)


def test_three_layers_by_hand():
    """Green cloth, 0.4 sheer, before the shop's white, half over a black painting: half of 0.6 cloth and 0.4 skin."""
    cloth, skin = torch.tensor([-1.0, 0.2, -1.0]).view(1, 3, 1, 1), torch.tensor([0.6, 0.4, 0.2]).view(1, 3, 1, 1)
    white = SHOP_WHITE * 0.4
    warped = (1 - white) * cloth + white
    painting, mask, sheer = torch.full((1, 3, 1, 1), -1.0), torch.full((1, 1, 1, 1), 0.5), torch.full((1, 1, 1, 1), 0.4)
    result = mask * warped + (1 - mask) * painting
    expected = 0.5 * (0.6 * cloth + 0.4 * skin) + 0.5 * painting
    assert torch.allclose(three_layers(result, mask, warped, sheer, skin), expected, atol=1e-6)
