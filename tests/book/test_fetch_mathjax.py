"""book/fetch_mathjax.py: unpacks nothing that it should not, and lives without npm. Nothing here needs a network."""

import io
import tarfile

import pytest
from places import script

fetch = script("fetch_mathjax")
ENTRY = "package/es5/tex-mml-chtml.js"


def archive(path, *members):
    with tarfile.open(path, "w:gz") as tar:
        for name, kind in members:
            info = tarfile.TarInfo(name)
            info.type = kind
            info.linkname = "/etc/passwd"
            info.size = 2 if kind == tarfile.REGTYPE else 0
            tar.addfile(info, io.BytesIO(b"ok"))
    return path


def test_only_wanted_files_are_unpacked(tmp_path):
    tgz = archive(
        tmp_path / "m.tgz",
        (ENTRY, tarfile.REGTYPE),
        ("package/es5/output/chtml/fonts/woff-v2/a.woff", tarfile.REGTYPE),
        ("package/es5/sre/mathmaps/de.json", tarfile.REGTYPE),
        ("package/../../evil.js", tarfile.REGTYPE),
    )
    assert fetch.unpack(tgz, tmp_path / "out") == 2
    assert {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()} == {
        "m.tgz",
        "out/tex-mml-chtml.js",
        "out/output/chtml/fonts/woff-v2/a.woff",
    }


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("package/es5/a11y/../../../../evil.js", tarfile.REGTYPE),
        ("package/es5/a11y/link.js", tarfile.SYMTYPE),
        ("package/es5/a11y/hard.js", tarfile.LNKTYPE),
        ("package/es5/a11y/fifo", tarfile.FIFOTYPE),
    ],
)
def test_members_that_leave_the_folder_or_are_no_files_are_refused(tmp_path, name, kind):
    tgz = archive(tmp_path / "m.tgz", (name, kind))
    with pytest.raises(fetch.FetchError, match="refusing to unpack"):
        fetch.unpack(tgz, tmp_path / "deep" / "out")
    assert not list(tmp_path.rglob("evil.js"))


def test_an_interrupted_unpacking_leaves_the_old_copy(tmp_path):
    target = tmp_path / "share" / "mathjax"
    fetch.install(archive(tmp_path / "good.tgz", (ENTRY, tarfile.REGTYPE)), target)
    assert fetch.is_present(target)
    bad = archive(tmp_path / "bad.tgz", (ENTRY, tarfile.REGTYPE), ("package/es5/a11y/x", tarfile.SYMTYPE))
    with pytest.raises(fetch.FetchError):
        fetch.install(bad, target)
    assert fetch.is_present(target)
    assert [p.name for p in target.parent.iterdir()] == ["mathjax"]


def test_another_package_than_the_expected_one_is_an_error(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(fetch, "folder", lambda: tmp_path / "mathjax")
    monkeypatch.setattr(fetch, "download", lambda into: archive(into / "m.tgz", (ENTRY, tarfile.REGTYPE)))
    assert fetch.main() == 1
    assert "expected" in capsys.readouterr().err
    assert not (tmp_path / "mathjax").exists()


def test_without_npm_one_line_says_what_follows(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(fetch, "folder", lambda: tmp_path / "mathjax")
    monkeypatch.setattr(fetch.shutil, "which", lambda name: None)
    assert fetch.main() == 0
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    assert "npm is not installed" in printed
    assert "from the network" in printed


def test_what_is_there_is_not_fetched_again(tmp_path, monkeypatch):
    monkeypatch.setattr(fetch, "folder", lambda: tmp_path)
    monkeypatch.setattr(fetch, "download", lambda into: pytest.fail("fetched again"))
    (tmp_path / fetch.ENTRY).write_text("x")
    (tmp_path / "VERSION").write_text(fetch.VERSION)
    assert fetch.main() == 0
