"""The four networks in a row give what they give on the fixed list, whatever way the pictures came in."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image
from typer.testing import CliRunner

from vtonlib.cli import app
from vtonlib.data.lists import read_list
from vtonlib.data.mini import wardrobe_mini
from vtonlib.data.pose_task import pose_task
from vtonlib.data.warp_task import warp_task
from vtonlib.errors import VtonError
from vtonlib.tryon import garment, person, try_on
from vtonlib.tryon.systems import SYSTEMS, load_system

ROW = 5


@pytest.fixture(scope="module")
def name():
    return read_list(wardrobe_mini(), "multi_pose_unpaired").samples[ROW]


def test_a_person_by_name_looks_as_on_the_list(name):
    task = pose_task("multi_pose_unpaired", 128).only([ROW])
    expected = (load_system("mg_vton").try_on(task)[0].permute(1, 2, 0) + 1) * 127.5
    found = try_on(person(name), garment(f"{name}.other_cloth"), pose=person(f"{name}.other_pose"))
    assert found.shape == (128, 96, 3)
    assert torch.allclose(torch.from_numpy(found).float(), expected, atol=1.1)


def test_the_pose_is_taken_from_joints_alone(name):
    me, cloth, pose = person(name), garment(f"{name}.other_cloth"), person(f"{name}.other_pose")
    blank = replace(pose, image=np.zeros_like(pose.image), parse=np.zeros_like(pose.parse))
    assert np.array_equal(try_on(me, cloth, blank), try_on(me, cloth, pose))
    stays = try_on(me, cloth)
    assert np.array_equal(stays, try_on(me, cloth, me))
    assert not np.array_equal(stays, try_on(me, cloth, pose))


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_system_dresses_as_on_its_list(system, name):
    me, pose = person(name), person(f"{name}.other_pose")
    if SYSTEMS[system].takes_poses:
        found = try_on(me, garment(f"{name}.other_cloth"), pose, system)
        expected = load_system(system).try_on(pose_task("multi_pose_unpaired", 128).only([ROW]))
    else:
        others = read_list(wardrobe_mini(), "unpaired").samples
        found = try_on(me, garment(f"{name}.other_cloth"), system=system)
        expected = load_system(system).try_on(warp_task("unpaired", 128).only([others.index(name)]))
        with pytest.raises(VtonError, match="keeps the person's own pose; leave the pose out"):
            try_on(me, garment(name), pose, system)
    assert torch.allclose(torch.from_numpy(found).float(), (expected[0].permute(1, 2, 0) + 1) * 127.5, atol=1.1)


def test_an_unknown_system_is_named(name):
    with pytest.raises(VtonError, match="system is 'mirror'; choose one of mg_vton"):
        try_on(person(name), garment(name), system="mirror")


def test_a_large_picture_is_made_small_first(name):
    me, cloth = person(name), garment(name)
    large = Image.fromarray(me.image).resize((288, 384), Image.Resampling.NEAREST)
    twice = replace(
        me, image=np.array(large), parse=me.parse.repeat(3, 0).repeat(3, 1), neck=None, correspondence=None,
        keypoints=(me.keypoints * [3, 3, 1] + [1, 1, 0]).astype(np.float32),
    )  # fmt: skip
    difference = np.abs(try_on(twice, cloth).astype(float) - try_on(me, cloth))
    assert difference.mean() < 4


def test_what_does_not_fit_is_named(name):
    me, cloth = person(name), garment(name)
    wide = replace(me, image=me.image[:96], parse=me.parse[:96], neck=None, correspondence=None)
    with pytest.raises(VtonError, match="person: is 96x96; crop it to portrait format"):
        try_on(wide, cloth)
    with pytest.raises(VtonError, match="has no field 'mask'"):
        try_on(me, replace(cloth, mask=None, inner_collar=None, label_tag=None, alpha=None))
    with pytest.raises(VtonError, match="has no field 'keypoints'"):
        try_on(replace(me, keypoints=None), cloth)


def test_the_command_writes_the_same_picture(name, tmp_path):
    words = ["tryon", name, f"{name}.other_cloth", "--pose", f"{name}.other_pose", "-o", str(tmp_path / "me.png")]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("128x96: ")
    expected = try_on(person(name), garment(f"{name}.other_cloth"), person(f"{name}.other_pose"))
    assert np.array_equal(np.array(Image.open(tmp_path / "me.png")), expected)


@pytest.mark.parametrize("words", [
    ["nobody", "000000"], ["{name}", "nothing.png"], ["{name}", "{name}", "--pose", "nobody.png"],
    ["{name}", "{name}", "-o", "picture.unknown"], ["{name}", "{name}", "--system", "mirror"],
    ["{name}"], ["{name}", "{name}", "--text", "the lady wore a red dress."],
    ["{name}", "--text", "a red dress."], ["{name}", "--text", "the lady wore a red dress.", "--pose", "{name}"],
])  # fmt: skip
def test_a_mistake_costs_one_line(words, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["tryon", *(word.format(name=name) for word in words)])
    assert result.exit_code == 2
    assert result.stderr.startswith("vtonlib: ")
    assert result.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())
