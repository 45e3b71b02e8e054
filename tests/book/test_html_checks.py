"""Every check of built pages goes red on a small page that is wrong in just that way, and only then."""

import html_checks as checks
import pytest

GOOD = """
<html><head><link rel="stylesheet" href="_static/book.css"><link rel="canonical" href="https://example.org/">
<script src="_static/a.js?v=1"></script></head><body><img src="_static/logo.svg" alt="">
<h1>Printed title of the theme</h1>
<article class="bd-article"><h1 id="top">Title</h1><h2>Part</h2><h3>Detail</h3><h2 id="end">Part</h2>
<a href="#end">down</a> <a href="other.html#there">there</a> <a href="https://example.org/x#y">away</a>
<a href="https://colab.research.google.com/github/o/r/blob/main/notebooks/02_gan_basics.ipynb">Open</a>
<img src="_images/x.png" alt="Two curves that cross."></article></body></html>"""
PAGES = {"index.html": GOOD, "other.html": '<article><h1 id="there">Other</h1></article>'}
FILES = {*PAGES, "_static/book.css", "_static/a.js", "_static/logo.svg", "_images/x.png"}


def links(page: str) -> list[str]:
    pages = {name: checks.parse(html) for name, html in {**PAGES, "index.html": page}.items()}
    places = {name: checks.anchors(html) for name, html in pages.items()}
    return checks.link_faults("index.html", pages, FILES, places)


RUN = {
    "alt": lambda html: checks.alt_faults(checks.parse(html)),
    "headings": lambda html: checks.heading_faults(checks.parse(html)),
    "external": lambda html: checks.external_faults(checks.parse(html)),
    "links": links,
    "colab": lambda html: checks.colab_faults(checks.parse(html), "02_gan_basics"),
}
SPOILED = [
    ("alt", 'alt="Two curves that cross."', "", "no alternative text"),
    ("alt", 'alt="Two curves that cross."', 'alt="  "', "no alternative text"),
    ("alt", "Two curves that cross.", "../_images/2f3a.PNG", "file name"),
    ("headings", "<h2>Part</h2><h3>", "<h3>", "follows level 1"),
    ("headings", '<h2 id="end">Part</h2>', '<h1 id="end">Part</h1>', "2 titles"),
    ("headings", '<h1 id="top">Title</h1><h2>Part</h2><h3>Detail</h3><h2 id="end">Part</h2>', "", "0 titles"),
    ("external", "_static/a.js?v=1", "https://cdn.example.org/a.js", "cdn.example.org"),
    ("external", "_static/a.js?v=1", "//cdn.example.org/a.js", "cdn.example.org"),
    ("external", "_static/book.css", "https://fonts.example.org/css", "fonts.example.org"),
    ("external", "_images/x.png", "http://example.org/badge.svg", "badge.svg"),
    ("external", "</head>", "<style>@font-face {src: url('https://e.org/f.woff')}</style></head>", "f.woff"),
    ("external", "<h2>Part", "<h2 style='background: url(//e.org/b.png)'>Part", "b.png"),
    ("links", "other.html#there", "othr.html#there", "no such file"),
    ("links", "other.html#there", "other.html#ther", "no such place"),
    ("links", 'href="#end"', 'href="#ende"', "no such place"),
    ("links", 'href="#end"', 'href="/other.html"', "no such file"),
    ("links", "_images/x.png", "_images/y.png", "no such file"),
    ("colab", "notebooks/02_gan", "notebooks/03_gan", "no link"),
    ("colab", "colab.research.google.com/github", "github.com", "no link"),
]


@pytest.mark.parametrize("check", RUN)
def test_a_good_page_passes(check):
    assert RUN[check](GOOD) == []


@pytest.mark.parametrize(("check", "old", "new", "fault"), SPOILED)
def test_a_spoiled_page_is_caught(check, old, new, fault):
    assert old in GOOD
    faults = RUN[check](GOOD.replace(old, new, 1))
    assert len(faults) == 1
    assert fault in faults[0]


def test_a_picture_in_a_label_that_names_it_may_be_silent():
    named, silent = '<label><img alt="" src="a.webp"><br>red tee</label>', '<label><img alt="" src="a.webp"></label>'
    assert checks.alt_faults(checks.parse(named)) == []
    assert len(checks.alt_faults(checks.parse(silent))) == 1
    assert len(checks.alt_faults(checks.parse(named.replace('alt="" ', "")))) == 1


def test_an_allowed_address_may_be_fetched_and_no_other():
    page = checks.parse('<script src="https://a.org/m.js"></script><script src="https://b.org/m.js"></script>')
    assert checks.external_faults(page, ("https://a.org/",)) == ["fetched from elsewhere: https://b.org/m.js"]


def test_a_style_sheet_that_imports_a_font_is_caught():
    assert checks.css_faults("@import 'https://e.org/f.css'; p {background: url(https://e.org/i.png)}") == [
        "fetched from elsewhere: https://e.org/f.css",
        "fetched from elsewhere: https://e.org/i.png",
    ]
    assert checks.css_faults("p {background: url('../i.png')} /* https://e.org */") == []


def test_a_heavy_page_is_caught(tmp_path):
    page = tmp_path / "page.html"
    page.write_bytes(b"x" * 11)
    assert checks.size_faults(page, limit=11) == []
    assert checks.size_faults(page, limit=10) == ["11 bytes, more than 10"]
