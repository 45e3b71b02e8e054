"""The table of chapters 06 and 08: what rows change, which weights count, and what tells collapses."""

from dataclasses import replace

import pytest
import torch

from tests.training.tiny import tiny_stage
from vtonlib.data.warp_task import warp_task
from vtonlib.errors import VtonError
from vtonlib.profiles import DEFAULT, budget
from vtonlib.studies.viton import COARSE, MASK_TARGETS, SWEEPS, allowed, alpha_in, compositions, parameters
from vtonlib.training.stages.cp_vton_try_on import CpVtonTryOnStage
from vtonlib.training.stages.viton_coarse import VitonCoarseStage
from vtonlib.training.stages.viton_refinement import VitonRefinementStage


def test_the_mean_of_alpha_tells_collapses():
    region = torch.tensor([1.0, 1.0, 0.0, 0.0]).view(1, 1, 1, 4)
    assert alpha_in(torch.ones_like(region), region) == 1
    assert alpha_in(torch.zeros_like(region), region) == 0
    alpha = torch.tensor([1.0, 0.5, 1.0, 1.0]).view(1, 1, 1, 4)
    assert alpha_in(alpha, region) == pytest.approx(0.75)  # what lies outside does not count


def test_every_row_changes_one_part_at_most():
    profile = VitonCoarseStage.configure(budget("viton_coarse", DEFAULT))
    rows = [replace(profile, **changes) for changes in COARSE.values()]
    assert rows[0] == profile
    assert len(set(rows)) == len(rows)
    assert all(len(changes) <= 1 for changes in COARSE.values())


def test_weights_of_earlier_stages_count_and_those_of_a_loss_do_not():
    stage = tiny_stage("cp_vton_try_on")
    own, matcher = (sum(p.numel() for p in network.parameters()) for network in (stage.module, stage.matcher.matcher))
    assert "perceptual" in stage.fixed
    assert parameters(stage) == own + matcher


def test_a_row_for_each_form_of_the_mask_term():
    profile = CpVtonTryOnStage.configure(budget("cp_vton_try_on", DEFAULT))
    targets = [replace(profile, **changes).mask_target for changes in MASK_TARGETS.values()]
    assert targets == ["warped_mask", "everywhere"]


def test_sweeps_hold_the_weights_of_the_profile_in_the_middle():
    profile = VitonRefinementStage.configure(budget("viton_refinement", DEFAULT))
    for setting, values in SWEEPS.items():
        assert list(values) == sorted(values)
        assert values[len(values) // 2] == getattr(profile, setting)


@pytest.mark.parametrize("name", ["viton_refinement", "cp_vton_try_on"])
def test_composition_masks_are_those_of_the_results(name):
    stage = tiny_stage(name)
    task = warp_task("unpaired", stage.config.height).only([0, 1])
    alpha = compositions(stage, task)
    assert alpha.shape == task.worn.shape
    assert alpha.min() >= 0
    assert alpha.max() <= 1
    assert (alpha <= allowed(stage, task) + 1e-6).all() or name == "cp_vton_try_on"
    together = stage.refine_all(task).alpha if name == "viton_refinement" else stage.compose_all(task)[1]
    assert torch.equal(alpha, together)


def test_a_stage_that_composes_nothing_is_refused():
    stage = tiny_stage("viton_coarse")
    with pytest.raises(VtonError, match="VitonCoarseStage composes nothing"):
        compositions(stage, warp_task("unpaired", stage.config.height).only([0]))
