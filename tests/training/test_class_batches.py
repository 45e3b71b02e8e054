"""Batches in which no class comes twice."""

import pytest
import torch

from vtonlib.errors import VtonError
from vtonlib.training.class_batches import ClassBatches


def data():
    """Class c has c + 1 samples, for c from 0 to 7."""
    classes = torch.cat([torch.full((c + 1,), c) for c in range(8)])
    return {"class": classes, "x": torch.arange(len(classes))}


def test_no_batch_has_a_class_twice_over_epochs():
    batches = ClassBatches(data(), 3, seed=0)
    while batches.epoch < 4:
        assert len(next(batches)["class"].unique()) == 3


def test_an_epoch_has_no_sample_twice_and_takes_turns():
    batches = ClassBatches(data(), 2, seed=0)
    rounds = [[next(batches) for _ in range(4)]]  # all eight classes
    assert torch.cat([batch["class"] for batch in rounds[0]]).sort().values.tolist() == list(range(8))
    drawn = [x for batch in rounds[0] for x in batch["x"].tolist()]
    while batches.position + 2 <= len(batches._order):
        drawn += next(batches)["x"].tolist()
    assert len(set(drawn)) == len(drawn) == 2 * sum(n // 2 for n in range(1, 9))


def test_epochs_differ_and_a_stream_is_taken_up_again():
    first, second = ClassBatches(data(), 2, seed=3), ClassBatches(data(), 2, seed=9)
    seen = [next(first)["x"].tolist() for _ in range(25)]
    second.load_state_dict({"seed": 3, "epoch": 0, "position": 0})
    for _ in range(20):
        next(second)
    third = ClassBatches(data(), 2, seed=1)
    third.load_state_dict(second.state_dict())
    assert [next(third)["x"].tolist() for _ in range(5)] == seen[20:]
    assert seen[:8] != seen[16:24]


def test_batches_larger_than_there_are_classes_are_refused():
    with pytest.raises(VtonError, match="classes"):
        ClassBatches(data(), 9, seed=0)
