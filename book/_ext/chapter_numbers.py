"""Numbers a chapter by its file: ``notebooks/02_gan_basics`` is chapter 2 whichever other chapters exist.

Sphinx counts the pages of a numbered toctree from one. Here the first component of every section number is replaced
by the number in the page's file name, and figure-like numbers (figures, tables, equations, exercises, theorems) are
then assigned again from the new section numbers. A page whose file name holds no number is not numbered.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)

_NUMBERED_FILE = re.compile(r"(?:^|/)(\d{2})_[^/]*$")


def chapter_number(docname: str) -> int | None:
    """The number that a page's file name starts with: 2 for ``notebooks/02_gan_basics``, None without one."""
    match = _NUMBERED_FILE.search(docname)
    return int(match.group(1)) if match else None


def _renumber(env: BuildEnvironment, docname: str, chapter: int | None) -> None:
    """Put `chapter` in front of one page's section numbers, or take the numbers away for None."""

    def with_chapter(number: tuple[int, ...] | list[int] | None) -> list[int] | None:
        return [chapter, *number[1:]] if number and chapter is not None else None

    # The same numbers are kept in three places: the map that the page's headings use, the entries of the tables of
    # contents, and the page's title as other pages show it.
    numbers = env.toc_secnumbers[docname]
    env.toc_secnumbers[docname] = {anchor: tuple(with_chapter(n) or ()) for anchor, n in numbers.items()}
    for reference in env.tocs[docname].findall(nodes.reference):
        if "secnumber" in reference:
            reference["secnumber"] = with_chapter(reference["secnumber"])
    title = env.titles[docname]
    if "secnumber" in title:
        title["secnumber"] = with_chapter(title["secnumber"])


def number_chapters(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Renumber all pages after Sphinx's own numbering; return the pages that must be written again."""
    seen: dict[int, str] = {}
    for docname in list(env.toc_secnumbers):
        chapter = chapter_number(docname)
        if chapter is not None and docname != seen.setdefault(chapter, docname):
            logger.warning("%s and %s are both chapter %d", seen[chapter], docname, chapter, type="toc")
        _renumber(env, docname, chapter)
    TocTreeCollector().assign_figure_numbers(env)
    return sorted(env.toc_secnumbers)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the handler behind Sphinx's own collector, which listens with the default priority of 500."""
    app.connect("env-get-updated", number_chapters, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
