"""The fixed lists: who is on them, and that a changed list is refused."""

import json
from dataclasses import replace

import numpy as np
import pytest

from vtonlib.data.labels import LIP
from vtonlib.data.layout import write_sample
from vtonlib.data.lists import TASKS, read_list, write_lists
from vtonlib.data.sample import Garment
from vtonlib.errors import VtonError

from .hand_made import make_sample

PLAIN = {"sleeve": "short", "collar": "crew", "front": "closed", "graphic": "none", "sheer": 0.0}


def garment(base: Garment, label: bool = False, **attributes) -> Garment:
    return replace(base, label_tag=np.full_like(base.label_tag, label), attributes=PLAIN | attributes)


def samples():
    """One sample for each hard subset, by the name of the list, and one for none."""
    base = make_sample()
    sample = replace(base, cloth=garment(base.cloth, label=True), other_cloth=garment(base.other_cloth))
    changes = {
        "sleeve_change": {"sleeve": "long"},
        "neckline_change": {"collar": "v"},
        "neck_label": {"label": True},
        "logo": {"graphic": "letters"},
        "sheer": {"sheer": 0.3},
        "jackets": {"front": "open"},
    }
    yield "none", sample
    for name, change in changes.items():
        yield name, replace(sample, other_cloth=garment(base.other_cloth, **change))
    parse, keypoints = sample.person.parse.copy(), sample.person.keypoints.copy()
    parse[20:24, 10:24] = LIP["right_arm"]
    keypoints[4] = [22, 22, 1]
    yield "occluding_arms", replace(sample, person=replace(sample.person, parse=parse, keypoints=keypoints))


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("set")
    for name, sample in samples():
        write_sample(folder, "test", name, sample)
    write_sample(folder, "test", "without_swap", replace(make_sample(), other_cloth=None, swap=None))
    write_lists(folder)
    return folder


def test_each_hard_subset_holds_its_sample_alone(root):
    hard = {name: read_list(root, name).samples for name in TASKS if name not in ("paired", "unpaired")}
    multi_pose = hard.pop("multi_pose"), hard.pop("multi_pose_unpaired")
    assert hard == {name: (name,) for name in hard}
    assert len(hard) == 7
    assert [len(names) for names in multi_pose] == [9, 8]  # the last sample has two poses and one garment


def test_the_main_lists_hold_what_has_the_truth(root):
    assert len(read_list(root, "paired").samples) == 9
    unpaired = read_list(root, "unpaired")
    assert unpaired.samples == tuple(sorted(name for name, _ in samples()))
    assert (unpaired.cloth, unpaired.truth) == ("other_cloth", "swap")


def test_the_hash_stays_and_so_do_the_bytes(root):
    assert read_list(root, "logo").sha256 == "a6dc77127cb3c11fc684f1d43430b3c80ad7fe154ecb0d115bc7be714137e442"
    before = (root / "lists.json").read_bytes()
    write_lists(root)
    assert (root / "lists.json").read_bytes() == before


@pytest.mark.parametrize("change", [{"samples": ["none"]}, {"truth": "person"}, {"cloth": "cloth"}])
def test_a_changed_list_is_refused(root, tmp_path, change):
    content = json.loads((root / "lists.json").read_text())
    content["logo"] |= change
    (tmp_path / "lists.json").write_text(json.dumps(content))
    with pytest.raises(VtonError, match=r"lists\.json: list 'logo' is not the one that was fixed .+; restore"):
        read_list(tmp_path, "logo")
    assert read_list(tmp_path, "sheer").samples == ("sheer",)


@pytest.mark.parametrize("text", [None, "{", "{}", '{"logo": {}}', "[]"])
def test_a_damaged_file_is_named(tmp_path, text):
    if text:
        (tmp_path / "lists.json").write_text(text)
    with pytest.raises(VtonError, match=r"lists\.json: list 'logo' cannot be read .+; restore the file"):
        read_list(tmp_path, "logo")


def test_an_unknown_list_is_refused(root):
    with pytest.raises(VtonError, match="list is 'hard'; choose one of paired, unpaired"):
        read_list(root, "hard")
