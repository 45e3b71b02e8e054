"""The shipped archive: packed to the same bytes, unpacked once, whole and nowhere else."""

import hashlib
import io
import json
import multiprocessing
import os
import signal
import tarfile
import time

import pytest

from vtonlib.data import mini
from vtonlib.data.mini import pack_mini, wardrobe_mini
from vtonlib.errors import VtonError


@pytest.fixture
def archive(tmp_path):
    """A packed set of small files."""
    root = tmp_path / "set"
    for number in range(60):
        path = root / f"train/folder{number % 3}/{number:03d}.bin"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(200))
    (root / "manifest.json").write_text("{}")
    (root / "lists.json").write_text("{}")
    (root / ".lock").touch()
    pack_mini(root, tmp_path / "wardrobe-x.tar.xz")
    return tmp_path / "wardrobe-x.tar.xz"


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_was_packed_is_unpacked(archive, tmp_path):
    folder = wardrobe_mini(archive, tmp_path / "cache")
    expected = files(tmp_path / "set")
    del expected["manifest.json"], expected[".lock"]
    assert files(folder) == expected
    about = json.loads((tmp_path / "wardrobe-x.json").read_text())
    assert folder.name == f"wardrobe-x-{about['sha256'][:12]}"
    assert about == {
        "archive": archive.name,
        "bytes": archive.stat().st_size,
        "files": 61,
        "sha256": hashlib.sha256(archive.read_bytes()).hexdigest(),
    }


def test_the_archive_depends_on_names_and_bytes_alone(archive, tmp_path):
    before = archive.read_bytes()
    for path in (tmp_path / "set").rglob("*.bin"):
        os.utime(path, (1, 1))
        path.chmod(0o600)
    pack_mini(tmp_path / "set", archive)
    assert archive.read_bytes() == before


def test_it_is_unpacked_once(archive, tmp_path, monkeypatch):
    monkeypatch.setenv("VTON_CACHE", str(tmp_path / "mine"))
    folder = wardrobe_mini(archive)
    assert folder.parent == tmp_path / "mine"
    monkeypatch.setattr(mini, "_unpack", None)
    archive.unlink()
    assert wardrobe_mini(archive) == folder


@pytest.mark.parametrize("damage", ["flipped", "cut off", "missing", "no card"])
def test_a_damaged_archive_is_refused_and_leaves_nothing(archive, tmp_path, damage):
    data = archive.read_bytes()
    if damage == "flipped":
        archive.write_bytes(data[:99] + bytes([data[99] ^ 1]) + data[100:])
    elif damage == "cut off":
        archive.write_bytes(data[:-100])
    else:
        (archive if damage == "missing" else tmp_path / "wardrobe-x.json").unlink()
    with pytest.raises(VtonError, match=r"wardrobe-x\..+: is missing or damaged .+; install vtonlib again"):
        wardrobe_mini(archive, tmp_path / "cache")
    assert not files(tmp_path / "cache") or all(name.endswith(".lock") for name in files(tmp_path / "cache"))


@pytest.mark.parametrize("data", [b"junk" * 100, None], ids=["no archive", "cut off"])
def test_so_is_one_that_was_damaged_before_it_was_published(archive, tmp_path, data):
    archive.write_bytes(archive.read_bytes()[:-100] if data is None else data)
    publish(archive)
    with pytest.raises(VtonError, match=r"\.tar\.xz: is damaged .+; install vtonlib again"):
        wardrobe_mini(archive, tmp_path / "cache")


def publish(archive):
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    archive.with_name("wardrobe-x.json").write_text(json.dumps({"sha256": digest}))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../outside", tarfile.REGTYPE),
        ("train/../../outside", tarfile.REGTYPE),
        ("/tmp/outside", tarfile.REGTYPE),
        ("..\\outside", tarfile.REGTYPE),
        ("C:/outside", tarfile.REGTYPE),
        ("link", tarfile.SYMTYPE),
        ("link", tarfile.LNKTYPE),
        ("pipe", tarfile.FIFOTYPE),
        ("folder", tarfile.DIRTYPE),
    ],
)
def test_a_member_that_is_no_file_inside_is_refused(archive, tmp_path, name, kind):
    with tarfile.open(archive, "w:xz") as tar:
        good, bad = tarfile.TarInfo("good"), tarfile.TarInfo(name)
        bad.type, bad.linkname = kind, "/etc/passwd"
        tar.addfile(good, io.BytesIO())
        tar.addfile(bad, io.BytesIO())
    publish(archive)
    with pytest.raises(VtonError, match="is no plain file inside the folder, so nothing is unpacked"):
        wardrobe_mini(archive, tmp_path / "cache")
    assert not any(path.is_dir() for path in (tmp_path / "cache").iterdir())
    assert not (tmp_path / "outside").exists()


def test_a_cache_that_cannot_be_written_is_named(archive, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(VtonError, match=r"file: cannot be written .+set VTON_CACHE to another folder"):
        wardrobe_mini(archive, tmp_path / "file")


def unpack_slowly(archive, cache, started, queue):
    """Unpack in another process, which can be killed meanwhile."""
    unpack = mini._unpack

    def slow(*words):
        started.set()
        queue.put(os.getpid())
        unpack(*words)
        time.sleep(0.3)

    mini._unpack = slow
    wardrobe_mini(archive, cache)


def test_of_two_processes_at_once_one_waits(archive, tmp_path):
    context = multiprocessing.get_context("spawn")
    queue, started = context.Queue(), context.Event()
    both = [context.Process(target=unpack_slowly, args=(archive, tmp_path / "cache", started, queue)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
    assert [process.exitcode for process in both] == [0, 0]
    queue.get(timeout=5)
    assert queue.empty()  # the second found the folder ready
    assert len(files(wardrobe_mini(archive, tmp_path / "cache"))) == 61


def test_a_kill_leaves_nothing_half(archive, tmp_path):
    context = multiprocessing.get_context("spawn")
    queue, started = context.Queue(), context.Event()
    process = context.Process(target=unpack_slowly, args=(archive, tmp_path / "cache", started, queue))
    process.start()
    assert started.wait(60)
    time.sleep(0.1)
    os.kill(process.pid, signal.SIGKILL)
    process.join(60)
    assert [path.name for path in (tmp_path / "cache").iterdir() if not path.name.startswith(".")] == []
    assert len(files(wardrobe_mini(archive, tmp_path / "cache"))) == 61
    assert not list((tmp_path / "cache").glob("*.unpacking"))
