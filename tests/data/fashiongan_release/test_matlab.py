"""MATLAB files of both versions give the same arrays; what is wrong with one is said in one line."""

import sys

import h5py
import numpy as np
import pytest
from scipy.io import savemat

from vtonlib.data.fashiongan_release.matlab import expect_shape, read_matlab, whole_numbers
from vtonlib.errors import VtonError

from .release_files import cells, write_matlab_73

ARRAY = np.arange(24.0).reshape(2, 3, 4)


@pytest.mark.parametrize("compressed", [False, True])
def test_a_file_of_version_5_has_its_axes_in_matlabs_order(tmp_path, compressed):
    savemat(tmp_path / "a.mat", {"d": ARRAY, "other": np.ones(3)}, do_compression=compressed)
    read = read_matlab(tmp_path / "a.mat", ["d"])
    assert list(read) == ["d"]
    np.testing.assert_array_equal(read["d"], ARRAY)


def test_so_has_a_file_of_version_7_3(tmp_path):
    write_matlab_73(tmp_path / "a.mat", d=ARRAY, other=np.ones((3, 1)))
    np.testing.assert_array_equal(read_matlab(tmp_path / "a.mat", ["d"])["d"], ARRAY)
    with pytest.raises(VtonError, match=r"a\.mat: has no data set 'e'; choose the file of the original release"):
        read_matlab(tmp_path / "a.mat", ["e"])


def test_cells_of_version_7_3_are_refused_with_the_mend(tmp_path):
    write_matlab_73(tmp_path / "a.mat", x=np.ones(3))
    with h5py.File(tmp_path / "a.mat", "a") as file:
        file.create_dataset("engJ", data=np.array([[file["x"].ref]], object), dtype=h5py.ref_dtype)
    with pytest.raises(VtonError, match=r"a\.mat: variable 'engJ' is no array of numbers; save the file .+ with -v7$"):
        read_matlab(tmp_path / "a.mat", ["engJ"])


def test_a_file_of_version_7_3_without_h5py_names_the_extra(tmp_path, monkeypatch):
    write_matlab_73(tmp_path / "a.mat", d=ARRAY)
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(VtonError, match=r"a\.mat: reading it needs h5py; run: pip install 'vtonlib\[data\]'"):
        read_matlab(tmp_path / "a.mat", ["d"])


def test_a_missing_file_variable_or_a_folder_is_named(tmp_path):
    with pytest.raises(VtonError, match=r"b\.mat: does not exist; give a file of the release"):
        read_matlab(tmp_path / "b.mat", ["d"])
    with pytest.raises(VtonError, match=r"is no file; give a file of the release"):
        read_matlab(tmp_path, ["d"])
    savemat(tmp_path / "a.mat", {"d": ARRAY})
    with pytest.raises(VtonError, match=r"a\.mat: has no variable 'e'; choose the file of the original release"):
        read_matlab(tmp_path / "a.mat", ["d", "e"])


@pytest.mark.parametrize("version", [5, 7.3])
@pytest.mark.parametrize("share", [0, 0.2, 0.5, 0.95])
def test_a_file_that_is_cut_off_is_named(tmp_path, version, share):
    path = tmp_path / "a.mat"
    noise = np.random.default_rng(0).random((40, 50))
    if version == 5:
        savemat(path, {"d": noise, "e": cells(["a", "b"])}, do_compression=True)
    else:
        write_matlab_73(path, d=noise)
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    with pytest.raises(
        VtonError, match=r"a\.mat: .+; (fetch it again|choose the file of the original release)"
    ) as caught:
        read_matlab(path, ["d", "e"] if version == 5 else ["d"])
    assert "\n" not in str(caught.value)


def test_another_kind_of_file_is_refused(tmp_path):
    (tmp_path / "a.mat").write_bytes(b"<html>404</html>" * 100)
    with pytest.raises(VtonError, match=r"a\.mat: is cut off, damaged or no MATLAB file"):
        read_matlab(tmp_path / "a.mat", ["d"])


def test_another_shape_is_refused(tmp_path):
    expect_shape(tmp_path, "d", ARRAY, (2, 3, 4))
    with pytest.raises(VtonError, match=r"variable 'd' has shape \(2, 3, 4\) and should have \(2, 3, 5\); choose"):
        expect_shape(tmp_path, "d", ARRAY, (2, 3, 5))


@pytest.mark.parametrize("wrong", [0, 4, 1.5, np.nan])
def test_numbers_out_of_bounds_are_named_with_their_row(tmp_path, wrong):
    with pytest.raises(VtonError, match=rf"variable 'd' holds {wrong}(\.0)? in row 2 and should hold whole .+ 1 to 3;"):
        whole_numbers(tmp_path, "d", np.array([[1], [3], [wrong]], np.float64), 1, 3)


def test_whole_numbers_of_any_type_pass(tmp_path):
    for kind in (np.uint8, np.int32, np.float64):
        found = whole_numbers(tmp_path, "d", np.array([[1], [3]], kind), 1, 3)
        assert found.dtype == np.int64
        assert found.tolist() == [1, 3]
    with pytest.raises(VtonError, match="variable 'd' holds no numbers"):
        whole_numbers(tmp_path, "d", cells(["a"]), 1, 3)
