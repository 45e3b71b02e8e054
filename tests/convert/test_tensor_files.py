"""Files of tensors: read without running code, written whole, and refused with one line."""

import os
import pickle

import pytest
import torch

from vtonlib.convert.tensor_files import read_safetensors, read_torch, write_safetensors, write_torch
from vtonlib.errors import VtonError

TENSORS = {"a.weight": torch.arange(6.0).view(2, 3), "a.count": torch.tensor(7)}


class Bomb:
    """An object whose unpickling runs a command."""

    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return os.mkdir, (str(self.mark),)


def same(read):
    return read.keys() == TENSORS.keys() and all(torch.equal(read[key], TENSORS[key]) for key in TENSORS)


def test_a_torch_file_comes_back(tmp_path):
    write_torch(tmp_path / "x.pth", TENSORS)
    assert same(read_torch(tmp_path / "x.pth"))
    assert list(tmp_path.iterdir()) == [tmp_path / "x.pth"]


def test_it_is_written_in_the_format_of_the_public_files(tmp_path):
    """PyTorch 0.4, which the public code names, reads no zip archives."""
    write_torch(tmp_path / "x.pth", TENSORS)
    assert (tmp_path / "x.pth").read_bytes()[:2] != b"PK"


def test_newer_torch_files_are_read(tmp_path):
    torch.save(TENSORS, tmp_path / "x.pth")
    assert same(read_torch(tmp_path / "x.pth"))


def test_safetensors_come_back_with_their_words(tmp_path):
    write_safetensors(tmp_path / "x.safetensors", TENSORS, {"who": "me"})
    read, about = read_safetensors(tmp_path / "x.safetensors")
    assert same(read)
    assert about == {"who": "me"}


def test_tensors_that_are_not_contiguous_are_written(tmp_path):
    write_safetensors(tmp_path / "x.safetensors", {"a": torch.arange(6.0).view(2, 3).T}, {})
    assert read_safetensors(tmp_path / "x.safetensors")[0]["a"].tolist() == [[0, 3], [1, 4], [2, 5]]


@pytest.mark.parametrize("old", [True, False])
def test_code_in_a_file_is_not_run(tmp_path, old):
    torch.save({"a": Bomb(tmp_path / "ran")}, tmp_path / "x.pth", _use_new_zipfile_serialization=not old)
    with pytest.raises(VtonError, match=r"x\.pth: .*holds other things than tensors, which are not opened"):
        read_torch(tmp_path / "x.pth")
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("old", [True, False])
@pytest.mark.parametrize("share", [0.0, 0.05, 0.5, 0.99])
def test_a_torch_file_that_is_cut_off_is_refused(tmp_path, old, share):
    torch.save(TENSORS, tmp_path / "x.pth", _use_new_zipfile_serialization=not old)
    data = (tmp_path / "x.pth").read_bytes()
    (tmp_path / "x.pth").write_bytes(data[: int(share * len(data))])
    with pytest.raises(VtonError, match=r"x\.pth: is cut off"):
        read_torch(tmp_path / "x.pth")


@pytest.mark.parametrize("content", [[torch.zeros(1)], {"state_dict": TENSORS}, {1: torch.zeros(1)}, torch.zeros(1)])
def test_other_containers_are_refused(tmp_path, content):
    torch.save(content, tmp_path / "x.pth")
    with pytest.raises(VtonError, match="holds no plain dict of tensors"):
        read_torch(tmp_path / "x.pth")


@pytest.mark.parametrize("data", [b"", b"no weights", pickle.dumps({"a": 1}), b"\xff" * 100])
@pytest.mark.parametrize("read", [read_torch, read_safetensors])
def test_other_files_are_refused(tmp_path, read, data):
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(VtonError, match="x: "):
        read(tmp_path / "x")


def test_safetensors_that_are_cut_off_are_refused(tmp_path):
    path = tmp_path / "x.safetensors"
    write_safetensors(path, TENSORS, {})
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(VtonError, match="is cut off or no safetensors file"):
        read_safetensors(path)


@pytest.mark.parametrize("read", [read_torch, read_safetensors])
def test_what_is_no_file_is_refused(tmp_path, read):
    with pytest.raises(VtonError, match="is no file; give a file of weights"):
        read(tmp_path)
    with pytest.raises(VtonError, match="does not exist; give a file of weights"):
        read(tmp_path / "none")


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "x").write_text("precious")
    with pytest.raises(VtonError, match="x: is there already; delete it, or name another file with -o"):
        write_torch(tmp_path / "x", TENSORS)
    assert (tmp_path / "x").read_text() == "precious"
    with pytest.raises(VtonError, match="is a folder; name a file in it with -o"):
        write_torch(tmp_path, TENSORS)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(VtonError, match="cannot be written"):
        write_safetensors(tmp_path / "none" / "x", TENSORS, {})
