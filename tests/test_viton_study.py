"""The table of chapters 06 and 08: what rows change, which weights count, and what tells collapses."""

from dataclasses import replace

import pytest
import torch

from tests.training.tiny import tiny_stage
from vtonlib.profiles import DEFAULT, budget
from vtonlib.studies.viton import COARSE, alpha_in, parameters
from vtonlib.training.stages.viton_coarse import VitonCoarseStage


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
