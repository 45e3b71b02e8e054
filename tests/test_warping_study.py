"""The judge of warps and the baselines of chapter 07: the truth is perfect, and boxes fit boxes."""

from dataclasses import replace

import pytest
import torch

from vtonlib.data.labels import LIP
from vtonlib.data.layout import read_sample
from vtonlib.data.lists import read_list
from vtonlib.data.mini import wardrobe_mini
from vtonlib.data.warp_task import warp_task
from vtonlib.geometry.affine import mask_box
from vtonlib.geometry.sampling import identity_grid, to_normalised, warp
from vtonlib.metrics.warps import judge_warp
from vtonlib.studies import warping


@pytest.fixture(scope="module")
def unpaired():
    return warp_task("unpaired", 128)


def test_a_task_shows_the_old_garment_and_asks_for_the_new_one(unpaired):
    paired = warp_task("paired", 128)
    assert len(unpaired.cloth) == len(read_list(wardrobe_mini(), "unpaired").samples) == 200
    assert torch.equal(unpaired.person.image, paired.person.image)
    assert torch.equal(unpaired.old, paired.worn)
    assert not torch.equal(unpaired.cloth, paired.cloth)
    assert set(unpaired.categories) == {"top", "bottom", "dress"}
    assert sum(len(unpaired.rows(kind)) for kind in ("top", "bottom", "dress")) == 200


def test_the_truth_has_no_error_and_looks_like_the_worn_garment(unpaired):
    grid = identity_grid(unpaired.size).repeat(len(unpaired.cloth), 1, 1, 1)
    known = unpaired.worn[:, 0] > 0
    grid[known] = to_normalised(unpaired.correspondence[known], unpaired.size)
    scores = judge_warp(grid, unpaired)
    assert scores["epe_px"].value < 1e-4
    identity = judge_warp(warping.change_nothing(unpaired), unpaired)
    assert scores["l1"].value < 0.3 * identity["l1"].value  # light and creases remain
    assert identity["folded"].value == 0


def test_the_judge_by_hand():
    """Two pixels to the right everywhere: the error is two pixels."""
    task = warp_task("paired", 128)
    grid = identity_grid(task.size).repeat(len(task.cloth), 1, 1, 1)
    known = task.worn[:, 0] > 0
    moved = task.correspondence + torch.tensor([2.0, 0.0])
    grid[known] = to_normalised(moved[known], task.size)
    assert judge_warp(grid, task)["epe_px"].value == pytest.approx(2, abs=1e-4)


def test_rows_choose_people(unpaired):
    rows = unpaired.rows("dress")
    grid = warping.change_nothing(unpaired)[rows]
    scores = judge_warp(grid, unpaired, rows)
    warped = warp(unpaired.cloth_mask[rows], grid) * unpaired.judged[rows]
    ious = [
        ((w > 0.5) & (t > 0.5)).sum() / ((w > 0.5) | (t > 0.5)).sum()
        for w, t in zip(warped, unpaired.worn[rows], strict=True)
    ]
    assert scores["iou"].value == pytest.approx(float(torch.stack(ious).mean()), abs=1e-6)


def test_what_may_lie_in_front_does_not_count_and_what_cannot_does(unpaired):
    root, samples = wardrobe_mini(), read_list(wardrobe_mini(), "unpaired").samples
    legs = [LIP[name] for name in ("background", "left_leg", "right_leg", "left_shoe", "right_shoe", "socks")]
    for kind, behind in (("top", [*legs, LIP["pants"], LIP["skirt"]]), ("bottom", legs), ("dress", legs)):
        row = int(unpaired.rows(kind)[0])
        truth = read_sample(root, "test", samples[row]).swap
        shown = torch.from_numpy(truth.parse).long()
        free = (shown[..., None] == torch.tensor(behind)).any(-1) & ~torch.from_numpy(truth.neck)
        assert torch.equal(unpaired.judged[row, 0] > 0, free | (unpaired.worn[row, 0] > 0))
        assert (unpaired.judged[row] == 0).sum() > 0


def test_the_overlap_forgives_cloth_behind_an_arm_and_not_cloth_in_the_air(unpaired):
    """A mask that is the worn one and everything that may hide it is perfect; one pixel of background more is not."""
    row = torch.tensor([int(unpaired.rows("dress")[0])])
    still = identity_grid(unpaired.size)[None]
    task = unpaired.only(row.tolist())
    generous = torch.maximum(task.worn, 1 - task.judged)
    assert judge_warp(still, replace(task, cloth_mask=generous))["iou"].value == 1
    y, x = (task.judged[0, 0] * (1 - task.worn[0, 0])).nonzero()[0].tolist()
    generous[0, 0, y, x] = 1
    overlap = judge_warp(still, replace(task, cloth_mask=generous))["iou"].value
    assert overlap == pytest.approx(1 - 1 / (task.worn.sum().item() + 1))


def test_a_part_of_a_list_is_that_part(unpaired):
    part = unpaired.only([7, 3])
    assert torch.equal(part.person.image, unpaired.person.image[[7, 3]])
    assert part.categories == (unpaired.categories[7], unpaired.categories[3])
    whole, some = (judge_warp(warping.change_nothing(task), task) for task in (unpaired.only(range(200)), part))
    assert whole == judge_warp(warping.change_nothing(unpaired), unpaired)
    assert some == judge_warp(warping.change_nothing(part), unpaired, torch.tensor([7, 3]))


def test_a_box_is_laid_over_the_box(unpaired):
    grid = warping.true_box(unpaired)
    warped = warp(unpaired.cloth_mask, grid)
    error = (mask_box(warped) - mask_box(unpaired.worn)).abs().max()
    assert error < 2.5 / 96 * 2  # a pixel or two


def test_who_shows_no_old_garment_keeps_the_new_one_in_place(unpaired):
    hidden = unpaired.old.flatten(1).mean(1) < warping.LEAST_SEEN
    assert hidden.any()
    assert torch.equal(warping.old_box(unpaired)[hidden], warping.change_nothing(unpaired)[hidden])
    nobody = unpaired.only(hidden.nonzero()[:, 0].tolist())
    for baseline in (warping.old_box, warping.old_outline):
        assert torch.equal(baseline(nobody), warping.change_nothing(nobody))


def test_outlines_of_the_truth_beat_those_of_the_old_garment(unpaired):
    few = torch.arange(0, 200, 25)
    old = warping._by_outline(unpaired.cloth_mask[few], unpaired.old[few])
    true = warping._by_outline(unpaired.cloth_mask[few], unpaired.worn[few])
    scores = [judge_warp(grid, unpaired, few)["iou"].value for grid in (old, true)]
    assert scores[1] > scores[0] + 0.1
