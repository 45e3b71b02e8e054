"""The order of the data: seeded, complete, resumable, divided among processes."""

from itertools import chain

import pytest
import torch

from vtonlib.errors import VtonError
from vtonlib.training.batches import Batches


def stream(count: int = 10, batch_size: int = 4, seed: int = 0, **settings) -> Batches:
    numbers = torch.arange(count)
    return Batches({"x": numbers, "twice": 2 * numbers}, batch_size, seed, **settings)


def draw(batches: Batches, steps: int) -> list[list[int]]:
    return [next(batches)["x"].tolist() for _ in range(steps)]


def flat(batches: list[list[int]]) -> list[int]:
    return list(chain.from_iterable(batches))


def test_an_epoch_repeats_no_sample_and_drops_what_fills_no_batch():
    batches = stream()
    for _ in range(3):
        drawn = flat(draw(batches, 2))
        assert len(set(drawn)) == 8
        assert set(drawn) <= set(range(10))


def test_an_epoch_that_is_filled_holds_every_sample_once():
    assert sorted(flat(draw(stream(12), 3))) == list(range(12))


def test_every_sample_comes_up_sooner_or_later():
    assert set(flat(draw(stream(), 40))) == set(range(10))


def test_the_tensors_of_a_batch_belong_together():
    batch = next(stream())
    assert batch.keys() == {"x", "twice"}
    assert torch.equal(batch["twice"], 2 * batch["x"])


def test_epochs_and_seeds_have_their_own_order():
    first, second = draw(stream(12), 3), draw(stream(12, seed=1), 3)
    batches = stream(12)
    draw(batches, 3)
    assert draw(stream(12), 3) == first
    assert len({str(first), str(second), str(draw(batches, 3))}) == 3


def test_the_second_epoch_of_a_seed_is_not_the_first_of_the_next():
    batches = stream(12)
    draw(batches, 3)
    assert draw(batches, 3) != draw(stream(12, seed=1), 3)


def test_the_order_ignores_and_leaves_the_global_generator():
    torch.manual_seed(1)
    before = torch.get_rng_state()
    first = draw(stream(), 5)
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(2)
    assert draw(stream(), 5) == first


@pytest.mark.parametrize("steps", range(5))
def test_a_stream_goes_on_where_another_stood(steps):
    batches, later = stream(), stream(seed=99)
    draw(batches, steps)
    later.load_state_dict(batches.state_dict())
    assert draw(later, 5) == draw(batches, 5)
    assert later.state_dict() == batches.state_dict()


@pytest.mark.parametrize("world_size", [1, 2, 4])
def test_processes_divide_every_batch(world_size):
    whole = stream()
    parts = [stream(rank=rank, world_size=world_size) for rank in range(world_size)]
    for _ in range(5):
        drawn = [next(part)["x"].tolist() for part in parts]
        assert {len(part) for part in drawn} == {4 // world_size}
        assert sorted(flat(drawn)) == sorted(next(whole)["x"].tolist())


@pytest.mark.parametrize("size", [-1, 0, 11])
def test_an_impossible_batch_size_names_the_possible_ones(size):
    with pytest.raises(VtonError, match=rf"^batch_size is {size}; choose 1 to 10, the number of samples$"):
        stream(batch_size=size)


def test_the_whole_set_may_be_one_batch():
    assert sorted(draw(stream(batch_size=10), 1)[0]) == list(range(10))


def test_a_batch_that_cannot_be_divided_is_refused():
    with pytest.raises(VtonError, match="batch_size is 4; choose a multiple of the 3 processes"):
        stream(world_size=3)


def test_tensors_of_different_lengths_are_refused():
    with pytest.raises(VtonError, match=r"equal lengths, got \{'x': 3, 'y': 4\}"):
        Batches({"x": torch.zeros(3), "y": torch.zeros(4)}, 2, 0)


def test_the_fingerprint_follows_names_and_values_and_not_the_order_of_the_stream():
    x, y = torch.arange(4.0), torch.arange(4.0) + 1
    one = Batches({"x": x, "y": y}, 2, seed=0).fingerprint()
    assert Batches({"y": y, "x": x}, 4, seed=5).fingerprint() == one
    assert Batches({"x": y, "y": x}, 2, seed=0).fingerprint() != one
    assert Batches({"x": x, "z": y}, 2, seed=0).fingerprint() != one
    assert len(one) == 64
