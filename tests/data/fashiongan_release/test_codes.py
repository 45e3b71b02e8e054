"""sr1_8.mat and encode_hn2_rnn_100_2_full.mat: what the authors have computed beforehand."""

import numpy as np
import pytest
from scipy.io import savemat

from vtonlib.data.fashiongan_release.codes import read_merged, read_text_codes
from vtonlib.errors import VtonError

from .release_files import write_matlab_73


def test_merged_maps_have_the_background_first_and_keep_rows_and_columns(tmp_path):
    stored = np.random.default_rng(0).uniform(-0.1, 1.1, (8, 8, 4, 3))
    savemat(tmp_path / "sr1_8.mat", {"d": stored})
    found = read_merged(tmp_path / "sr1_8.mat", 3)
    assert (found.dtype, found.shape) == (np.float32, (3, 4, 8, 8))
    for new, old in enumerate((3, 0, 1, 2)):  # from hair, face, rest, background
        for y, x in ((0, 0), (2, 7), (7, 1)):
            np.testing.assert_allclose(found[:, new, y, x], stored[y, x, old], rtol=1e-6)


def test_both_versions_of_the_file_give_the_same(tmp_path):
    stored = np.random.default_rng(0).random((8, 8, 4, 3), np.float32)
    savemat(tmp_path / "old.mat", {"d": stored})
    write_matlab_73(tmp_path / "new.mat", d=stored)
    np.testing.assert_array_equal(read_merged(tmp_path / "new.mat", 3), read_merged(tmp_path / "old.mat", 3))


def test_text_codes_come_back(tmp_path):
    stored = np.random.default_rng(0).uniform(-1, 1, (3, 100))
    savemat(tmp_path / "hn2.mat", {"hn2": stored})
    found = read_text_codes(tmp_path / "hn2.mat", 3)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, stored, atol=1e-7)


def test_other_names_shapes_and_numbers_are_refused(tmp_path):
    path = tmp_path / "a.mat"
    savemat(path, {"d": np.zeros((8, 8, 4, 2)), "hn2": np.zeros((3, 40))})
    with pytest.raises(VtonError, match=r"'d' has shape \(8, 8, 4, 2\) and should have \(8, 8, 4, 3\)"):
        read_merged(path, 3)
    with pytest.raises(VtonError, match=r"'hn2' has shape \(3, 40\) and should have \(3, 100\)"):
        read_text_codes(path, 3)
    savemat(path, {"d": np.full((8, 8, 4, 3), np.nan), "hn2": np.full((3, 100), 1.5)})
    with pytest.raises(VtonError, match=r"a\.mat: variable 'd' holds something else than numbers"):
        read_merged(path, 3)
    with pytest.raises(VtonError, match=r"a\.mat: variable 'hn2' leaves \[-1, 1\]"):
        read_text_codes(path, 3)
    savemat(path, {"e": np.ones(3)})
    with pytest.raises(VtonError, match=r"a\.mat: has no variable 'hn2'"):
        read_text_codes(path, 3)
