"""The moving average against numbers worked by hand."""

import pytest
import torch
from torch import nn

from vtonlib.training.ema import Ema


def network(value: float) -> nn.Linear:
    linear = nn.Linear(1, 1, bias=False)
    nn.init.constant_(linear.weight, value)
    return linear


def test_after_one_half_life_the_old_value_counts_half():
    source = network(0.0)
    ema = Ema(source, half_life=10)
    ema.seen = 10_000  # far beyond the ramp
    nn.init.constant_(source.weight, 8.0)
    ema.update(10)
    assert ema.network.weight.item() == pytest.approx(4.0)
    ema.update(10)
    assert ema.network.weight.item() == pytest.approx(6.0)
    ema.update(20)
    assert ema.network.weight.item() == pytest.approx(7.5)


def test_two_small_batches_count_as_one_large():
    averages = []
    for batch_sizes in ([6, 6], [12]):
        source = network(1.0)
        ema = Ema(source, half_life=10)
        ema.seen = 10_000
        nn.init.constant_(source.weight, 3.0)
        for size in batch_sizes:
            ema.update(size)
        averages.append(ema.network.weight.item())
    assert averages[0] == pytest.approx(averages[1])


def test_the_half_life_is_a_twentieth_of_the_pictures_seen_at_first():
    source = network(0.0)
    ema = Ema(source, half_life=1000)
    nn.init.constant_(source.weight, 1.0)
    # 100 pictures seen: half-life 5, so the start counts 2^-20.
    ema.update(100)
    assert ema.network.weight.item() == pytest.approx(1 - 0.5**20, abs=1e-9)
    nn.init.constant_(source.weight, 0.0)
    # 200 seen: half-life 10, 100 more pictures are ten of them.
    ema.update(100)
    assert ema.network.weight.item() == pytest.approx(0.5**10, rel=1e-5)


def test_the_ramp_ends_at_the_half_life():
    source = network(0.0)
    ema = Ema(source, half_life=5)
    nn.init.constant_(source.weight, 1.0)
    ema.seen = 99
    ema.update(1)  # the ramp gives exactly 5
    at_the_end = ema.network.weight.item()
    assert at_the_end == pytest.approx(1 - 0.5**0.2)


def test_buffers_are_copied():
    source = nn.BatchNorm1d(2)
    ema = Ema(source, half_life=1e6)
    source.running_mean += 3
    source.num_batches_tracked += 5
    ema.update(1)
    assert ema.network.running_mean.tolist() == [3, 3]
    assert ema.network.num_batches_tracked == 5
    source.running_mean += 1
    assert ema.network.running_mean.tolist() == [3, 3], "a copy, not the same tensor"


def test_the_average_is_a_frozen_copy_in_evaluation_mode():
    source = nn.Sequential(nn.Linear(2, 2), nn.Dropout())
    ema = Ema(source, half_life=10)
    assert not ema.network.training
    assert source.training
    assert not any(p.requires_grad for p in ema.network.parameters())
    assert all(p.requires_grad for p in source.parameters())


def test_the_source_stays_as_it_is():
    source = network(2.0)
    ema = Ema(source, half_life=10)
    nn.init.constant_(ema.network.weight, 7.0)
    ema.update(10)
    assert source.weight.item() == 2.0


def test_an_average_goes_on_from_its_state():
    source = network(0.0)
    first, second = Ema(source, half_life=50), Ema(network(9.0), half_life=50)
    nn.init.constant_(source.weight, 1.0)
    first.update(30)
    second.load_state_dict(first.state_dict())
    second.source = source
    nn.init.constant_(source.weight, -1.0)
    first.update(30)
    second.update(30)
    assert torch.equal(first.network.weight, second.network.weight)
    assert second.seen == 60
