"""Synthesised parsings of training pairs: kept, the same from the cache, and the parser's own."""

import pytest
import torch

from vtonlib import zoo
from vtonlib.data.pose_pairs import pose_pairs
from vtonlib.data.pose_task import pose_task
from vtonlib.data.views import to_pictures
from vtonlib.profiles import Budget
from vtonlib.training import synthesised as module
from vtonlib.training.pairs import FEWEST_PAIRS, pairs_of_a_run
from vtonlib.training.stages.mg_vton_parsing import known
from vtonlib.training.stages.mg_vton_pose_matcher import PARSER
from vtonlib.training.synthesised import synthesised

ROWS = torch.tensor([3, 900, 4000])


@pytest.fixture(scope="module")
def pairs():
    return pose_pairs("train", 64)


def test_the_cache_gives_what_was_computed(pairs, tmp_path, monkeypatch):
    first = synthesised(pairs, ROWS, PARSER, cache=tmp_path)
    assert first.shape == (3, 64, 48)
    assert first.dtype == torch.uint8
    monkeypatch.setattr(module, "_imagine", lambda *_: pytest.fail("was computed again"))
    assert torch.equal(synthesised(pairs, ROWS, PARSER, cache=tmp_path), first)
    assert len(list(tmp_path.glob("synthesised/*.npy"))) == 1


def test_a_damaged_file_is_made_again(pairs, tmp_path):
    first = synthesised(pairs, ROWS, PARSER, cache=tmp_path)
    next(tmp_path.glob("synthesised/*.npy")).write_bytes(b"not an array")
    assert torch.equal(synthesised(pairs, ROWS, PARSER, cache=tmp_path), first)


def test_they_are_the_parsers_answer_for_the_reference_in_the_other_pose(pairs, tmp_path):
    parser = zoo.load(PARSER)
    garments = to_pictures(pairs.worn.garments["image"][pairs.worn.examples["garment"][ROWS]])
    told = known(pairs.views(pairs.reference[ROWS]), pairs.views(ROWS), garments)
    assert torch.equal(synthesised(pairs, ROWS, PARSER, cache=tmp_path), parser.labels(told))


def test_they_look_like_the_target_and_not_like_the_reference(pairs):
    rows = torch.arange(0, 4960, 100)
    ours = synthesised(pairs, rows, PARSER)
    persons = [ours > 0, pairs.views(rows).parse > 0, pairs.views(pairs.reference[rows]).parse > 0]
    overlaps = [float((persons[0] & other).sum() / (persons[0] | other).sum()) for other in persons[1:]]
    assert overlaps[0] > overlaps[1] + 0.05


def test_a_list_at_the_parsers_size_gets_its_most_likely_labels():
    parser, task = zoo.load(PARSER), pose_task("multi_pose", 128).only([5, 77])
    logits = parser.predict(known(task.reference, task.target, task.cloth), torch.Generator())
    assert torch.equal(parser.parse_all(task), logits.argmax(1))


@pytest.mark.parametrize(("steps", "count"), [(2, FEWEST_PAIRS), (20, 160)])
def test_a_short_run_takes_some_pairs_from_all_over_the_data(pairs, steps, count):
    budget = Budget(steps=steps, batch_size=8, width=4, minutes=0, where="tests", peak_mib=1, height=64)
    chosen = pairs_of_a_run(pairs, budget, PARSER)
    assert {len(tensor) for tensor in chosen.values()} == {count}
    rows = torch.tensor([number * 4960 // count for number in range(count)])
    assert rows.diff().min() >= 4960 // count
    assert torch.equal(chosen["reference"], pairs.reference[rows])
    assert torch.equal(chosen["person.image"], pairs.worn.examples["person.image"][rows])
