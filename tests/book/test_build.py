"""book/build.py: what it stages, what it refuses, and when it forgets cached pages."""

import json
import re

import pytest
from places import ROOT, script

build = script("build")


def write(path, text="x"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def cell(tags=(), outputs=()):
    return {"cell_type": "code", "metadata": {"tags": list(tags)}, "outputs": list(outputs)}


ERROR = {"output_type": "error", "ename": "AssertionError", "evalue": "held-out KID\nmore", "traceback": []}


@pytest.fixture
def checkout(tmp_path):
    write(tmp_path / "book" / "index.md")
    write(tmp_path / "book" / "__pycache__" / "junk.pyc")
    write(tmp_path / "notebooks" / "02_a.ipynb", "committed")
    write(tmp_path / "notebooks" / "03_b.ipynb", "committed")
    write(tmp_path / "notebooks" / "scratch.ipynb")
    write(tmp_path / "vtonlib" / "losses.py", "sign = 1")
    return tmp_path


def test_fresh_notebooks_replace_committed_ones_and_the_others_stay(checkout):
    fresh = write(checkout / "fresh" / "02_a.ipynb", "fresh").parent
    files = build.sources(checkout, fresh)
    assert set(files) == {"book/index.md", "notebooks/02_a.ipynb", "notebooks/03_b.ipynb"}
    assert files["notebooks/02_a.ipynb"].read_text() == "fresh"
    assert files["notebooks/03_b.ipynb"].read_text() == "committed"


def test_staging_mirrors_the_sources_and_leaves_unchanged_files_alone(checkout):
    target = checkout / "stage"
    files = build.sources(checkout, None)
    build.stage(files, target)
    write(target / "book" / "gone.md")
    before = (target / "book" / "index.md").stat().st_mtime_ns
    files["notebooks/02_a.ipynb"].write_text("changed")
    build.stage(files, target)
    assert {p.relative_to(target).as_posix() for p in target.rglob("*") if p.is_file()} == set(files)
    assert (target / "book" / "index.md").stat().st_mtime_ns == before
    assert (target / "notebooks" / "02_a.ipynb").read_text() == "changed"


def test_a_page_that_does_not_exist_is_named(checkout):
    toc = {"root": "book/index", "parts": [{"chapters": [{"file": "notebooks/02_a"}, {"file": "notebooks/04_c"}]}]}
    pages = list(build.toc_files(toc))
    assert pages == ["book/index", "notebooks/02_a", "notebooks/04_c"]
    files = build.sources(checkout, None)
    build.check_pages(files, pages[:2])
    with pytest.raises(build.BuildError, match=r"_toc\.yml.*notebooks/04_c"):
        build.check_pages(files, pages)


def test_a_failed_cell_is_refused_unless_it_was_meant_to_fail(tmp_path):
    good = [cell(), cell(["raises-exception"], [ERROR]), {"cell_type": "markdown", "metadata": {}}]
    path = write(tmp_path / "02_a.ipynb", json.dumps({"cells": good}))
    build.check_outputs("notebooks/02_a.ipynb", path)
    path.write_text(json.dumps({"cells": [cell(), cell(["quality-bar"], [ERROR])]}))
    with pytest.raises(build.BuildError, match=r"02_a\.ipynb: cell 2 failed \(AssertionError: held-out KID\)"):
        build.check_outputs("notebooks/02_a.ipynb", path)
    path.write_text("{")
    with pytest.raises(build.BuildError, match="not a notebook"):
        build.check_outputs("notebooks/02_a.ipynb", path)


@pytest.mark.parametrize(
    "changed", ["vtonlib/losses.py", "notebooks/03_b.ipynb", "_config.yml", "book/_ext/numbers.py"]
)
def test_a_change_of_library_notebook_or_setting_changes_the_hash(checkout, changed):
    write(checkout / "_config.yml")
    write(checkout / "book" / "_ext" / "numbers.py")
    files = {**build.sources(checkout, None), "_config.yml": checkout / "_config.yml"}
    before = build.library_hash(checkout, files)
    assert build.library_hash(checkout, files) == before
    write(checkout / "book" / "index.md", "prose is Sphinx's own business")
    assert build.library_hash(checkout, files) == before
    write(checkout / changed, "sign = -1")
    assert build.library_hash(checkout, files) != before


def test_cached_pages_are_dropped_when_the_hash_differs_and_only_then(tmp_path):
    tree, page = write(tmp_path / ".doctrees" / "a.doctree"), write(tmp_path / "html" / "a.html")
    kept = write(tmp_path / "notebooks" / "02_a.ipynb")
    write(tmp_path / ".libhash", "old\n")
    assert not build.drop_stale(tmp_path, "old")
    assert tree.exists()
    assert build.drop_stale(tmp_path, "new")
    assert not tree.exists()
    assert not page.exists()
    assert kept.exists()
    # Until a build has succeeded, nothing may count as fresh.
    assert not (tmp_path / ".libhash").exists()


def test_mathjax_is_staged_and_pointed_at_only_where_it_is_complete(tmp_path):
    files, config = {}, {"sphinx": {"config": {}}}
    write(tmp_path / "tex-mml-chtml.js")
    assert not build.add_mathjax(files, config, tmp_path)
    assert (files, config) == ({}, {"sphinx": {"config": {}}})
    write(tmp_path / "VERSION", script("fetch_mathjax").VERSION)
    assert build.add_mathjax(files, config, tmp_path)
    assert "book/_static/mathjax/tex-mml-chtml.js" in files
    assert config["sphinx"]["config"]["mathjax_path"] == "mathjax/tex-mml-chtml.js"


def test_a_folder_that_does_not_exist_gives_one_line(tmp_path, capsys):
    assert build.main(["--notebooks", str(tmp_path / "none"), "--out", str(tmp_path)]) == 1
    assert re.fullmatch(r"book: --notebooks \S+: no such folder\n", capsys.readouterr().err)


def test_the_cover_is_what_its_script_draws():
    import draw_cover

    for name, drawing in draw_cover.drawings().items():
        assert (ROOT / "book" / "_static" / name).read_text("utf-8") == drawing, f"run draw_cover.py: {name}"
