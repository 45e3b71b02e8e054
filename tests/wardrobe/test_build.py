"""Building a set: the same bytes however it came about, and one clear line for what is wrong."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vtonlib.cli import app
from vtonlib.data import atomic
from vtonlib.data.layout import read_sample, sample_names, write_sample
from vtonlib.data.lists import read_list
from vtonlib.errors import VtonError
from vtonlib.wardrobe import build
from vtonlib.wardrobe.build import render_set

TESTS = Path(__file__).parent.parent
SIZE = (64, 48)


def hand_made(out, people=3, function="render", **more):
    """A set of the hand-made samples."""
    return render_set(out, people, **{"size": SIZE, **more}, renderer=f"data.hand_made:{function}")


def files(folder):
    """Every file but the lock, with its bytes."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A set of eight people, made without a break by one process."""
    folder = tmp_path_factory.mktemp("whole") / "set"
    hand_made(folder, 8)
    return folder


def test_two_processes_give_the_bytes_of_one(whole, tmp_path):
    done = hand_made(tmp_path / "set", 8, jobs=2)
    assert (done.made, done.kept) == (8, 0)
    assert files(tmp_path / "set") == files(whole)


def test_the_manifest_has_the_hash_of_every_file(whole):
    listed = json.loads((whole / "manifest.json").read_text())["files"]
    found = files(whole)
    del found["manifest.json"]
    assert listed == {name: hashlib.sha256(data).hexdigest() for name, data in found.items()}
    assert len(listed) == 8 * 27 + 2


def test_both_splits_share_a_folder_and_the_test_split_has_lists(tmp_path):
    hand_made(tmp_path, 2)
    hand_made(tmp_path, 2, split="test")
    assert sample_names(tmp_path, "train") == sample_names(tmp_path, "test") == ["000000", "000001"]
    people = {read_sample(tmp_path, split, "000000").person_id for split in ("train", "test")}
    assert len(people) == 2
    assert read_list(tmp_path, "unpaired").samples == ("000000", "000001")
    assert {"lists.json", "train_pairs.txt", "test_pairs.txt"} <= set(json.loads(
        (tmp_path / "manifest.json").read_text())["files"])  # fmt: skip


def test_a_set_that_is_there_is_kept_and_may_grow(whole, tmp_path):
    first = hand_made(tmp_path, 2)
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "train").rglob("*.*")}
    again = hand_made(tmp_path, 2)
    assert (again.made, again.kept, again.manifest_sha256) == (0, 2, first.manifest_sha256)
    more = hand_made(tmp_path, 8)
    assert (more.made, more.kept) == (6, 2)
    assert all(path.stat().st_mtime_ns == before for path, before in times.items())
    assert files(tmp_path) == files(whole)


def test_what_was_damaged_is_made_again(whole, tmp_path):
    hand_made(tmp_path, 8)
    (tmp_path / "train/image/000003_01.webp").write_bytes(b"junk")
    (tmp_path / "train/neck/000004_02.png").unlink()
    (tmp_path / "train/meta/000005.json").write_text("{")
    assert hand_made(tmp_path, 8).made == 3
    assert files(tmp_path) == files(whole)


def test_a_kill_in_the_middle_costs_what_was_not_done(whole, tmp_path):
    code = f"from wardrobe.test_build import hand_made, Path; hand_made(Path({str(tmp_path)!r}), 8, 'render_slowly')"
    child = subprocess.Popen([sys.executable, "-c", code], cwd=TESTS)
    meta = tmp_path / "train/meta"
    while len(list(meta.glob("*.json"))) < 2:
        assert child.poll() is None
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    (meta / ".000007.json.1234").write_text("{")  # as if killed while writing
    for name in sample_names(tmp_path, "train"):
        read_sample(tmp_path, "train", name)
    done = hand_made(tmp_path, 8)
    assert done.kept >= 2
    assert done.made >= 1
    assert files(tmp_path) == files(whole)


def test_workers_end_with_a_parent_that_was_killed(tmp_path):
    code = f"from wardrobe.test_build import hand_made, Path; hand_made(Path({str(tmp_path)!r}), 99, 'render_slowly')"
    child = subprocess.Popen([sys.executable, "-c", code], cwd=TESTS)
    meta = tmp_path / "train/meta"
    while not list(meta.glob("*.json")):
        time.sleep(0.01)
    child.kill()
    child.wait()
    time.sleep(0.5)
    count = len(list(meta.glob("*.json")))
    time.sleep(0.5)
    assert len(list(meta.glob("*.json"))) == count < 99


def test_a_killed_worker_costs_one_line(tmp_path):
    with pytest.raises(VtonError, match=r"a process of the renderer was killed, .+; run again with fewer --jobs"):
        hand_made(tmp_path, 8, "render_until_killed")
    assert sample_names(tmp_path, "train") == ["000000", "000001"]
    assert not (tmp_path / "manifest.json").exists()


def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch):
    hand_made(tmp_path, 2)
    before = files(tmp_path)

    def full(self, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic.Path, "write_bytes", full)
    with pytest.raises(VtonError, match=r"cannot be written \(No space left on device\); what was there is kept"):
        hand_made(tmp_path, 2)
    assert files(tmp_path) == before


def test_a_disk_that_fills_up_in_a_worker_costs_one_line(tmp_path):
    """A limit on the size of a file stands in for the disk: writing beyond it fails as on a full disk."""
    pytest.importorskip("resource", reason="this system cannot limit the size of files")
    code = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from wardrobe.test_build import hand_made, Path\n"
        "from vtonlib.errors import VtonError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))\n"
        f"try: hand_made(Path({str(tmp_path)!r}))\n"
        "except VtonError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=TESTS, capture_output=True, text=True, check=True)
    assert done.stdout.count("\n") == 1
    assert "cannot be written (File too large); the samples before it are kept: free some space" in done.stdout
    assert sample_names(tmp_path, "train") == []
    assert set(files(tmp_path)) == {"settings.json"}


def test_a_missing_package_is_named_with_its_extra(tmp_path):
    with pytest.raises(VtonError, match=r"rendering needs numba; run: pip install 'vtonlib\[render\]'"):
        hand_made(tmp_path, 1, "render_without_numba")


BAD = [
    (["--people", "0"], "people is 0; ask for at least 1"),
    (["--people", "1000000"], "people is 1000000; ask for at most 999999"),
    (["--jobs", "0"], "jobs is 0; ask for at least 1 process"),
    (["--size", "96", "128"], "size is 96 x 128; give HEIGHT WIDTH as 4:3 portrait in multiples of 8"),
    (["--size", "132", "99"], "size is 132 x 99"),
    (["--size", "0", "0"], "size is 0 x 0"),
    (["--size", "4096", "3072"], "size is 4096 x 3072"),
    (["--seed", "-1"], "seed is -1; give 0 or more"),
    (["--split", "both"], "split is 'both'; choose one of train, test"),
    (["--format", "gif"], "image format is 'gif'; choose one of webp, jpg, png"),
    (["--quality", "0"], "quality is 0; give 1 to 100"),
]


def command(out, *words):
    """The command with good arguments, of which the last of each kind counts."""
    good = ["render", "--people", "2", "--size", "64", "48", "--out", str(out)]
    return CliRunner().invoke(app, [*good, *words])


@pytest.mark.parametrize(("words", "message"), BAD, ids=[" ".join(words) for words, _ in BAD])
def test_a_bad_argument_costs_one_line_and_makes_nothing(tmp_path, words, message):
    result = command(tmp_path / "set", *words)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"vtonlib: {message}")
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "set").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--seed", "1"], "settings.json: the set was made with seed 0, not 1; ask for the same or"),
        (["--size", "128", "96"], "settings.json: the set was made with size [64, 48], not [128, 96]; ask"),
        (["--format", "png"], "settings.json: the set was made with image_format webp, not png; ask"),
        (["--people", "2"], "train: holds 8 people, up to 000007; ask for no fewer, or choose another folder"),
    ],
)
def test_another_set_in_the_folder_is_left_alone(whole, words, message):
    before = files(whole)
    result = command(whole, *words)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert files(whole) == before


def test_other_things_in_the_way_are_left_alone(tmp_path):
    (tmp_path / "file").write_text("mine")
    result = command(tmp_path / "file")
    assert (result.exit_code, result.stderr) == (2, f"vtonlib: {tmp_path}/file: is a file; choose a folder\n")
    result = command(tmp_path)
    assert result.exit_code == 2
    assert "holds other files and no settings.json; choose an empty folder" in result.stderr
    assert files(tmp_path) == {"file": b"mine"}


@pytest.mark.parametrize("text", ["{", "[1]"])
def test_damaged_settings_are_named(tmp_path, text):
    (tmp_path / "settings.json").write_text(text)
    result = command(tmp_path)
    assert result.exit_code == 2
    assert "settings.json: is damaged" in result.stderr


def test_a_folder_that_another_process_fills_is_refused(tmp_path):
    with build.FileLock(tmp_path / ".lock"):
        result = command(tmp_path)
    assert result.exit_code == 2
    assert "another process renders into it; wait for it or choose another folder" in result.stderr


def test_the_command_passes_its_options_on_and_says_what_it_did(tmp_path, monkeypatch):
    seen = []
    done = build.RenderedSet(tmp_path / "set", 3, 4, "0123456789abcdef")
    monkeypatch.setattr(build, "render_set", lambda *words: seen.append(words) or done)
    monkeypatch.chdir(tmp_path)
    words = ["--jobs", "2", "--seed", "5", "--split", "test", "--format", "jpg", "--quality", "90"]
    result = command("set", *words)
    assert seen == [(Path("set"), 2, (64, 48), 2, 5, "test", "jpg", 90)]
    assert result.stdout == "3 rendered, 4 kept: set, manifest 0123456789ab\n"


def test_help():
    result = CliRunner().invoke(app, ["render", "--help"])
    assert result.exit_code == 0
    assert "Usage" in result.output


def test_reading_and_building_need_neither_torch_nor_the_renderers_packages():
    code = (
        "import sys, vtonlib.wardrobe.build, vtonlib.data.mini\n"
        "sys.exit(bool({'torch', 'anny', 'numba'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_environment_is_as_before(tmp_path, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    with build._one_thread():
        assert os.environ["OMP_NUM_THREADS"] == os.environ["MKL_NUM_THREADS"] == "1"
    assert os.environ["OMP_NUM_THREADS"] == "7"
    assert "MKL_NUM_THREADS" not in os.environ


def test_a_sample_by_another_way_has_the_same_bytes(whole, tmp_path):
    """What the workers write is the renderer's sample and nothing of the process."""
    from data.hand_made import render

    write_sample(tmp_path, "train", "000003", render(0, "train", 3, SIZE))
    for name, data in files(tmp_path).items():
        assert data == (whole / name).read_bytes()
