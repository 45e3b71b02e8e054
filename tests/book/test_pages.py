"""Things that stand in several places agree, and pages say nothing that they should not."""

import re
import tomllib

import pytest
import yaml
from places import ROOT, script, tracked_files

CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
PAGES = sorted((ROOT / "book").glob("*.md"))
TOC = list(script("build").toc_files(yaml.safe_load((ROOT / "book" / "_toc.yml").read_text("utf-8"))))


def text_of(path):
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def test_the_repositorys_address_stands_in_one_place():
    address = CONFIG["repository"]["url"].removeprefix("https://")
    holders = {path.relative_to(ROOT) for path in tracked_files() if address in text_of(path)}
    assert {str(path) for path in holders if path.parent.name != "notebooks"} == {"_config.yml"}


def test_the_address_is_marked_as_the_owners_to_set():
    comment = (ROOT / "_config.yml").read_text("utf-8").split("repository:")[0].splitlines()[-3:]
    assert "TO BE SET BY THE OWNER" in " ".join(comment)


def test_every_page_and_every_chapter_is_in_the_table_of_contents():
    pages = {f"book/{path.stem}" for path in PAGES}
    assert {page for page in TOC if page.startswith("book/")} == pages
    chapters = {f"notebooks/{path.stem}" for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")}
    assert {page for page in TOC if page.startswith("notebooks/")} == chapters


def test_the_cover_lists_eighteen_chapters_and_calls_ready_what_is_there():
    rows = re.findall(r"^\| (\d\d) \| (.*?) \| (.*?) \|", (ROOT / "book" / "index.md").read_text("utf-8"), re.MULTILINE)
    assert [number for number, _, _ in rows] == [f"{n:02}" for n in range(18)]
    ready = {number: title for number, title, state in rows if state == "**ready**"}
    assert {state for _, _, state in rows} <= {"planned", "**ready**"}
    chapters = [page.removeprefix("notebooks/") for page in TOC if page.startswith("notebooks/")]
    assert sorted(ready) == sorted(chapter[:2] for chapter in chapters)
    assert all(f"notebooks/{chapter}" in ready[chapter[:2]] for chapter in chapters)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_holds_no_path_of_a_machine_and_no_package_registry(path):
    unwanted = r"/home/|/root/|/Users/|/tmp/|/work/|//[\w.-]*registry\b|--index-url|--registry|/simple/"
    assert re.findall(unwanted, path.read_text("utf-8")) == []


def test_commands_that_pages_show_exist():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    shown = {t for path in PAGES for t in re.findall(r"`make (\w+)", path.read_text("utf-8"))}
    assert {"book", "test", "html"} <= shown
    assert {target for target in shown if not re.search(rf"^{target}:", makefile, re.MULTILINE)} == set()


def test_citation_and_package_agree():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == project["version"]
    assert citation["license"] == project["license"]
    assert f"## {project['version']}" in (ROOT / "CHANGES.md").read_text("utf-8")


def test_bibliography_keys_are_unique_and_in_one_form():
    text = (ROOT / "book" / "references.bib").read_text("utf-8")
    keys = re.findall(r"^@\w+\{([^,]+),", text, re.MULTILINE)
    assert len(keys) == len(set(keys))
    assert [key for key in keys if not re.fullmatch(r"[a-z]+(19|20)\d\d[a-z0-9]+", key)] == []


def test_page_and_plots_share_one_palette():
    viz = (ROOT / "vtonlib" / "viz.py").read_text("utf-8")  # read, because importing it brings PyTorch
    palette = dict(re.findall(r'^([A-Z]+) = "(#[0-9a-f]{6})"$', viz, re.MULTILINE))
    css = (ROOT / "book" / "_static" / "book.css").read_text("utf-8")
    for name in ("INK", "BLUE", "ORANGE", "GREEN", "RED", "PURPLE", "GREY"):
        assert f"--book-{name.lower()}: {palette[name]};" in css
