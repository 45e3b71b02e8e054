"""The figures of chapter 10 that are about necks, by hand."""

from dataclasses import replace

import pytest
import torch

from vtonlib.data.collar_task import collar_task
from vtonlib.geometry.sampling import identity_grid
from vtonlib.studies.collars import inside_on_throat, necklines_right


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
