"""Where the figures of a try-on in another pose look."""

import pytest
import torch

from vtonlib.data.pose_task import pose_task
from vtonlib.metrics.multi_pose import HEAD, LOWER_BODY, judge_multi_pose


@pytest.fixture(scope="module")
def task():
    return pose_task("multi_pose_unpaired", 64).only(range(12))


def test_the_truth_is_perfect(task):
    figures = {name: score.value for name, score in judge_multi_pose(task.truth, task).items()}
    assert figures.pop("ssim") == pytest.approx(1)
    assert figures.pop("ssim_masked") == pytest.approx(1)
    assert figures == {"l1_masked": 0, "head_l1": 0, "lower_l1": 0}


@pytest.mark.parametrize("name", ["l1_masked", "head_l1", "lower_l1"])
def test_each_error_sees_its_own_region_and_no_other(task, name):
    regions = {
        "l1_masked": task.worn,
        "head_l1": task.target.region(HEAD),
        "lower_l1": task.target.region(LOWER_BODY) * (1 - task.worn),
    }
    inside = regions[name]
    wrong = task.truth * (1 - inside) - task.truth.sign() * inside * 0.5
    figures = judge_multi_pose(wrong, task)
    assert figures[name].value > 0.2
    others = [other for other in regions if other != name and not (regions[other] * inside).any()]
    assert "head_l1" in others or name == "head_l1"
    assert all(figures[other].value == 0 for other in others)


def test_trousers_that_are_tried_on_are_no_lower_body(task):
    rows = [row for row, category in enumerate(task.categories) if category == "bottom"]
    chosen = task.only(rows)
    assert not (chosen.target.region(LOWER_BODY) * (1 - chosen.worn) * chosen.worn).any()
    assert (chosen.target.region(("pants", "skirt")) * chosen.worn).any()


def test_the_head_is_in_nobodys_garment(task):
    assert float((task.target.region(HEAD) * task.worn).mean()) == pytest.approx(0, abs=1e-3)
    assert torch.isfinite(task.truth).all()
