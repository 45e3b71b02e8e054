"""What made a result."""

import os
import re
import subprocess

import torch

import vtonlib
from vtonlib import provenance
from vtonlib.provenance import commit, hardware, peak_mib, project_folder, runs_folder, versions


def test_the_project_is_the_nearest_folder_with_a_book(tmp_path, monkeypatch):
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert project_folder() == inner, "without a book it is here"
    (tmp_path / "_config.yml").write_text("")
    assert project_folder() == tmp_path
    (tmp_path / "a" / "_config.yml").write_text("")
    assert project_folder() == tmp_path / "a"


def test_runs_go_where_the_variable_says_or_into_the_project(tmp_path, monkeypatch):
    (tmp_path / "_config.yml").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VTON_RUNS", "")
    assert runs_folder() == tmp_path / "runs"
    monkeypatch.setenv("VTON_RUNS", "/elsewhere")
    assert str(runs_folder()) == "/elsewhere"


def test_a_commit_is_ten_digits_with_a_mark_for_changes():
    assert re.fullmatch(r"[0-9a-f]{10}\+?|unknown", commit())


def test_the_mark_stands_for_changes_of_the_library_only(tmp_path, monkeypatch):
    package = tmp_path / "vtonlib"
    package.mkdir()
    (package / "x.py").write_text("")

    def git(*arguments: str) -> None:
        identity = {f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        subprocess.run(["git", "-C", str(tmp_path), *arguments], check=True, env=os.environ | identity)

    for arguments in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "x")):
        git(*arguments)
    monkeypatch.setattr(provenance, "__file__", str(package / "provenance.py"))
    clean = commit()
    assert re.fullmatch(r"[0-9a-f]{10}", clean)
    (tmp_path / "notes.txt").write_text("beside the library")
    assert commit() == clean
    (package / "x.py").write_text("changed = 1")
    assert commit() == clean + "+"


def test_without_git_the_commit_is_unknown(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert commit() == "unknown"


def test_versions_are_plain_strings():
    assert versions().keys() == {"vtonlib", "torch", "numpy", "python"}
    assert all(type(version) is str for version in versions().values())
    assert versions()["vtonlib"] == vtonlib.__version__


def test_hardware_says_device_threads_and_precision():
    words = hardware(torch.device("cpu"), "32-true")
    assert re.fullmatch(rf"CPU \(.+\), {torch.get_num_threads()} threads, 32-true", words)
    assert hardware(torch.device("mps"), "16-mixed") == "mps, 16-mixed"


def test_memory_is_counted_in_mebibytes():
    before = peak_mib()
    held = torch.ones(64, 1024, 1024, dtype=torch.uint8)
    assert 50 < before <= peak_mib() < 10**6
    assert held.sum() == 64 * 1024 * 1024
