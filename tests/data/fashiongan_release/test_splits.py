"""ind.mat: numbers from 1 become rows from 0, and each test row gets its sentence."""

import numpy as np
import pytest

from vtonlib.data.fashiongan_release.splits import Splits
from vtonlib.errors import VtonError

from .release_files import column, write_splits


def read(tmp_path, rows=6, **other):
    write_splits(tmp_path / "ind.mat", **other)
    return Splits.read(tmp_path / "ind.mat", rows)


def test_rows_count_from_0(tmp_path):
    splits = read(tmp_path)
    assert splits.train.tolist() == [1, 2, 3, 5]
    assert splits.test.tolist() == [0, 4]
    assert splits.test_sentences.tolist() == [5, 0]
    assert splits.sentence_of() == {0: 5, 4: 0}
    assert {array.dtype for array in (splits.train, splits.test, splits.test_sentences)} == {np.dtype(np.int64)}


def test_rows_instead_of_columns_are_read_as_well(tmp_path):
    lying = read(tmp_path, train_ind=column((2, 3, 4, 6)).T, test_ind=column((1, 5)).T)
    assert lying.train.tolist() == [1, 2, 3, 5]
    assert lying.sentence_of() == {0: 5, 4: 0}


@pytest.mark.parametrize("name", ["train_ind", "test_ind", "test_set_pair_ind"])
def test_a_missing_list_and_a_row_that_is_not_there_are_named(tmp_path, name):
    with pytest.raises(VtonError, match=rf"ind\.mat: has no variable '{name}'"):
        read(tmp_path, **{name: None})
    for wrong in (0, 7):
        with pytest.raises(VtonError, match=rf"'{name}' holds {wrong} in row 1 and should hold .+ from 1 to 6"):
            read(tmp_path, **{name: column((4 if name == "train_ind" else 1, wrong))})


def test_lists_of_other_shapes_are_refused(tmp_path):
    with pytest.raises(VtonError, match=r"'test_set_pair_ind' has shape \(3, 1\) and should have \(2, 1\)"):
        read(tmp_path, test_set_pair_ind=column((6, 1, 2)))
    with pytest.raises(VtonError, match=r"'train_ind' has shape \(2, 2\) and should have \(4, 1\)"):
        read(tmp_path, train_ind=np.array([[2, 3], [4, 6]]))


def test_a_row_in_both_splits_is_named(tmp_path):
    with pytest.raises(VtonError, match=r"ind\.mat: row 4 is in both splits"):
        read(tmp_path, train_ind=column((2, 3, 5)))
