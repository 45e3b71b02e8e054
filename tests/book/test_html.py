"""The book as readers get it: built from the committed outputs, then read page by page."""

import os
import re
import subprocess
import sys
from pathlib import Path

import html_checks as checks
import pytest
import yaml
from places import ROOT, script

MATHJAX_ELSEWHERE = "https://cdn.jsdelivr.net/npm/mathjax@3"
CHAPTERS = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    """Built here, unless ``BOOK_HTML`` names the pages that ``.ci/run`` has just built."""
    if built := os.environ.get("BOOK_HTML"):
        return Path(built)
    out = tmp_path_factory.mktemp("book")
    command = [sys.executable, str(ROOT / "book" / "build.py"), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return out / "_build" / "html"


@pytest.fixture(scope="module")
def pages(html):
    """Every page by its path; the theme's own templates lie in _static and are none."""
    found = (path.relative_to(html).as_posix() for path in html.rglob("*.html"))
    return {name: checks.parse((html / name).read_text("utf-8")) for name in found if not name.startswith("_static")}


@pytest.fixture(scope="module")
def files(html):
    return {path.relative_to(html).as_posix() for path in html.rglob("*") if path.is_file()}


def faults(pages, check):
    return [f"{name}: {fault}" for name, page in sorted(pages.items()) for fault in check(page)]


def test_every_page_of_the_table_of_contents_is_there(pages):
    toc = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text("utf-8"))
    assert {f"{page}.html" for page in script("build").toc_files(toc)} <= pages.keys()
    assert {f"notebooks/{name}.html" for name in CHAPTERS} <= pages.keys()


def test_the_front_door_leads_to_the_cover(html):
    assert re.search(r"url=book/index\.html", (html / "index.html").read_text("utf-8"))


def test_every_image_says_what_is_seen(pages):
    assert faults(pages, checks.alt_faults) == []


def test_headings_are_in_order(pages):
    assert faults(pages, checks.heading_faults) == []


def test_no_link_is_broken(pages, files):
    places = {name: checks.anchors(page) for name, page in pages.items()}
    assert [f"{n}: {fault}" for n in sorted(pages) for fault in checks.link_faults(n, pages, files, places)] == []


def test_no_page_is_heavy(html, pages):
    assert [f"{n}: {fault}" for n in sorted(pages) for fault in checks.size_faults(html / n)] == []


def test_nothing_is_fetched_from_elsewhere(pages):
    fetch = script("fetch_mathjax")
    allowed = () if fetch.is_present(fetch.folder()) else (MATHJAX_ELSEWHERE,)
    assert faults(pages, lambda page: checks.external_faults(page, allowed)) == []


def test_no_style_sheet_fetches_from_elsewhere(html):
    sheets = sorted(html.rglob("*.css"))
    assert html / "_static" / "book.css" in sheets
    assert [f"{s.name}: {fault}" for s in sheets for fault in checks.css_faults(s.read_text("utf-8"))] == []


def test_formulas_come_with_the_book(html, pages):
    fetch = script("fetch_mathjax")
    if not fetch.is_present(fetch.folder()):
        pytest.skip("MathJax has not been fetched (it needs npm, once)")
    assert (html / "_static" / "mathjax" / fetch.ENTRY).is_file()
    assert list((html / "_static" / "mathjax" / "output").rglob("*.woff"))
    sources = [s["src"] for s in pages["book/notation.html"].find_all("script", src=True)]
    assert any(f"_static/mathjax/{fetch.ENTRY}" in source for source in sources)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_opens_in_colab_and_carries_its_number(pages, chapter):
    page = pages[f"notebooks/{chapter}.html"]
    assert checks.colab_faults(page, chapter) == []
    number = int(chapter[:2])
    assert checks.article(page).h1.get_text().startswith(f"{number}. ")
    labels = [label.get_text() for label in page.select("article .caption-number, article .eqno")]
    assert labels
    assert [label for label in labels if not re.search(rf"\b{number}\.\d+", label)] == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_shows_folded_solutions_and_resolved_citations(pages, chapter):
    text = checks.article(pages[f"notebooks/{chapter}.html"])
    solutions = text.select("div.solution")
    assert solutions
    assert all("dropdown" in solution["class"] for solution in solutions)
    assert text.select("a[href*='book/references.html#']")
