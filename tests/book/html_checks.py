"""Checks of built pages. Each takes parsed HTML and returns one line for each fault, so no line means no fault."""

import re
from pathlib import Path, PurePosixPath
from posixpath import normpath
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag

MAX_BYTES = 3 * 1024 * 1024
COLAB = "https://colab.research.google.com/github/"
_FILE_NAME = re.compile(r"\.(png|jpe?g|svg|gif|webp|pdf)$", re.IGNORECASE)
# Everything that a browser fetches by itself, with the attribute that says from where.
_FETCHED = {"script": "src", "img": "src", "source": "srcset", "iframe": "src", "video": "src", "audio": "src"}
_FETCHED_LINKS = {"stylesheet", "preload", "prefetch", "icon", "shortcut", "modulepreload", "manifest"}
_CSS_ADDRESS = re.compile(r"""(?:url\(|@import)\s*["']?((?:https?:)?//[^"')\s;]+)""")


def parse(html: str) -> BeautifulSoup:
    """Parse a page."""
    return BeautifulSoup(html, "html.parser")


def article(page: BeautifulSoup) -> Tag | None:
    """The page's own text, without what the theme puts around it; None on redirects, search and index."""
    return page.select_one("article.bd-article") or page.select_one("article")


def alt_faults(page: BeautifulSoup) -> list[str]:
    """Pictures of the text without alternative text, or with a file name in its place.

    A picture inside a label that names it in words has an empty one on purpose, or readers would hear it twice.
    """
    faults = []
    for image in (article(page) or page).find_all("img"):
        alt, where = (image.get("alt") or "").strip(), image.get("src", "an image")[:80]
        if image.get("alt") == "" and any(label.get_text(strip=True) for label in image.find_parents("label")):
            continue
        if not alt:
            faults.append(f"{where}: no alternative text")
        elif _FILE_NAME.search(alt):
            faults.append(f"{where}: its alternative text is a file name, {alt!r}")
    return faults


def heading_faults(page: BeautifulSoup) -> list[str]:
    """Headings of the text that skip a level, come before the title, or are a second title."""
    body = article(page)
    if body is None:
        return []
    headings = [(int(tag.name[1]), tag.get_text(" ", strip=True)) for tag in body.find_all(re.compile("^h[1-6]$"))]
    titles = [text for level, text in headings if level == 1]
    faults = [] if len(titles) == 1 else [f"{len(titles)} titles: {titles}"]
    for (before, _), (level, text) in zip([(0, ""), *headings], headings, strict=False):
        if level > before + 1:
            faults.append(f"heading {text!r} of level {level} follows level {before}")
    return faults


def external_faults(page: BeautifulSoup, allowed: tuple[str, ...] = ()) -> list[str]:
    """Scripts, styles, fonts, pictures and frames that a reader's browser would fetch from another server."""
    addresses = [tag.get(attribute, "") for name, attribute in _FETCHED.items() for tag in page.find_all(name)]
    addresses += [link.get("href", "") for link in page.find_all("link") if _FETCHED_LINKS & set(link.get("rel", []))]
    for style in page.find_all("style"):
        addresses += _CSS_ADDRESS.findall(style.get_text())
    addresses += [a for tag in page.find_all(style=True) for a in _CSS_ADDRESS.findall(tag["style"])]
    return [
        f"fetched from elsewhere: {address}"
        for address in addresses
        if re.match(r"(https?:)?//", address) and not address.startswith(allowed or ("\0",))
    ]


def css_faults(css: str) -> list[str]:
    """Fonts, pictures and further style sheets that a style sheet fetches from another server."""
    return [f"fetched from elsewhere: {address}" for address in _CSS_ADDRESS.findall(css)]


def anchors(page: BeautifulSoup) -> set[str]:
    """Every place in a page that a link can lead to."""
    named = page.find_all("a", attrs={"name": True})
    return {tag["id"] for tag in page.find_all(id=True)} | {tag["name"] for tag in named}


def link_faults(name: str, pages: dict[str, BeautifulSoup], files: set[str], places: dict[str, set[str]]) -> list[str]:
    """Links of the page `name` that lead to no file of the book or to no anchor.

    Args:
        name: the page's path in the book.
        pages: every page by its path.
        files: every file by its path.
        places: the `anchors` of every page by its path, gathered once because most links lead to a few pages.
    """
    faults = []
    addresses = {"a": "href", "link": "href", **_FETCHED}
    for target in {t.get(a, "") for tag, a in addresses.items() for t in pages[name].find_all(tag)} - {""}:
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            continue
        path = normpath(str(PurePosixPath(name).parent / unquote(parts.path))) if parts.path else name
        if path not in files and f"{path}/index.html" not in files:
            faults.append(f"{target}: no such file in the book")
        elif parts.fragment and path in pages and unquote(parts.fragment) not in places[path]:
            faults.append(f"{target}: no such place on that page")
    return sorted(faults)


def size_faults(path: Path, limit: int = MAX_BYTES) -> list[str]:
    """A page that is too heavy."""
    size = path.stat().st_size
    return [f"{size:,} bytes, more than {limit:,}"] if size > limit else []


def colab_faults(page: BeautifulSoup, notebook: str) -> list[str]:
    """A chapter's text without a link that opens its own notebook in Colab."""
    hrefs = [a["href"] for a in (article(page) or page).find_all("a", href=True)]
    ours = [href for href in hrefs if href.startswith(COLAB) and href.endswith(f"/notebooks/{notebook}.ipynb")]
    return [] if ours else [f"no link to {COLAB}.../notebooks/{notebook}.ipynb"]
