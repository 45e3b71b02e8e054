"""Schedules against torch's own, and a run that stops in between."""

import pytest
import torch
from torch.optim import SGD
from torch.optim.lr_scheduler import LambdaLR

from vtonlib.errors import VtonError
from vtonlib.training.schedule import hold_then_decay, one_cycle, set_rate


def test_one_cycle_rises_peaks_and_falls_to_nothing():
    factor = one_cycle(100)
    assert factor(0) == pytest.approx(0.1)
    assert factor(5) == pytest.approx(0.55)
    assert factor(10) == pytest.approx(1.0)
    assert factor(55) == pytest.approx(0.5)
    assert factor(100) == pytest.approx(0.0, abs=1e-12)
    assert factor(200) == pytest.approx(0.0, abs=1e-12)
    assert all(factor(step) > factor(step + 1) for step in range(10, 100))


def test_without_warm_up_it_starts_at_the_top():
    assert one_cycle(10, warm_up=0)(0) == 1.0


def test_hold_then_decay_is_cp_vtons_rule():
    """CP-VTON's train.py: 1 - max(0, step - keep_step) / (decay_step + 1), with 100,000 steps each."""
    factor = hold_then_decay(200_000)
    for step in (0, 50_000, 100_000, 150_000, 199_999):
        theirs = 1.0 - max(0, step - 100_000) / (100_000 + 1)
        assert factor(step) == pytest.approx(theirs, abs=2e-5)
    assert factor(300_000) == 0.0


def test_set_rate_agrees_with_torch():
    weights = [torch.nn.Parameter(torch.zeros(1)) for _ in range(2)]
    groups = [{"params": [weights[0]], "lr": 0.3}, {"params": [weights[1]], "lr": 0.01}]
    ours, theirs = SGD(groups, lr=1.0), SGD([dict(group) for group in groups], lr=1.0)
    factor = one_cycle(20)
    scheduler = LambdaLR(theirs, factor)
    for step in range(20):
        set_rate(ours, factor(step))
        assert [g["lr"] for g in ours.param_groups] == pytest.approx(scheduler.get_last_lr())
        theirs.step()
        scheduler.step()


def test_the_first_rate_survives_a_checkpoint():
    weight = torch.nn.Parameter(torch.zeros(1))
    before, after = SGD([weight], lr=0.5), SGD([weight], lr=0.1)
    set_rate(before, 0.2)
    after.load_state_dict(before.state_dict())
    set_rate(after, 1.0)
    assert after.param_groups[0]["lr"] == 0.5


@pytest.mark.parametrize("rule", [one_cycle, hold_then_decay])
@pytest.mark.parametrize("arguments", [(0,), (10, 1.0), (10, -0.1)])
def test_impossible_schedules_are_refused(rule, arguments):
    with pytest.raises(VtonError, match="schedule is steps="):
        rule(*arguments)
