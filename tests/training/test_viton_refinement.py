"""VITON's second stage: masks, warps and sizes that it takes from the first."""

import pytest
import torch

from tests.training.tiny import tiny_batches, tiny_stage, training_data
from vtonlib.data.outline_warps import well_seen
from vtonlib.data.warp_task import warp_task
from vtonlib.metrics.iou import mask_iou
from vtonlib.models.viton import compose
from vtonlib.training.stages.viton_refinement import FEWEST_PAIRS


@pytest.fixture(scope="module")
def task():
    return warp_task("unpaired", 64).only([5, 30, 47, 24])


def test_the_result_is_composed_of_what_is_given_beside_it(task):
    refined = tiny_stage("viton_refinement").refine_all(task)
    assert torch.allclose(refined.result, compose(refined.alpha, refined.warped, refined.coarse.picture))
    assert refined.result.shape == task.truth.shape


def test_alpha_ends_where_the_predicted_mask_does(task):
    refined = tiny_stage("viton_refinement").refine_all(task)
    assert not refined.alpha[refined.coarse.region == 0].any()
    free = tiny_stage("viton_refinement", masked=False).refine_all(task)
    assert (free.alpha > 0).all()


def test_true_masks_bring_garments_where_they_are_worn(task):
    stage = tiny_stage("viton_refinement")
    true, predicted = stage.refine_all(task, true_masks=True), stage.refine_all(task)
    assert torch.equal(true.coarse.picture, predicted.coarse.picture)
    assert not true.alpha[task.worn == 0].any()
    painted = [mask_iou((r.alpha > 0).float(), task.worn).value for r in (true, predicted)]
    assert painted[0] > painted[1]


def test_the_coarse_generator_works_at_its_own_size():
    stage, batch = tiny_stage("viton_refinement"), next(tiny_batches("viton_refinement"))
    assert stage.coarse.config.height == 128
    coarse = stage.imagine(batch)
    assert coarse.picture.shape == batch["image"].shape
    assert coarse.picture.abs().max() <= 1


def test_the_reward_is_a_cost_that_vanishes_where_all_is_pasted():
    stage, batch = tiny_stage("viton_refinement", masked=False), next(tiny_batches("viton_refinement"))
    with torch.no_grad():
        last = stage.refiner.layers[-1]
        last.weight.zero_()
        last.bias.fill_(30.0)
        losses = stage.loss(batch, torch.Generator())
    assert losses["warp"].item() == pytest.approx(0, abs=1e-6)
    assert losses["smoothness"].item() == pytest.approx(0, abs=1e-6)


def test_a_short_run_warps_few_garments():
    tensors = training_data("viton_refinement")
    assert {len(tensor) for tensor in tensors.values()} == {FEWEST_PAIRS}
    assert well_seen(tensors["worn"].float()).all()
