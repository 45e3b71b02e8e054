"""Checkpoints are whole or absent, and damage is told from content."""

import hashlib
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from vtonlib.errors import VtonError
from vtonlib.training import checkpoint as module
from vtonlib.training.checkpoint import HEADER_LENGTH, MAGIC, load_checkpoint, save_checkpoint, sweep

from .tiny import differences

CONTENT = {
    "step": 3,
    "seconds": 1.5,
    "stage": "dcgan",
    "weights": {"a": torch.arange(6.0).reshape(2, 3), "b": torch.tensor(7)},
    "history": {"D/adversarial": ([1, 2], [0.5, 0.25])},
    "rng": torch.get_rng_state(),
    "nothing": None,
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    save_checkpoint(tmp_path / "run" / "c.vton", CONTENT)
    return tmp_path / "run" / "c.vton"


def with_valid_header(body: bytes) -> bytes:
    return MAGIC + hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def test_what_was_saved_is_loaded_to_the_bit(path):
    assert differences(load_checkpoint(path), CONTENT) == []


def test_saving_leaves_the_checkpoint_alone_in_its_folder(path):
    save_checkpoint(path, CONTENT | {"step": 4})
    assert os.listdir(path.parent) == ["c.vton"]
    assert load_checkpoint(path)["step"] == 4


def test_the_header_holds_the_hash_of_the_rest(path):
    data = path.read_bytes()
    assert with_valid_header(data[HEADER_LENGTH:]) == data


def test_a_flipped_byte_in_the_header_is_refused(path):
    data = path.read_bytes()
    for position in range(HEADER_LENGTH):
        path.write_bytes(data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :])
        with pytest.raises(VtonError, match=r"c\.vton: is (damaged|not a checkpoint of vtonlib)"):
            load_checkpoint(path)


def test_a_flipped_byte_in_the_body_is_refused(path):
    data = path.read_bytes()
    for position in [*range(HEADER_LENGTH, len(data), 97), len(data) - 1]:
        path.write_bytes(data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :])
        with pytest.raises(VtonError, match=r"c\.vton: is damaged .*; delete it to start again"):
            load_checkpoint(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not a checkpoint of vtonlib; choose another file"),
        (b"PK\x03\x04 some archive", "is not a checkpoint of vtonlib; choose another file"),
        (MAGIC, "is damaged"),
        (MAGIC + b"0" * 30, "is damaged"),
        (with_valid_header(b""), "holds something other than tensors and plain values"),
        (with_valid_header(b"junk"), "holds something other than tensors and plain values"),
    ],
    ids=["empty", "foreign", "only the name", "cut in the header", "no body", "no archive"],
)
def test_a_file_that_is_no_checkpoint_gives_one_line(tmp_path, content, message):
    path = tmp_path / "c.vton"
    path.write_bytes(content)
    with pytest.raises(VtonError, match=message) as caught:
        load_checkpoint(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.99])
def test_a_truncated_file_is_refused(path, kept):
    data = path.read_bytes()
    path.write_bytes(data[: int(kept * len(data))])
    with pytest.raises(VtonError, match="is damaged"):
        load_checkpoint(path)


@pytest.mark.parametrize("name", ["absent.vton", "."])
def test_a_missing_file_or_a_folder_gives_one_line(tmp_path, name):
    with pytest.raises(VtonError, match=r"cannot be read \(.*\); check the path"):
        load_checkpoint(tmp_path / name)


class Trap:
    """Makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (str(self.folder),)


@pytest.mark.parametrize("form", ["torch", "pickle"])
def test_nothing_is_unpickled(tmp_path, form):
    path, folder = tmp_path / "c.vton", tmp_path / "trapped"
    if form == "torch":
        save_checkpoint(path, {"step": Trap(folder)})
    else:
        path.write_bytes(with_valid_header(pickle.dumps({"step": Trap(folder)}, protocol=2)))
    with pytest.raises(VtonError, match="is not opened; choose another file"):
        load_checkpoint(path)
    assert not folder.exists()


FULL_DISK = """
import resource, signal, sys, torch
from pathlib import Path
from vtonlib.errors import VtonError
from vtonlib.training.checkpoint import save_checkpoint
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
try:
    save_checkpoint(Path(sys.argv[1]), {"weights": torch.zeros(1_000_000)})
except VtonError as error:
    print(error)
    sys.exit(3)
"""


def test_a_full_disk_keeps_the_previous_checkpoint(path):
    before = path.read_bytes()
    done = subprocess.run([sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout.startswith(f"{path}: cannot be written (")
    assert done.stdout.endswith("; the previous checkpoint is kept; free some space or choose another folder\n")
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == ["c.vton"]


@pytest.mark.parametrize("function", ["fsync", "replace"])
def test_a_failure_at_the_last_moment_keeps_the_previous_checkpoint(path, monkeypatch, function):
    def fail(*_):
        raise OSError(5, "Input/output error")

    before = path.read_bytes()
    monkeypatch.setattr(module.os, function, fail)
    with pytest.raises(VtonError, match=r"Input/output error\); the previous checkpoint is kept"):
        save_checkpoint(path, CONTENT)
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == ["c.vton"]


def test_an_interrupt_leaves_no_temporary_file(path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(module.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        save_checkpoint(path, CONTENT)
    assert os.listdir(path.parent) == ["c.vton"]


def test_a_folder_that_cannot_be_made_gives_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(VtonError, match=r"c\.vton: cannot be written .*; free some space or choose another folder$"):
        save_checkpoint(tmp_path / "file" / "c.vton", CONTENT)


def test_the_file_is_on_disk_before_it_gets_its_name(path, monkeypatch):
    calls = []
    monkeypatch.setattr(module.os, "fsync", lambda handle: calls.append("fsync"))
    monkeypatch.setattr(module.os, "replace", lambda a, b: calls.append("replace"))
    save_checkpoint(path, CONTENT)
    assert calls[:2] == ["fsync", "replace"]


def test_sweep_removes_what_a_killed_writer_left_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.vton"
    for name in (".checkpoint.vton.a1b2", "checkpoint.vton", ".other.vton.a1b2"):
        (tmp_path / name).write_bytes(b"x")
    sweep(path)
    assert sorted(file.name for file in tmp_path.iterdir()) == [".other.vton.a1b2", "checkpoint.vton"]
