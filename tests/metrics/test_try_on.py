"""The judge of try-ons: the truth is perfect, changing nothing is judged where something changes."""

import pytest
import torch

from vtonlib.data.warp_task import warp_task
from vtonlib.metrics.l1 import l1_of_each
from vtonlib.metrics.try_on import judge_try_on


@pytest.fixture(scope="module")
def task():
    return warp_task("unpaired", 64).only(range(8))


def test_the_truth_is_perfect(task):
    scores = judge_try_on(task.truth, task)
    assert {name: round(score.value, 6) for name, score in scores.items()} == {
        "ssim": 1, "ssim_masked": 1, "l1_masked": 0, "ssim_changed": 1, "l1_changed": 0,
    }  # fmt: skip


def test_masked_figures_look_inside_the_new_garment_only(task):
    spoilt = task.truth.where(task.worn > 0, -task.truth)
    assert judge_try_on(spoilt, task)["l1_masked"].value == pytest.approx(0, abs=1e-9)
    assert judge_try_on(spoilt, task)["ssim"].value < 0.5


def test_changed_figures_also_look_where_the_old_garment_was(task):
    left = task.person.pictures().where(task.worn == 0, task.truth)  # the old garment sticks out
    scores = judge_try_on(left, task)
    assert scores["l1_masked"].value == pytest.approx(0, abs=1e-9)
    assert scores["l1_changed"].value > 0.01


def test_rows_choose_people(task):
    rows = torch.tensor([5, 2])
    chosen = judge_try_on(task.person.pictures()[rows], task, rows)["l1_masked"].value
    each = l1_of_each(task.person.pictures(), task.truth, task.worn)
    assert chosen == pytest.approx(float(each[rows].nanmean()))
